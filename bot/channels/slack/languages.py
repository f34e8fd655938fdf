"""Which language somebody reads Slack in: known at once or English for now, and learnt behind their back for next time.

No payload carries a locale. `users.info` does, on request, and takes its time: a `trigger_id` lives three seconds.
Source: docs.slack.dev/reference/methods/users.info, `include_locale`; docs.slack.dev/reference/objects/user-object.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.quiet import log_failure
from bot.channels.slack.tasks import Tasks
from bot.clock import Clock
from bot.languages import spoken

ENGLISH = "en"
GOOD_FOR = timedelta(hours=1)
AFTER_A_FAILURE = timedelta(minutes=5)
PEOPLE = 5000  # a large school; the one who was asked about longest ago goes first
AT_ONCE = 10  # of Slack's 100 a minute and more (tier 4)


@dataclass(frozen=True)
class _Known:
    lang: str
    until: datetime


class Languages:
    """What is known of each person, for a while."""

    def __init__(self, client: AsyncWebClient, tasks: Tasks, clock: Clock, *, people: int = PEOPLE) -> None:
        self._client = client
        self._tasks = tasks
        self._clock = clock
        self._people = people
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asking: set[str] = set()

    def of(self, user: str) -> str:
        """A language that we have words in. Never waits; what is missing or old is looked up in the background."""
        known = self._known.get(user)
        stale = known is None or known.until <= self._clock.now()
        if user and stale and user not in self._asking and len(self._asking) < AT_ONCE:
            self._asking.add(user)
            self._tasks.start(self._learn(user))
        return known.lang if known else ENGLISH

    async def _learn(self, user: str) -> None:
        try:
            told = await self._client.users_info(user=user, include_locale=True)
            self._keep(user, spoken(str(told["user"].get("locale") or "")), GOOD_FOR)
        except Exception as error:  # noqa: BLE001 - nobody waits for it, and English is always there
            log_failure("a language was not learnt", error)
            before = self._known.get(user)
            self._keep(user, before.lang if before else ENGLISH, AFTER_A_FAILURE)
        finally:
            self._asking.discard(user)

    def _keep(self, user: str, lang: str, lifetime: timedelta) -> None:
        self._known[user] = _Known(lang, self._clock.now() + lifetime)
        self._known.move_to_end(user)
        while len(self._known) > self._people:
            self._known.popitem(last=False)
