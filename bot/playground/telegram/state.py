"""The world's state and the few ways of changing it that acts and API methods share."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.playground.news import News
from bot.playground.telegram.errors import bad, forbidden
from bot.playground.telegram.faults import Faults, FloodLimiter
from bot.playground.telegram.model import Bot, CallRecord, Chat, Json, Message, Person, StoredFile
from bot.playground.telegram.updates import UpdateQueue

CALLBACK_LIFE_SECONDS = 60
"""How long a tap may be answered. Telegram publishes no figure; this is our guess."""
FIRST_UPDATE_ID = 100_000_001
_TOKEN = re.compile(r"(\d+):[A-Za-z0-9_-]+")


class State(News):
    """Everything there is; every change raises `revision` and wakes who waits for it."""

    def __init__(self, clock: Callable[[], datetime], flood: FloodLimiter | None = None) -> None:
        """Begin empty.

        Args:
            clock: an aware instant; dates of messages, the 48 hours of deleting and the life of a tap follow it.
            flood: limits the sending, where one is given.
        """
        self.clock = clock
        # What the page shows beside a message: the school's clock, where that is moved about.
        self.shown_clock = clock
        self.flood = flood
        self.faults = Faults()
        self.bots: dict[int, Bot] = {}
        self.people: dict[int, Person] = {}
        self.files: dict[str, StoredFile] = {}
        self.calls: list[CallRecord] = []
        self.file_requests: list[str] = []
        super().__init__()
        self._numbers = 0
        self._groups = 0

    def go_on_from(self, number: int) -> None:
        """Count updates, messages and taps from here on: those of the world before this one are not used again."""
        self._numbers = number
        for bot in self.bots.values():
            bot.updates.next_id = FIRST_UPDATE_ID + number
            bot.next_message_id = number + 1

    def add_bot(self, token: str, username: str, name: str = "Lollipop") -> Bot:
        """Register a bot; the digits before the colon of `token` are its id.

        Raises:
            ValueError: the token has not the shape `123:letters`.
        """
        found = _TOKEN.fullmatch(token)
        if not found:
            raise ValueError("A bot's token looks like 123456:letters.")
        number = int(found.group(1))
        bot = Bot(number, token, username, name, UpdateQueue(self.clock, FIRST_UPDATE_ID))
        self.bots[number] = bot
        self.changed()
        return bot

    def add_person(self, user_id: int, first_name: str, language_code: str = "en", *, started: bool = False) -> Person:
        """Register a person. `started` opens the private chat with every bot there is, without an update."""
        person = Person(user_id, first_name, language_code)
        self.people[user_id] = person
        for bot in self.bots.values():
            self.private_chat(bot, person).started = started
        self.changed()
        return person

    def add_group(self, title: str, members: list[int], *, bot: int | None = None, supergroup: bool = False) -> Chat:
        """Make a group with a bot in it; its id is negative, as Telegram's are."""
        chat_id = self.group_id(supergroup=supergroup)
        chat = Chat(chat_id, "supergroup" if supergroup else "group", title, members=set(members), started=True)
        self.bot(bot).chats[chat_id] = chat
        self.changed()
        return chat

    def group_id(self, *, supergroup: bool) -> int:
        """A fresh id for a group."""
        self._groups += 1
        return (-1_001_000_000_000 if supergroup else -4_000_000) - self._groups

    def bot(self, bot_id: int | None = None) -> Bot:
        """The bot with this id, or the first one.

        Raises:
            KeyError: there is none.
        """
        if bot_id is not None:
            return self.bots[bot_id]
        for bot in self.bots.values():
            return bot
        raise KeyError("no bot has been added")

    def bot_with(self, token: str) -> Bot | None:
        """The bot that this token belongs to."""
        return next((bot for bot in self.bots.values() if bot.token == token), None)

    def private_chat(self, bot: Bot, person: Person) -> Chat:
        """The chat of a person with a bot, opened on first use but not started."""
        if person.id not in bot.chats:
            bot.chats[person.id] = Chat(person.id, "private", person.first_name, person=person)
        return bot.chats[person.id]

    def number(self) -> int:
        """A number that has not been used, for ids of queries, polls and files."""
        self._numbers += 1
        return self._numbers

    def known_chat(self, bot: Bot, chat_id: int | str) -> Chat:
        """The chat a bot names.

        Raises:
            ApiError: 400, if there is no such chat or the group has become a supergroup.
        """
        chat = bot.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None and isinstance(chat_id, int) and chat_id in self.people:
            chat = self.private_chat(bot, self.people[chat_id])
        if chat is None:
            raise bad("chat not found")
        if chat.migrated_to is not None:
            raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        return chat

    def open_chat(self, bot: Bot, chat_id: int | str) -> Chat:
        """The chat a bot names, if it may send there.

        Raises:
            ApiError: as `known_chat`, or 403 for a person who blocked the bot, never started it or is gone.
        """
        chat = self.known_chat(bot, chat_id)
        if chat.person and chat.person.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        if chat.bot_removed:
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        return chat

    def post(self, bot: Bot, chat: Chat, sender: Json, **parts: Any) -> Message:
        """Put a message into a chat; `parts` are fields of `Message`."""
        by_bot = sender["id"] == bot.id
        message = Message(bot.number_message(), sender, self.clock(), by_bot, shown=self.shown_clock(), **parts)
        chat.messages[message.message_id] = message
        if by_bot:
            chat.action = None
            markup = message.markup or {}
            if "keyboard" in markup:
                chat.reply_keyboard = markup
            elif markup.get("remove_keyboard"):
                chat.reply_keyboard = None
        self.changed()
        return message
