"""What one person sees on the screen, as JSON for a web page."""

from typing import Any

from bot.playground.telegram.entities import safe_html
from bot.playground.telegram.model import Bot, Chat, Json, Message, unix
from bot.playground.telegram.state import State


def snapshot(state: State, user_id: int, bot_id: int | None = None) -> dict[str, Any]:
    """The private chat of a person with a bot, and the groups the two share.

    Raises:
        KeyError: no such person or bot.
    """
    bot, person = state.bot(bot_id), state.people[user_id]
    chat = state.private_chat(bot, person)
    groups = [room for room in bot.chats.values() if user_id in room.members and room.migrated_to is None]
    return {
        "revision": state.revision,
        "person": {
            "id": person.id,
            "first_name": person.first_name,
            "language_code": person.language_code,
            "deactivated": person.deactivated,
        },
        "bot": _bot(bot, user_id, person.language_code),
        "started": chat.started,
        "blocked": chat.blocked,
        "action": chat.action,
        "messages": _messages(state, chat),
        "reply_keyboard": _reply_keyboard(chat),
        "groups": [{"id": room.id, "title": room.title, "messages": _messages(state, room)} for room in groups],
        "toasts": list(bot.toasts.get(user_id, [])),
    }


def _bot(bot: Bot, user_id: int, language: str) -> Json:
    return {
        "id": bot.id,
        "username": bot.username,
        "name": bot.name,
        "description": bot.descriptions.get(language) or bot.descriptions.get("", ""),
        "short_description": bot.short_descriptions.get(language) or bot.short_descriptions.get("", ""),
        "commands": bot.commands_for(user_id, language),
        "menu_button": bot.menu_button_for(user_id),
    }


def _messages(state: State, chat: Chat) -> list[Json]:
    shown = (message for message in chat.messages.values() if not message.deleted and message.kind != "service")
    return [_message(state, message) for message in shown]


def _message(state: State, message: Message) -> Json:
    return {
        "message_id": message.message_id,
        "from_bot": message.by_bot,
        "from_id": message.sender["id"],
        "from_name": message.sender["first_name"],
        "date": message.shown.isoformat(),
        "date_unix": unix(message.date),
        "edited": message.edited is not None,
        "kind": message.kind,
        "text": message.text,
        "html": safe_html(message.text, message.entities),
        "reply_to_message_id": message.reply_to.message_id if message.reply_to else None,
        "file": _file(state, message),
        "poll": message.medium.get("poll"),
        "voted": {str(user): list(options) for user, options in message.voted.items()},
        "inline_keyboard": _keyboard(message),
    }


def _keyboard(message: Message) -> list[list[Json]]:
    rows: list[list[Json]] = []
    index = 0
    for row in message.inline_keyboard:
        shown = []
        for button in row:
            shown.append(
                {
                    "index": index,
                    "text": button["text"],
                    "callback_data": button.get("callback_data"),
                    "url": button.get("url"),
                }
            )
            index += 1
        rows.append(shown)
    return rows


def _file(state: State, message: Message) -> Json | None:
    medium = message.medium.get(message.kind)
    if message.kind == "poll" or not medium:
        return None
    file_id = (medium[-1] if isinstance(medium, list) else medium)["file_id"]
    stored = state.files[file_id]
    return {
        "file_id": file_id,
        "name": stored.name,
        "mime_type": stored.mime_type,
        "size_bytes": len(stored.content),
        "path": f"files/{file_id}" if stored.content else None,
        "emoji": medium.get("emoji") if isinstance(medium, dict) else None,
    }


def _reply_keyboard(chat: Chat) -> Json | None:
    keyboard = chat.reply_keyboard
    if keyboard is None:
        return None
    return {
        "rows": [[button["text"] for button in row] for row in keyboard["keyboard"]],
        "one_time": bool(keyboard.get("one_time_keyboard")),
        "placeholder": keyboard.get("input_field_placeholder", ""),
    }
