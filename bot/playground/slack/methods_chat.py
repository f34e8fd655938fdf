"""Methods that post, change and remove messages."""

from typing import Any

from bot.playground.slack.blocks import check_message_blocks
from bot.playground.slack.call import Call, method
from bot.playground.slack.entries import fill_ids, kept
from bot.playground.slack.errors import SlackError
from bot.playground.slack.model import Channel, Json, Message
from bot.playground.slack.shapes import message_json

MAX_TEXT = 40_000
"""Longer texts are cut: https://docs.slack.dev/reference/methods/chat.postMessage/#truncating."""
MAX_UPDATE_TEXT = 4_000
"""https://docs.slack.dev/reference/methods/chat.update/#errors, `msg_too_long`."""
MAX_ATTACHMENTS = 100
WORDS = "text blocks attachments markdown_text parse link_names as_user"
FACE = "username icon_emoji icon_url"


@method(
    "chat.postMessage",
    f"{WORDS} {FACE} metadata mrkdwn reply_broadcast thread_ts unfurl_links unfurl_media",
    required="channel",
    scope="chat:write",
)
def post_message(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.postMessage."""
    channel = _open_channel(call)
    parts = _parts(call)
    text = parts.pop("text")[:MAX_TEXT]
    if call.world.limiter is not None:
        call.world.limiter.admit(channel.id)
    message = call.world.post(
        channel, call.world.bot.id, text, thread_ts=call.text("thread_ts") or None, metadata=_metadata(call), **parts
    )
    told = message_json(call.world, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": told}


@method("chat.postEphemeral", f"{WORDS} {FACE} metadata thread_ts", required="channel user", scope="chat:write")
def post_ephemeral(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.postEphemeral."""
    channel = _open_channel(call)
    if call.text("user") not in channel.members:
        raise SlackError("user_not_in_channel")
    parts = _parts(call)
    text = parts.pop("text")
    if len(text) > MAX_TEXT:
        raise SlackError("msg_too_long")
    thread = call.text("thread_ts") or None
    message = call.world.post(
        channel, call.world.bot.id, text, thread_ts=thread, ephemeral_for=call.text("user"), **parts
    )
    return {"message_ts": message.ts}


@method(
    "chat.update",
    f"{WORDS} metadata reply_broadcast file_ids",
    required="channel ts",
    scope="chat:write",
)
def update(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.update. A text without blocks takes the old blocks away."""
    channel = _open_channel(call)
    message = _own_message(call, channel, "ts", "cant_update_message")
    parts = _parts(call)
    if len(parts["text"]) > MAX_UPDATE_TEXT:
        raise SlackError("msg_too_long")
    message.text, message.blocks = parts["text"], parts["blocks"]
    message.attachments = parts["attachments"]
    message.entered = kept(message.blocks, message.entered)
    message.metadata = _metadata(call) or message.metadata
    message.edited = call.world.new_ts()
    call.world.changed()
    told = message_json(call.world, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": told}


@method("chat.delete", "as_user", required="channel ts", scope="chat:write")
def delete(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.delete."""
    channel = call.channel()
    message = _own_message(call, channel, "ts", "cant_delete_message")
    del channel.messages[message.ts]
    call.world.changed()
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", required="channel message_ts")
def get_permalink(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.getPermalink."""
    channel, ts = call.channel(), call.text("message_ts")
    if ts not in channel.messages:
        raise SlackError("message_not_found")
    domain = call.world.team_domain
    return {
        "channel": channel.id,
        "permalink": f"https://{domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}",
    }


@method("reactions.add", required="channel name timestamp", scope="reactions:write")
def react(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/reactions.add."""
    message = _open_channel(call).messages.get(call.text("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    who = message.reactions.setdefault(call.text("name"), [])
    if call.world.bot.id in who:
        raise SlackError("already_reacted")
    who.append(call.world.bot.id)
    call.world.changed()
    return {}


def _open_channel(call: Call) -> Channel:
    """A conversation that the app may write in.

    Raises:
        SlackError: `channel_not_found`, `is_archived`, `not_in_channel`, or, for a person who has left,
            `account_inactive`; what the real server says there is not documented.
    """
    channel, world = call.channel(), call.world
    if channel.archived:
        raise SlackError("is_archived")
    if world.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.user is not None and world.users[channel.user].deleted:
        raise SlackError("account_inactive")
    return channel


def _own_message(call: Call, channel: Channel, name: str, refusal: str) -> Message:
    message = channel.messages.get(call.text(name))
    if message is None or message.ephemeral_for is not None:
        raise SlackError("message_not_found")
    if message.user != call.world.bot.id:
        raise SlackError(refusal)
    return message


def _parts(call: Call) -> dict[str, Any]:
    """Text, blocks and attachments.

    Stricter than the real server: blocks without a `text` are `no_text`, for a screen reader and a phone's
    notification read the text alone.
    """
    text, markdown = call.text("text"), call.text("markdown_text")
    blocks = call.data("blocks", "invalid_blocks_format")
    if markdown and (text or blocks):
        raise SlackError("markdown_text_conflict")
    if not text and not markdown:
        raise SlackError("no_text")
    attachments = call.data("attachments", "invalid_attachments") or []
    if not isinstance(attachments, list):
        raise SlackError("invalid_attachments")
    if len(attachments) > MAX_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    if markdown:
        blocks = [{"type": "markdown", "text": markdown}]
    filled = fill_ids(check_message_blocks(blocks), call.world.number()) if blocks is not None else []
    return {"text": text or markdown, "blocks": filled, "attachments": attachments}


def _metadata(call: Call) -> Json | None:
    """https://docs.slack.dev/messaging/message-metadata."""
    given = call.data("metadata", "invalid_metadata_format")
    if given is None:
        return None
    if not isinstance(given, dict) or set(given) != {"event_type", "event_payload"}:
        raise SlackError("invalid_metadata_format")
    if not isinstance(given["event_type"], str) or not isinstance(given["event_payload"], dict):
        raise SlackError("invalid_metadata_schema")
    return given
