"""Updates in: each becomes Incomings for the desk. Nothing is ever downloaded, and words are wrapped at once."""

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from importlib import import_module
from typing import Final

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatType

from bot.channels.telegram.answers import Asked, Replies
from bot.channels.telegram.asked import answered
from bot.clock import Clock
from bot.logs import log
from bot.tokens import Signer
from bot.wire import Answer, FrontDesk, Incoming, NotNowError, Show, Via
from pages import Document, Tone, note
from school.messages import ChatMessage
from school.sensitive import Sensitive
from school.words import Refusal, Text

COMMANDS: Final[Mapping[str, str]] = {
    "start": "start",
    "report": "report.start",
    **{
        name: name
        for name in ("stop", "language", "years", "news", "quiz", "ask", "agree", "events", "privacy", "faq", "whatif")
    },
    "help": "help",
}
# What somebody writes after one of these is said in its own right, so that trouble typed there is not lost.
HEARD_FIRST: Final = frozenset({"agree", "start", "report.start", "help", "unknown"})
# Up to 32 letters, digits and underscores: core.telegram.org/bots/features#commands.
_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]+)?(?=\s|$)\s*(.*)", re.DOTALL)
# core.telegram.org/bots/features#deep-linking
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Eight letters as they are printed on a family's letter, of which one is a digit: two words are no code.
_LETTER: Final = re.compile(r"(?=.*\d)[A-Za-z0-9]{4}[ -]?[A-Za-z0-9]{4}")
# How long an update is left unconfirmed for its answers' sake, s. Telegram delivers it again if this process dies
# meanwhile; after that a slow answer must not hold up other people's words.
ANSWER_SECONDS: Final = 5.0
UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member", "poll")

