"""Scheduling: APScheduler as the metronome; what is due is decided by rows and by the rooms."""

from bot.scheduling.metronome import Metronome
from bot.scheduling.rounds import Rounds

__all__ = ["Metronome", "Rounds"]
