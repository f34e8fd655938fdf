"""What one person sees on the screen, as JSON for a web page."""

from dataclasses import asdict

from bot.playground.slack.entries import state_of
from bot.playground.slack.model import Channel, Json, Message, User, View
from bot.playground.slack.views import Views


def snapshot(state: Views, user_id: str) -> Json:
    """The window of a person.

    Raises:
        KeyError: no such person.
    """
    user = state.users[user_id]
    state.dm(user_id)
    stack, home = state.modals.get(user_id, []), state.homes.get(user_id)
    return {
        "revision": state.revision,
        "team": {"id": state.team_id, "name": state.team_name},
        "user": _user(user),
        "bot": _user(state.bot),
        "users": [_user(each) for each in state.users.values() if not each.is_bot and not each.deleted],
        "connected": state.request_url is not None or bool(state.sockets.connections),
        "commands": sorted(state.commands or ()),
        "channels": [_channel(state, each, user_id) for each in state.channels.values() if user_id in each.members],
        "modal": {**_view(state, stack[-1]), "depth": len(stack)} if stack else None,
        "home": _view(state, home) if home else None,
        "toasts": [asdict(toast) for toast in state.toasts.get(user_id, [])],
    }


def _user(user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "emoji": user.emoji,
        "colour": user.colour,
        "is_pupil": user.is_pupil,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
    }


def _view(state: Views, view: View) -> Json:
    return {**state.view_json(view), "errors": view.errors}


def _channel(state: Views, channel: Channel, user_id: str) -> Json:
    seen = [each for each in channel.messages.values() if each.ephemeral_for in {None, user_id}]
    return {
        "id": channel.id,
        "name": state.bot.name if channel.is_im else channel.name,
        "kind": "im" if channel.is_im else "channel",
        "archived": channel.archived,
        "members": sorted(channel.members),
        "messages": [_message(state, each) for each in seen],
    }


def _message(state: Views, message: Message) -> Json:
    return {
        "ts": message.ts,
        "at": message.at.isoformat(),
        "user": _user(state.users[message.user]),
        "from_bot": message.by_bot,
        "ephemeral": message.ephemeral_for is not None,
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "state": state_of(message.blocks, message.entered),
        "files": [{"id": each["id"], "name": each["name"], "mimetype": each["mimetype"]} for each in message.files],
        "reactions": message.reactions,
        "metadata": message.metadata,
        "edited": message.edited is not None,
        "thread_ts": message.thread_ts,
    }
