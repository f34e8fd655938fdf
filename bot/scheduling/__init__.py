"""Scheduling: APScheduler as the metronome; what is due is decided by rows and by the rooms."""

from bot.scheduling.metronome import Metronome
from bot.scheduling.rounds import Rounds
from bot.scheduling.site_round import SiteRound

__all__ = ["Metronome", "Rounds", "SiteRound"]
