"""The web: report form, safeguarding inbox, presenter view, news. Front door: `from bot.web import create_web`."""

from bot.web.app import create_web
from bot.web.fragment import fragment_of
from bot.web.machine import Metrics
from bot.web.reading import preview
from bot.web.standalone import page_file

__all__ = ["Metrics", "create_web", "fragment_of", "page_file", "preview"]
