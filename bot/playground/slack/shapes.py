"""Messages, channels and people as the Web API and payloads give them."""

from bot.playground.slack.model import Channel, Json, Message, User
from bot.playground.slack.state import State


def message_json(state: State, message: Message, *, with_metadata: bool = False) -> Json:
    """A message (https://docs.slack.dev/reference/events/message)."""
    made: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    made["team"] = state.team_id
    if message.by_bot:
        made |= {"bot_id": state.bot_id, "app_id": state.app_id}
    if message.client_msg_id:
        made["client_msg_id"] = message.client_msg_id
    for name in ("blocks", "attachments", "files", "thread_ts"):
        if getattr(message, name):
            made[name] = getattr(message, name)
    if message.edited:
        made["edited"] = {"user": message.user, "ts": message.edited}
    if message.reactions:
        made["reactions"] = [{"name": name, "users": who, "count": len(who)} for name, who in message.reactions.items()]
    if with_metadata and message.metadata:
        made["metadata"] = message.metadata
    return made


def channel_json(state: State, channel: Channel) -> Json:
    """A conversation (https://docs.slack.dev/reference/objects/conversation-object)."""
    common = {"id": channel.id, "created": 1, "is_archived": channel.archived, "is_im": channel.is_im}
    if channel.is_im:
        return {**common, "user": channel.user, "is_user_deleted": state.users[str(channel.user)].deleted}
    return {
        **common,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_mpim": False,
        "is_private": False,
        "is_general": False,
        "is_member": state.bot.id in channel.members,
        "context_team_id": state.team_id,
    }


def user_json(state: State, user: User, *, with_locale: bool = False) -> Json:
    """A person (https://docs.slack.dev/reference/objects/user-object); the locale only for whoever asks for it."""
    return {
        "id": user.id,
        "team_id": state.team_id,
        "name": user.handle,
        "deleted": user.deleted,
        "color": user.colour.removeprefix("#"),
        "real_name": user.name,
        "tz": "Europe/London",
        "profile": {"real_name": user.name, "display_name": user.name, "team": state.team_id},
        "is_admin": False,
        "is_owner": False,
        "is_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 1,
        **({"locale": user.locale} if with_locale else {}),
    }
