"""Methods that send, change and delete messages, and answer taps."""

from datetime import timedelta
from typing import Any

from bot.playground.telegram.call import MAX_CAPTION, MAX_TEXT, Call, Upload, method
from bot.playground.telegram.entities import utf16_length
from bot.playground.telegram.errors import bad
from bot.playground.telegram.keyboards import refuse_unknown
from bot.playground.telegram.model import Chat, Json, Message, StoredFile
from bot.playground.telegram.state import CALLBACK_LIFE_SECONDS

DELETABLE_FOR = timedelta(hours=48)
"""https://core.telegram.org/bots/api#deletemessage."""
MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_DOCUMENT_BYTES = 50 * 1024 * 1024
"""https://core.telegram.org/bots/api#sending-files."""
_PREVIEW = {"is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"}
_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@method(
    "sendMessage",
    "chat_id message_thread_id text parse_mode entities link_preview_options disable_notification protect_content "
    "allow_paid_broadcast message_effect_id reply_parameters reply_markup",
)
def send_message(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendmessage."""
    text, entities = call.words("text", "entities", MAX_TEXT, "message is too long")
    if not text:
        raise bad("message text is empty")
    refuse_unknown(call.object_of("link_preview_options") or {}, _PREVIEW, "LinkPreviewOptions")
    markup = call.markup()
    chat = call.chat()
    message = call.state.post(
        call.bot,
        chat,
        call.bot.json(),
        text=text,
        entities=entities,
        sent_as=call.text("text"),
        markup=markup,
        reply_to=call.replied(chat),
    )
    return message.json(chat)


def _own_message(call: Call) -> tuple[Chat, Message]:
    """The bot's own message that an edit names."""
    chat = call.chat()
    number = call.number("message_id")
    if number is None:
        raise bad("message identifier is not specified")
    message = chat.messages.get(number)
    if message is None or message.deleted:
        raise bad("message to edit not found")
    if not message.by_bot:
        raise bad("message can't be edited")
    return chat, message


@method("editMessageText", "chat_id message_id text parse_mode entities link_preview_options reply_markup")
def edit_message_text(call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagetext; without a keyboard, the message loses the one it had."""
    text, entities = call.words("text", "entities", MAX_TEXT, "MESSAGE_TOO_LONG")
    if not text:
        raise bad("message text is empty")
    refuse_unknown(call.object_of("link_preview_options") or {}, _PREVIEW, "LinkPreviewOptions")
    markup = call.markup(inline_only=True)
    chat, message = _own_message(call)
    if message.kind != "text":
        raise bad("there is no text in the message to edit")
    if (message.text, message.entities, message.inline_keyboard) == (text, entities, _rows(markup)):
        raise bad(_NOT_MODIFIED)
    message.text, message.entities, message.sent_as = text, entities, call.text("text")
    message.markup, message.edited = markup, call.state.clock()
    call.state.changed()
    return message.json(chat)


def _rows(markup: Json | None) -> list[list[Json]]:
    return list((markup or {}).get("inline_keyboard", []))


@method("editMessageReplyMarkup", "chat_id message_id reply_markup")
def edit_message_reply_markup(call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagereplymarkup."""
    markup = call.markup(inline_only=True)
    chat, message = _own_message(call)
    if message.inline_keyboard == _rows(markup):
        raise bad(_NOT_MODIFIED)
    message.markup, message.edited = markup, call.state.clock()
    call.state.changed()
    return message.json(chat)


def _delete(call: Call, chat: Chat, message: Message | None) -> None:
    if message is None or message.deleted:
        raise bad("message to delete not found")
    if not (message.by_bot or chat.type == "private" or chat.bot_is_admin):
        raise bad("message can't be deleted")
    if call.state.clock() - message.date >= DELETABLE_FOR:
        raise bad("message can't be deleted for everyone")
    message.deleted = call.state.clock()


@method("deleteMessage", "chat_id message_id")
def delete_message(call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletemessage: under 48 hours; others' words in private chats, or as admin."""
    chat = call.state.open_chat(call.bot, call.chat_id())
    _delete(call, chat, chat.messages.get(call.number("message_id", 0) or 0))
    call.state.changed()
    return True


@method("deleteMessages", "chat_id message_ids")
def delete_messages(call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletemessages: those not found are skipped."""
    chat = call.state.open_chat(call.bot, call.chat_id())
    numbers = call.list_of("message_ids") or []
    if not 1 <= len(numbers) <= 100 or not all(isinstance(number, int) for number in numbers):
        raise bad("message identifiers must be 1-100")
    for number in numbers:
        if (message := chat.messages.get(number)) and not message.deleted:
            _delete(call, chat, message)
    call.state.changed()
    return True


@method("answerCallbackQuery", "callback_query_id text show_alert url cache_time")
def answer_callback_query(call: Call) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery; a second answer to one tap is taken and shows nothing."""
    query = call.bot.callbacks.get(call.text("callback_query_id"))
    now = call.state.clock()
    if query is None or now - query.at > timedelta(seconds=CALLBACK_LIFE_SECONDS):
        raise bad("query is too old and response timeout expired or query ID is invalid")
    text = call.text("text")
    if utf16_length(text) > 200:
        raise bad("MESSAGE_TOO_LONG")
    if call.text("url") and not call.text("url").startswith("https://t.me/"):
        raise bad("URL_INVALID")
    if text and not query.answered:
        toast = {
            "text": text,
            "alert": call.flag("show_alert"),
            "message_id": query.message_id,
            "date": now.isoformat(),
        }
        call.bot.toasts.setdefault(query.user_id, []).append(toast)
    query.answered = True
    call.state.changed()
    return True


def _stored(call: Call, name: str, limit_bytes: int) -> StoredFile:
    """The file that a field holds: an upload, an `attach://` name or the id of one known here."""
    told = call.values.get(name)
    upload: Upload | None = call.uploads.get(name)
    if isinstance(told, str) and told.startswith("attach://"):
        upload = call.uploads.get(told.removeprefix("attach://"))
    if upload is None:
        if isinstance(told, str) and told in call.state.files:
            return call.state.files[told]
        if told:
            raise bad("wrong file identifier/HTTP URL specified (the stand-in fetches nothing)")
        raise bad(f"there is no {name} in the request")
    if not upload.content:
        raise bad("file must be non-empty")
    if len(upload.content) > limit_bytes:
        raise bad("file is too big")
    file_id = f"standin-file-{call.state.number()}"
    stored = StoredFile(file_id, upload.name, upload.mime_type, upload.content)
    call.state.files[file_id] = stored
    return stored


def _send_file(call: Call, kind: str, limit_bytes: int) -> Json:
    text, entities = call.words("caption", "caption_entities", MAX_CAPTION, "message caption is too long")
    markup = call.markup()
    chat = call.chat()
    reply_to = call.replied(chat)
    stored = _stored(call, kind, limit_bytes)
    file: Json = {
        "file_id": stored.file_id,
        "file_unique_id": f"u-{stored.file_id}",
        "file_size": len(stored.content),
    }
    medium: Any = [{**file, "width": 1280, "height": 720}]
    if kind == "document":
        medium = {**file, "file_name": stored.name, "mime_type": stored.mime_type}
    message = call.state.post(
        call.bot,
        chat,
        call.bot.json(),
        kind=kind,
        medium={kind: medium},
        text=text,
        entities=entities,
        sent_as=call.text("caption"),
        markup=markup,
        reply_to=reply_to,
    )
    return message.json(chat)


@method(
    "sendPhoto",
    "chat_id message_thread_id photo caption parse_mode caption_entities show_caption_above_media has_spoiler "
    "disable_notification protect_content allow_paid_broadcast message_effect_id reply_parameters reply_markup",
)
def send_photo(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendphoto; every photo claims to be 1280 by 720."""
    return _send_file(call, "photo", MAX_PHOTO_BYTES)


@method(
    "sendDocument",
    "chat_id message_thread_id document thumbnail caption parse_mode caption_entities disable_content_type_detection "
    "disable_notification protect_content allow_paid_broadcast message_effect_id reply_parameters reply_markup",
)
def send_document(call: Call) -> Json:
    """https://core.telegram.org/bots/api#senddocument."""
    return _send_file(call, "document", MAX_DOCUMENT_BYTES)


@method("sendChatAction", "chat_id message_thread_id action")
def send_chat_action(call: Call) -> bool:
    """https://core.telegram.org/bots/api#sendchataction; it lasts until the bot's next message, for no time passes."""
    action = call.text("action")
    if action not in _ACTIONS:
        raise bad("wrong parameter action in request")
    call.state.open_chat(call.bot, call.chat_id()).action = action
    call.state.changed()
    return True


@method("getChat", "chat_id")
def get_chat(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getchat."""
    chat = call.state.known_chat(call.bot, call.chat_id())
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return {
        **chat.json(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


@method("getFile", "file_id")
def get_file(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getfile; recorded in `file_requests`, and the download itself is refused."""
    file_id = call.text("file_id")
    call.state.file_requests.append(file_id)
    if file_id not in call.state.files:
        raise bad("invalid file_id")
    size = len(call.state.files[file_id].content)
    path = f"documents/{file_id}"
    return {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_size": size, "file_path": path}
