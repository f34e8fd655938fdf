"""What a person can do in the app; each act leaves the update that Telegram would send, and answers its id.

An act answers None where the bot has not allowed that kind of update, or would not see it in a group.
"""

import re
from typing import Any

from bot.playground.telegram.entities import parse
from bot.playground.telegram.model import Bot, CallbackQuery, Chat, Json, Message, Person, StoredFile, unix
from bot.playground.telegram.state import State

START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""https://core.telegram.org/bots/features#deep-linking."""


class CannotActError(ValueError):
    """The app would not let a person do that."""


class Acts(State):
    """The state, and what people do to it. `user` is a user id; `bot` a bot's id, by default the first bot."""

    def say(self, user: int, text: str, *, chat: int | None = None, bot: int | None = None) -> int | None:
        """Type a text, in the private chat or in the group with the id `chat`; in groups bots see commands alone."""
        words, entities = parse(text, None)
        if not words:
            raise CannotActError("There is nothing to send.")
        here, room, person = self._where(user, chat, bot)
        message = self.post(here, room, person.json(), text=words, entities=entities, sent_as=text)
        if room.type == "private":
            self._open(here, room, person)
        elif not _reaches(here, message):
            return None
        return here.updates.add("message", message.json(room), room.id)

    def start(self, user: int, payload: str = "", *, bot: int | None = None) -> int | None:
        """Open `t.me/<bot>?start=<payload>` and press START; unblocks the bot, as the app does.

        Raises:
            CannotActError: the payload is not 1-64 characters of A-Z, a-z, 0-9, _ and -.
        """
        if payload and not START_PARAMETER.fullmatch(payload):
            raise CannotActError("A start parameter is 1-64 characters of A-Z, a-z, 0-9, _ and -.")
        here, room, _ = self._where(user, None, bot)
        if room.blocked:
            self.unblock(user, bot=here.id)
        return self.say(user, f"/start {payload}".strip(), bot=here.id)

    def tap(
        self,
        user: int,
        message_id: int,
        button: str | int | None = None,
        *,
        chat: int | None = None,
        bot: int | None = None,
    ) -> int | None:
        """Tap a button under a message, named by its callback data or counted from 0 across the rows.

        Raises:
            CannotActError: there is no such message or button, or it only opens a link.
        """
        here, room, person = self._where(user, chat, bot)
        message = self._message(room, message_id)
        buttons = [each for row in message.inline_keyboard for each in row]
        if isinstance(button, str):
            buttons = [each for each in buttons if each.get("callback_data") == button]
        place = button if isinstance(button, int) else 0
        if not 0 <= place < len(buttons) or "callback_data" not in buttons[place]:
            raise CannotActError(f"Message {message_id} has no such button: {button!r}.")
        query = CallbackQuery(str(self.number()), person.id, message_id, self.clock())
        here.callbacks[query.id] = query
        self.changed()
        body = {
            "id": query.id,
            "from": person.json(),
            "message": message.json(room),
            "chat_instance": str(room.id),
            "data": buttons[place]["callback_data"],
        }
        return here.updates.add("callback_query", body, room.id)

    def send_photo(self, user: int, caption: str = "", *, bot: int | None = None) -> int | None:
        """Send a photo, of which there is a file id alone and no content."""
        small, large = self._file("photo.jpg", "image/jpeg"), self._file("photo.jpg", "image/jpeg")
        sizes = [
            {**small, "width": 90, "height": 60, "file_size": 1_200},
            {**large, "width": 1280, "height": 853, "file_size": 90_000},
        ]
        return self._send_medium(user, "photo", {"photo": sizes}, caption, bot)

    def send_voice(self, user: int, *, duration_seconds: int = 3, bot: int | None = None) -> int | None:
        """Send a voice message."""
        voice = {
            **self._file("voice.ogg", "audio/ogg"),
            "duration": duration_seconds,
            "mime_type": "audio/ogg",
            "file_size": 9_000,
        }
        return self._send_medium(user, "voice", {"voice": voice}, "", bot)

    def send_document(
        self, user: int, file_name: str = "letter.pdf", caption: str = "", *, bot: int | None = None
    ) -> int | None:
        """Send a file."""
        document = {**self._file(file_name, "application/pdf"), "file_name": file_name, "file_size": 20_000}
        return self._send_medium(user, "document", {"document": document}, caption, bot)

    def send_sticker(self, user: int, emoji: str = "\N{LOLLIPOP}", *, bot: int | None = None) -> int | None:
        """Send a sticker."""
        sticker: Json = {
            **self._file("sticker.webp", "image/webp"),
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
        }
        return self._send_medium(user, "sticker", {"sticker": sticker}, "", bot)

    def edit(
        self, user: int, message_id: int, text: str, *, chat: int | None = None, bot: int | None = None
    ) -> int | None:
        """Change the words of a message of one's own.

        Raises:
            CannotActError: the message is not there or somebody else's.
        """
        here, room, person = self._where(user, chat, bot)
        message = self._message(room, message_id)
        if message.sender["id"] != person.id:
            raise CannotActError("Nobody can edit another's message.")
        message.text, message.entities = parse(text, None)
        message.sent_as, message.edited = text, self.clock()
        self.changed()
        if room.type != "private" and not _reaches(here, message):
            return None
        return here.updates.add("edited_message", message.json(room), room.id)

    def vote(
        self, user: int, message_id: int, options: list[int], *, chat: int | None = None, bot: int | None = None
    ) -> int | None:
        """Vote in a poll or quiz; only one that is not anonymous tells the bot who voted (`poll_answer`).

        Raises:
            CannotActError: no open poll, no such option, or an answer to a quiz that was given already: it stands
                (https://core.telegram.org/bots/api#poll, allows_revoting).
        """
        here, room, person = self._where(user, chat, bot)
        message = self._message(room, message_id)
        poll = message.medium.get("poll")
        if message.kind != "poll" or not poll or poll["is_closed"]:
            raise CannotActError("There is no open poll.")
        if not all(0 <= option < len(poll["options"]) for option in options):
            raise CannotActError("There is no such option.")
        if user in message.voted and not poll["allows_revoting"]:
            raise CannotActError("This was answered already.")
        for option in message.voted.get(user, ()):
            poll["options"][option]["voter_count"] -= 1
        for option in options:
            poll["options"][option]["voter_count"] += 1
        poll["total_voter_count"] += user not in message.voted
        message.voted[user] = tuple(options)
        self.changed()
        if poll["is_anonymous"]:
            return here.updates.add("poll", poll, room.id)
        body = {
            "poll_id": poll["id"],
            "user": person.json(),
            "option_ids": options,
            "option_persistent_ids": [poll["options"][option]["persistent_id"] for option in options],
        }
        return here.updates.add("poll_answer", body, room.id)

    def block(self, user: int, *, bot: int | None = None) -> int | None:
        """Block the bot: sends are 403 from now on."""
        here, room, person = self._where(user, None, bot)
        room.blocked = True
        return self._membership(here, room, person, "member", "kicked")

    def unblock(self, user: int, *, bot: int | None = None) -> int | None:
        """Take the block back."""
        here, room, person = self._where(user, None, bot)
        room.blocked, room.started = False, True
        return self._membership(here, room, person, "kicked", "member")

    def deactivate(self, user: int) -> None:
        """Delete the account: sends are 403, and no update says so."""
        self.people[user].deactivated = True
        self.changed()

    def remove_bot(self, user: int, chat: int, *, bot: int | None = None) -> int | None:
        """Throw the bot out of a group."""
        here, room, person = self._where(user, chat, bot)
        room.bot_removed = True
        return self._membership(here, room, person, "member", "kicked")

    def migrate_group(self, chat: int, *, bot: int | None = None) -> int:
        """Upgrade a group to a supergroup and answer the new id; sends to the old one are 400 with that id."""
        here = self.bot(bot)
        old = here.chats[chat]
        new = Chat(self.group_id(supergroup=True), "supergroup", old.title, members=old.members, started=True)
        here.chats[new.id] = new
        sender = here.json()
        leaving = self.post(here, old, sender, extra={"migrate_to_chat_id": new.id}, kind="service")
        arriving = self.post(here, new, sender, extra={"migrate_from_chat_id": old.id}, kind="service")
        old.migrated_to = new.id
        here.updates.add("message", leaving.json(old), old.id)
        here.updates.add("message", arriving.json(new), new.id)
        self.changed()
        return new.id

    def redeliver(self, update_id: int, *, bot: int | None = None) -> None:
        """Let an update come a second time, with the same id.

        Raises:
            KeyError: there never was such an update.
        """
        self.bot(bot).updates.redeliver(update_id)
        self.changed()

    def _where(self, user: int, chat: int | None, bot: int | None) -> tuple[Bot, Chat, Person]:
        here, person = self.bot(bot), self.people[user]
        if person.deactivated:
            raise CannotActError("This account is gone.")
        if chat is None or chat == user:
            return here, self.private_chat(here, person), person
        room = here.chats[chat]
        if user not in room.members:
            raise CannotActError("Only a member can act in a group.")
        return here, room, person

    def _open(self, bot: Bot, room: Chat, person: Person) -> None:
        """Writing to a bot starts it, and takes a block back as the app does."""
        if room.blocked:
            self.unblock(person.id, bot=bot.id)
        room.started = True

    @staticmethod
    def _message(room: Chat, message_id: int) -> Message:
        message = room.messages.get(message_id)
        if message is None or message.deleted:
            raise CannotActError(f"There is no message {message_id}.")
        return message

    def _file(self, name: str, mime_type: str) -> Json:
        file_id = f"standin-file-{self.number()}"
        self.files[file_id] = StoredFile(file_id, name, mime_type, b"")
        return {"file_id": file_id, "file_unique_id": f"u-{file_id}"}

    def _send_medium(self, user: int, kind: str, medium: dict[str, Any], caption: str, bot: int | None) -> int | None:
        here, room, person = self._where(user, None, bot)
        words, entities = parse(caption, None)
        self._open(here, room, person)
        parts: Json = {"kind": kind, "medium": medium, "text": words, "entities": entities, "sent_as": caption}
        message = self.post(here, room, person.json(), **parts)
        return here.updates.add("message", message.json(room), room.id)

    def _membership(self, bot: Bot, room: Chat, person: Person, was: str, now: str) -> int | None:
        self.changed()
        body = {
            "chat": room.json(),
            "from": person.json(),
            "date": unix(self.clock()),
            "old_chat_member": _member(bot, was),
            "new_chat_member": _member(bot, now),
        }
        return bot.updates.add("my_chat_member", body, room.id)


def _member(bot: Bot, status: str) -> Json:
    """https://core.telegram.org/bots/api#chatmember."""
    return {"user": bot.json(), "status": status} | ({"until_date": 0} if status == "kicked" else {})


def _reaches(bot: Bot, message: Message) -> bool:
    """Privacy mode (https://core.telegram.org/bots/features#privacy-mode): commands, but not another bot's."""
    command = message.text.split(maxsplit=1)[0] if message.text.startswith("/") else ""
    _, _, addressed = command.partition("@")
    return bool(command) and (not addressed or addressed.lower() == bot.username.lower())
