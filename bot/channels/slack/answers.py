"""Shows an Answer to whoever just acted, and to nobody else: a view, an ephemeral message, or a direct message."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.channels.slack.inline import JSON, plain, runs
from bot.channels.slack.languages import ENGLISH
from bot.channels.slack.quiet import library_logger, log_failure
from bot.channels.slack.reading import Spot
from bot.channels.slack.render import Message, Mint, messages
from bot.channels.slack.send import error_of, wait_asked
from bot.channels.slack.views import home, modal
from bot.languages import translator
from bot.wire import Answer, Pace, Show
from pages.document import Document, Note, Paragraph, Tone, note
from school.words import Text

Pause = Callable[[float], Awaitable[None]]
Call = Callable[[], Awaitable[AsyncSlackResponse]]
TRIES = 3
FORMS_OPEN = 500  # a whole staff room at once; of the one opened longest ago the buttons stay
LONGEST_WAIT = 30.0  # seconds; a wish for more is not worth holding an answer for

TITLE = Text("Lollipop")
TOO_SLOW = Text("That took too long to open. Please try again.")
NOT_SHOWN = Text("What you did was kept, but we couldn't show you the answer. Please try again in a minute.")
WENT_WRONG = Text("Something went wrong on our side and nothing was saved; please try again.")
WENT_WRONG_URGENT = Text(
    "Something went wrong on our side and nothing was saved; please try again. "
    "You can talk to Childline at any time: 0800 1111. If anyone is in danger now, call 999."
)
# docs.slack.dev/reference/methods/views.open, errors
_TRIGGER_GONE = frozenset(
    {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged"}
)


def says(words: Text) -> Answer:
    """An answer of one calm sentence."""
    return Answer(document=Document(TITLE, (note(words, Tone.CALM),)))


def refuses(words: Text) -> Answer:
    """An answer of one sentence to what was not done."""
    return Answer(document=Document(TITLE, (note(words, Tone.URGENT),)), refused=True)


def sorry(verb: str) -> Answer:
    """What is said when the desk has failed; with help lines where somebody may have been telling of harm."""
    urgent = verb in {"words", "media", "ask", "ask.send"} or verb.startswith(("report.", "draft."))
    return refuses(WENT_WRONG_URGENT if urgent else WENT_WRONG)


def is_view(answer: Answer) -> bool:
    """Whether showing it may need a trigger that lives three seconds."""
    return answer.show is Show.FORM and answer.form is not None


class Answers:
    """Draws and shows answers. Nothing anticipated is raised: what cannot be shown is said in a sentence, or logged."""

    def __init__(
        self,
        client: AsyncWebClient,
        mint: Mint,
        lang_of: Callable[[str], str],
        keys: Callable[[str], tuple[str, ...]],
        pace: Pace,
        pause: Pause = asyncio.sleep,
        web_form: str = "",
    ) -> None:
        """`keys` are those of every limit on messages to an address: a person's or a channel's.

        `web_form` is the address of the form on the web, where there is one.
        """
        self._client = client
        self._mint = mint
        self._lang_of = lang_of
        self._keys = keys
        self._pace = pace
        self._pause = pause
        self._web_form = web_form
        self._below: OrderedDict[str, Spot] = OrderedDict()

    def for_ack(self, answer: Answer, spot: Spot) -> dict[str, Any]:
        """What travels in the acknowledgement of a form. A refusal leaves the form and its words as they are.

        Source: docs.slack.dev/surfaces/modals#updating_views, response_action.
        """
        view: JSON | None
        try:
            if answer.show is Show.SILENT:
                return {}
            if answer.show is Show.HOME:
                return {"response_action": "clear"}
            answer = self._theirs(answer, spot)
            if spot.last_input and (refused := _refusal(answer)) is not None:
                return {"response_action": "errors", "errors": {spot.last_input: refused}}
            view = self._modal(answer)
        except Exception as error:  # noqa: BLE001 - the desk has committed: an acknowledgement must still say so
            log_failure("an answer could not be drawn", error)
            view = self._modal(self._theirs(says(NOT_SHOWN), spot))
        return {"response_action": "update", "view": view} if view else {}

    async def show(self, answer: Answer, spot: Spot) -> bool:
        """Show it where it belongs; where that fails, say so once, calmly. False where nothing at all was shown."""
        try:
            await self._show(self._theirs(answer, spot), spot)
        except Exception as error:  # noqa: BLE001 - nobody stands behind this task; the person is told instead
            log_failure("an answer was not shown", error)
            gone = isinstance(error, SlackApiError) and error_of(error) in _TRIGGER_GONE
            return await self._tell(TOO_SLOW if gone else NOT_SHOWN, spot)
        return True

    def _theirs(self, answer: Answer, spot: Spot) -> Answer:
        """In the person's own language where the desk chose none: nobody but them sees it."""
        return replace(answer, lang=self._lang_of(spot.user)) if answer.lang in {"", ENGLISH} else answer

    async def take_buttons(self, answer: Answer, spot: Spot) -> None:
        """Off the message that was tapped, or that the form was opened from. What cannot be changed stays as it is."""
        below = self._below.pop(spot.view, None) if spot.view else (spot if answer.show is not Show.REPLACE else None)
        if below is None or not below.message:
            return
        try:
            if below.was:
                await self._without_buttons(below)
            elif below.ephemeral:
                await self._in_its_place(self._theirs(answer, spot), below)
        except Exception as error:  # noqa: BLE001 - the answer is shown; an old button only says that it is done
            log_failure("buttons stayed on a message", error)

    async def _without_buttons(self, below: Spot) -> None:
        kept = [block for block in below.was.get("blocks", ()) if block.get("type") != "actions"]
        words: dict[str, Any] = {"text": str(below.was.get("text") or ""), "blocks": kept}
        await self._call(lambda: self._client.chat_update(channel=below.channel, ts=below.message, **words))

    async def _in_its_place(self, answer: Answer, below: Spot) -> None:
        """Slack does not tell what an ephemeral message said, so the answer stands there instead."""
        drawn = self._drawn(answer)
        if drawn and below.response_url:
            await self._respond({"text": drawn[0].text, "blocks": drawn[0].blocks}, below, replace=True)

    async def _tell(self, words: Text, spot: Spot) -> bool:
        try:
            await self._messages(self._theirs(says(words), spot), spot)
        except Exception as error:  # noqa: BLE001 - the last resort has failed; only a log is left
            log_failure("a person could not be told", error)
            return False
        return True

    async def _show(self, answer: Answer, spot: Spot) -> None:
        translate = translator(answer.lang)
        if answer.show is Show.SILENT:
            return
        if answer.show is Show.HOME and answer.document is not None:
            tab = home(answer.document, answer.choices, cards=answer.cards, translate=translate, mint=self._mint)
            await self._call(lambda: self._client.views_publish(user_id=spot.user, view=tab))
            return
        in_a_view = bool(spot.view) and not spot.home
        if in_a_view or is_view(answer) or spot.home or not (spot.channel or spot.response_url or not spot.trigger_id):
            view = self._modal(answer)
            if view and await self._in_view(view, spot, optional=not is_view(answer)):
                return
        await self._messages(answer, spot)

    async def _in_view(self, view: JSON, spot: Spot, *, optional: bool) -> bool:
        """Open or change a view; False where that failed and a message will do as well."""
        try:
            if spot.view and not spot.home:
                await self._call(lambda: self._client.views_update(view_id=spot.view, view=view))
            else:
                opened = await self._call(lambda: self._client.views_open(trigger_id=spot.trigger_id, view=view))
                self._remember(opened, spot)
        except SlackApiError as error:
            if not optional:
                raise
            log_failure("a view was not shown", error)
            return False
        return True

    def _remember(self, opened: AsyncSlackResponse, spot: Spot) -> None:
        """Which message a form was opened from: no submission says so."""
        if spot.message:
            self._below[str(opened["view"]["id"])] = spot
        while len(self._below) > FORMS_OPEN:
            self._below.popitem(last=False)

    def _modal(self, answer: Answer) -> JSON | None:
        shown = answer.form if answer.form is not None else answer.document
        if shown is None:
            return None
        translate = translator(answer.lang)
        return modal(shown, answer.choices, translate=translate, mint=self._mint, web_form=self._web_form)

    def _drawn(self, answer: Answer) -> tuple[Message, ...]:
        translate = translator(answer.lang)
        return messages(
            answer.document, answer.choices, translate=translate, mint=self._mint, both_ends=answer.both_ends
        )

    async def _messages(self, answer: Answer, spot: Spot) -> None:
        drawn = self._drawn(answer)
        replace = answer.show is Show.REPLACE and bool(spot.message) and spot.alone
        for message in drawn:
            await self._message(message, spot, replace=replace, toast=answer.show is Show.TOAST)
            replace = False  # only the first takes the place of what was there

    async def _message(self, message: Message, spot: Spot, *, replace: bool, toast: bool) -> None:
        words: dict[str, Any] = {"text": message.text, "blocks": message.blocks}
        lasting = spot.channel.startswith("D") and not spot.ephemeral and (spot.message or not spot.response_url)
        if lasting and replace:
            await self._call(lambda: self._client.chat_update(channel=spot.channel, ts=spot.message, **words))
        elif lasting and not toast:
            # A direct message counts as one to its person: that is the address which notices are sent to.
            await self._speak(spot.user, lambda: self._client.chat_postMessage(channel=spot.channel, **words))
        elif spot.response_url and await self._respond(words, spot, replace=replace):
            return
        else:
            await self._ephemeral(words, spot)

    async def _ephemeral(self, words: dict[str, Any], spot: Spot) -> None:
        """Only they see it; or a direct message where the bot may not speak in that channel."""
        if spot.channel:
            try:
                here = spot.user if spot.channel.startswith("D") else spot.channel
                await self._speak(
                    here,
                    lambda: self._client.chat_postEphemeral(channel=spot.channel, user=spot.user, **words),
                )
            except SlackApiError as error:
                log_failure("an ephemeral message was not taken", error)
            else:
                return
        await self._speak(spot.user, lambda: self._client.chat_postMessage(channel=spot.user, **words))

    async def _respond(self, words: dict[str, Any], spot: Spot, *, replace: bool) -> bool:
        """Through the response address: five uses in 30 minutes, and no error raised when it refuses.

        Source: docs.slack.dev/interactivity/handling-user-interaction#message_responses.
        """
        body = {**words, "replace_original": replace, "response_type": "ephemeral"}
        webhook = AsyncWebhookClient(
            spot.response_url,
            session=self._client.session,
            logger=library_logger(),
            retry_handlers=[],
        )
        webhook.proxy = self._client.proxy
        for _ in range(TRIES):
            answer = await webhook.send_dict(body)
            if answer.status_code != 429:
                return answer.status_code == 200
            await self._pause(min(wait_asked(answer.headers), LONGEST_WAIT))
        return False

    async def _speak(self, address: str, call: Call) -> None:
        """Send a message in its turn; what Slack says to wait holds for everything that goes to this address."""
        keys = self._keys(address)

        async def in_turn() -> AsyncSlackResponse:
            await self._pace.turn(keys)
            try:
                return await call()
            except SlackApiError as error:
                if error.response.status_code == 429:
                    await self._pace.told_to_wait(keys, timedelta(seconds=wait_asked(error.response.headers)))
                raise

        await self._call(in_turn)

    async def _call(self, call: Call) -> AsyncSlackResponse:
        """Call, and wait as long as Slack asks where it says 429."""
        for left in reversed(range(TRIES)):
            try:
                return await call()
            except SlackApiError as error:
                if error.response.status_code != 429 or not left:
                    raise
                await self._pause(min(wait_asked(error.response.headers), LONGEST_WAIT))
        raise AssertionError  # the last try has returned or raised


def _refusal(answer: Answer) -> str | None:
    """The words of a refusal, to stand beneath a field of the form that was sent."""
    if not answer.refused or answer.document is None:
        return None
    said = [block.inline for block in answer.document.blocks if isinstance(block, Note | Paragraph)]
    return "\n".join(plain(runs(inline, translator(answer.lang))) for inline in said) or None
