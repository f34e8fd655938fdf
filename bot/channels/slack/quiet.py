"""What may be logged of Slack: where something happened and of what kind, never what it was about.

The libraries log whole requests and answers at DEBUG, bodies at INFO where a signature is wrong, and bodies at
WARNING where nobody listens. A child's words are in those.
"""

import logging

from bot.logs import log
from bot.wire import Incoming, Via


class _WhereOnly(logging.Filter):
    """Keeps of a library's record only where it was made and the class of the error."""

    def filter(self, record: logging.LogRecord) -> bool:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "nothing raised"
        record.msg = "Slack's library at %s.%s, line %d: %s"
        record.args = (record.module, record.funcName, record.lineno, kind)
        record.exc_info = record.exc_text = record.stack_info = None
        return True


_WHERE_ONLY = _WhereOnly()


def library_logger() -> logging.Logger:
    """The logger to hand to slack_sdk and slack_bolt; a level of its own, whatever the root's is."""
    logger = logging.getLogger("lollipop.slack.library")
    logger.setLevel(logging.WARNING)
    logger.addFilter(_WHERE_ONLY)
    return logger


def log_failure(what: str, error: BaseException, incoming: Incoming | None = None) -> None:
    """A failure of ours: what, its class and its places. Never its message, which may quote somebody."""
    log(
        "slack.failed",
        level=logging.WARNING,
        via=Via.SLACK,
        outcome=what,
        error=error,
        school=incoming.school if incoming else "",
        verb=incoming.verb if incoming else "",
        correlation=incoming.correlation if incoming else "",
    )