NOT_KEPT: Final = Text(
    "Sorry, something went wrong on our side and we could not keep what you sent. "
    "Please send it again later, or tell an adult you trust.",
)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Translates for one school."""

    school: str
    signer: Signer = field(repr=False)

    def translate(self, update: Update, *, on: date) -> list[Incoming]:
        """What somebody did, in order; empty where it is nothing to us. Raises ForgedTokenError or OldTokenError."""
        if update.callback_query:
            return self._tapped(update, update.callback_query, on=on)
        if update.my_chat_member:
            return self._member(update, update.my_chat_member)
        if update.poll:
            return answered(update.poll, school=self.school, update_id=update.update_id)
        message = update.message or update.edited_message
        if message is None:
            return []
        if message.migrate_to_chat_id or message.migrate_from_chat_id:
            return self._moved(update, message)
        if message.chat.type != ChatType.PRIVATE or (message.from_user and message.from_user.is_bot):
            return []
        if message.text is not None:
            return self._typed(update, message, message.text)
        return self._media(update, message)

    def _incoming(  # what an Incoming is made of
        self,
        update: Update,
        chat: Chat,
        user: User | None,
        verb: str,
        *,
        semantic: str,
        part: str = "",
        args: Mapping[str, str] | None = None,
        words: str = "",
        message: ChatMessage | None = None,
    ) -> Incoming:
        return Incoming(
            school=self.school,
            via=Via.TELEGRAM,
            sender=str(chat.id),
            verb=verb,
            args=args or {},
            words={"words": Sensitive(words)} if words else {},
            called=_called(user),
            transport_id=f"{update.update_id}{part}",
            semantic_id=f"{semantic}{part}",
            place=str(chat.id),
            lang=language_of(user),
            correlation=f"tg{update.update_id}",
            message=message,
        )

    def _said(self, update: Update, message: Message, verb: str, *, words: str = "", part: str = "") -> Incoming:
        return self._incoming(
            update,
            message.chat,
            message.from_user,
            verb,
            semantic=_semantic(message),
            part=part,
            words=words,
            message=_numbered(message),
        )

    def _typed(self, update: Update, message: Message, text: str) -> list[Incoming]:
        command = _COMMAND.match(text)
        if command is None:
            return [self._said(update, message, "words", words=text)]
        name, rest = command[1].lower(), command[2].strip()
        verb = COMMANDS.get(name, "unknown")
        code = rest if _is_code(verb, rest) else ""
        args = {"start": {"code": code}, "agree": {"code": code}, "unknown": {"typed": f"/{name}"}}.get(verb, {})
        heard: list[Incoming] = []
        if rest and not code and verb in HEARD_FIRST:
            heard, rest = [self._said(update, message, "words", words=rest, part=":words")], ""
        asked = self._incoming(
            update,
            message.chat,
            message.from_user,
            verb,
            semantic=_semantic(message),
            args=args,
            words="" if code else rest,
            message=_numbered(message) if verb == "ask" else None,
        )
        return [*heard, asked]

    def _media(self, update: Update, message: Message) -> list[Incoming]:
        heard = []
        if message.caption:
            heard.append(self._said(update, message, "words", words=message.caption, part=":caption"))
        if update.edited_message or _housekeeping(update):
            return heard
        # An album comes as several updates: one answer is enough.
        album = message.media_group_id
        refused = self._incoming(
            update,
            message.chat,
            message.from_user,
            "media",
            semantic=f"{message.chat.id}:album:{album}" if album else _semantic(message),
        )
        return [*heard, refused]

    def _moved(self, update: Update, message: Message) -> list[Incoming]:
        old = message.migrate_from_chat_id or message.chat.id
        new = message.migrate_to_chat_id or message.chat.id
        args = {"old": str(old), "new": str(new)}
        return [
            self._incoming(update, message.chat, message.from_user, "moved", semantic=f"moved:{old}:{new}", args=args)
        ]

    def _member(self, update: Update, change: ChatMemberUpdated) -> list[Incoming]:
        verb = {"kicked": "blocked", "member": "unblocked"}.get(change.new_chat_member.status)
        if change.chat.type != ChatType.PRIVATE or verb is None:
            return []
        semantic = f"{change.chat.id}:{verb}:{int(change.date.timestamp())}"
        return [self._incoming(update, change.chat, change.from_user, verb, semantic=semantic)]

    def _tapped(self, update: Update, query: CallbackQuery, *, on: date) -> list[Incoming]:
        if query.message is None or query.data is None or query.message.chat.type != ChatType.PRIVATE:
            return []
        verb, args = self.signer.read_button(query.data, on=on)
        chat, user = query.message.chat, query.from_user
        return [self._incoming(update, chat, user, verb, semantic=f"cb:{query.id}", args=args)]


def _is_code(verb: str, rest: str) -> bool:
    """What follows `/start` is one, and what follows `/agree` where it could be on a letter; anything else is words."""
    if verb == "agree":
        return _LETTER.fullmatch(rest) is not None
    return verb == "start" and (_CODE.fullmatch(rest) is not None or _LETTER.fullmatch(rest) is not None)


def _called(user: User | None) -> Sensitive | None:
    """The name of an account and its handle, as its owner chose them."""
    if user is None:
        return None
    return Sensitive(f"{user.full_name} (@{user.username})" if user.username else user.full_name)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of an update. `done`: it need not come again. `sending`: the answers that are on their way."""

    done: bool
    sending: tuple[asyncio.Task[bool], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Handlers:
    """Takes one update through the desk. Both polling and the webhook stand on this."""

    reader: Reader
    desk: FrontDesk
    clock: Clock
    replies: Replies

    async def handle(self, update: Update) -> Taken:
        """Done once everything in the update is committed, refused or parked."""
        try:
            asked = _asked(update)
            try:
                incomings = self.reader.translate(update, on=self.clock.now().date())
            except Refusal as refusal:
                self.replies.acknowledge(asked, refusal.text)
                return Taken(done=True)
        except Exception as error:  # noqa: BLE001 - an update nobody foresaw must not hold up the others for ever
            log("telegram.untranslatable", level=logging.ERROR, school=self.reader.school, via="telegram", error=error)
            return Taken(done=True)
        sending: list[asyncio.Task[bool]] = []
        toast: tuple[Answer, Incoming] | None = None
        for incoming in incomings:
            answer = await self._ask(incoming)
            if answer is None:
                return Taken(done=False, sending=tuple(sending))
            if answer.show is Show.TOAST and asked.callback:
                toast = (answer, incoming)
            elif answer.show is not Show.SILENT:
                unheard = incoming.verb in {"blocked", "moved"}
                sending += self._watched(None if unheard else self.replies.give(answer, asked), incoming)
        acknowledging = self.replies.acknowledge(asked, toast[0] if toast else None)
        if toast:
            sending += self._watched(acknowledging, toast[1])
        return Taken(done=True, sending=tuple(sending))

    def _watched(self, sending: asyncio.Task[bool] | None, incoming: Incoming) -> list[asyncio.Task[bool]]:
        """The desk is told when the answer has gone out, or has nowhere to go."""
        if sending is None:
            self.desk.answered(incoming)
            return []
        sending.add_done_callback(partial(self._say_answered, incoming))
        return [sending]

    def _say_answered(self, incoming: Incoming, sending: asyncio.Task[bool]) -> None:
        if not sending.cancelled():
            self.desk.answered(incoming, sent=sending.exception() is None and sending.result())

    async def _ask(self, incoming: Incoming) -> Answer | None:
        """The desk's answer; an apology once it has given up; None where it should be tried again."""
        try:
            return await self.desk.ask(incoming)
        except NotNowError as error:
            self._note(incoming, "telegram.not_now", error)
            return None
        except Exception as error:  # noqa: BLE001 - whatever it was, it was undone; the desk counts it
            self._note(incoming, "telegram.failed", error)
        try:
            parked = await self.desk.give_up(incoming)
        except Exception as error:  # noqa: BLE001 - the database may be what is wrong
            self._note(incoming, "telegram.not_counted", error)
            return None
        if not parked:
            return None
        self._note(incoming, "telegram.parked", None)
        return Answer(document=Document(Text("Sorry"), (note(NOT_KEPT, Tone.URGENT),)), lang=incoming.lang)

    def _note(self, incoming: Incoming, event: str, error: Exception | None) -> None:
        log(
            event,
            level=logging.ERROR,
            correlation=incoming.correlation,
            school=incoming.school,
            via=incoming.via,
            verb=incoming.verb,
            error=error,
        )


def language_of(user: User | None) -> str:
    """The primary tag of a user's language (core.telegram.org/bots/api#user, language_code), or English."""
    told = user.language_code if user else None
    # The library passes on whatever was posted.
    return told.partition("-")[0].lower() if told and isinstance(told, str) else "en"


def _housekeeping(update: Update) -> bool:
    """Whether it only says what became of the chat: somebody came, a title changed."""
    # Imported on the first such message: the library's half for frameworks would keep every start waiting.
    return bool(import_module("telegram.ext.filters").StatusUpdate.ALL.check_update(update))


def _semantic(message: Message) -> str:
    edited = f":{int(message.edit_date.timestamp())}" if message.edit_date else ""
    return f"{message.chat.id}:{message.message_id}{edited}"


def _numbered(message: Message) -> ChatMessage | None:
    """Its number and times without its chat. The library passes on whatever was posted: what is no number is none."""
    try:
        return ChatMessage(number=str(message.message_id), at=message.date, edited=message.edit_date)
    except ValueError:
        return None


def _asked(update: Update) -> Asked:
    query, message = update.callback_query, update.message or update.edited_message
    if query is not None:
        tapped = query.message
        return Asked(
            chat=tapped.chat.id if tapped else None,
            lang=language_of(query.from_user),
            tapped=tapped.message_id if tapped else None,
            callback=query.id,
        )
    if message is not None:
        return Asked(chat=message.chat.id, lang=language_of(message.from_user), said=message.message_id)
    member = update.my_chat_member
    return Asked(chat=member.chat.id if member else None, lang=language_of(member.from_user if member else None))
