"""Methods about views, conversations, people and the app itself."""

from decimal import Decimal, InvalidOperation

from bot.playground.slack.call import Call, method
from bot.playground.slack.errors import SlackError
from bot.playground.slack.model import Json, Message
from bot.playground.slack.shapes import channel_json, message_json, user_json

HISTORY = "cursor include_all_metadata inclusive latest limit oldest"


@method("auth.test")
def auth_test(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/auth.test."""
    world = call.world
    return {
        "url": f"https://{world.team_domain}.slack.com/",
        "team": world.team_name,
        "user": world.bot.handle,
        "team_id": world.team_id,
        "user_id": world.bot.id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", app_level=True)
def open_connection(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/apps.connections.open."""
    base = str(call.world.base_url)
    where = base.replace("http", "ws", 1)
    return {"url": f"{where}/link/?ticket={call.world.sockets.new_ticket()}&app_id={call.world.app_id}"}


@method("views.open", "trigger_id interactivity_pointer", required="view")
def open_view(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/views.open."""
    return {"view": call.world.view_json(call.world.open_view(_trigger(call), call.data("view")))}


@method("views.push", "trigger_id interactivity_pointer", required="view")
def push_view(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/views.push."""
    return {"view": call.world.view_json(call.world.push_view(_trigger(call), call.data("view")))}


@method("views.update", "view_id external_id hash", required="view")
def update_view(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/views.update."""
    view_id, external_id = call.text("view_id") or None, call.text("external_id") or None
    if (view_id is None) == (external_id is None):
        raise SlackError("invalid_arguments", ["needs either view_id or external_id"])
    view = call.world.view(view_id, external_id)
    return {"view": call.world.view_json(call.world.update_view(view, call.data("view"), call.text("hash") or None))}


@method("views.publish", "hash interactivity_pointer", required="user_id view")
def publish_view(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/views.publish."""
    user = call.text("user_id")
    if user not in call.world.users:
        raise SlackError("invalid_arguments", ["invalid user_id [json-pointer:/user_id]"])
    view = call.world.publish_view(user, call.data("view"), call.text("hash") or None)
    return {"view": call.world.view_json(view)}


def _trigger(call: Call) -> str:
    trigger = call.text("trigger_id") or call.text("interactivity_pointer")
    if not trigger:
        raise SlackError("invalid_arguments", ["missing required field: trigger_id"])
    return trigger


@method("conversations.open", "channel prevent_creation return_im users", scope="im:write")
def open_conversation(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.open. One person at a time."""
    if call.text("channel"):
        channel, there = call.channel(), True
    else:
        users = [each for each in call.text("users").split(",") if each]
        if not users:
            raise SlackError("users_list_not_supplied")
        if len(users) > 1:
            raise SlackError("invalid_user_combination", ["the stand-in has no group conversations"])
        user = call.world.users.get(users[0])
        if user is None or user.is_bot:
            raise SlackError("user_not_found")
        if user.deleted:
            raise SlackError("user_disabled")
        there = any(each.user == user.id for each in call.world.channels.values())
        if call.flag("prevent_creation") and not there:
            raise SlackError("channel_not_found")
        channel = call.world.dm(user.id)
    told = channel_json(call.world, channel) if call.flag("return_im") else {"id": channel.id}
    return {"channel": told, **({"no_op": True, "already_open": True} if there else {})}


@method("conversations.info", "include_locale include_num_members", required="channel", scope="channels:read")
def conversation_info(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.info."""
    channel = call.channel()
    told = channel_json(call.world, channel)
    return {"channel": {**told, "num_members": len(channel.members)} if call.flag("include_num_members") else told}


@method("conversations.members", "cursor limit", required="channel", scope="channels:read")
def conversation_members(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.members."""
    members, rest = call.page(sorted(call.channel().members))
    return {"members": members, **rest}


@method("conversations.history", HISTORY, required="channel", scope="im:history")
def conversation_history(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.history. Newest first, without ephemeral ones."""
    channel = call.channel()
    if call.world.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    return _told(call, [each for each in reversed(channel.messages.values()) if _in_span(call, each)])


@method("conversations.replies", HISTORY, required="channel ts", scope="im:history")
def conversation_replies(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.replies. Oldest first."""
    channel, ts = call.channel(), call.text("ts")
    if ts not in channel.messages:
        raise SlackError("thread_not_found")
    return _told(call, [each for each in channel.messages.values() if ts in {each.ts, each.thread_ts}])


def _in_span(call: Call, message: Message) -> bool:
    try:
        oldest, latest = Decimal(call.text("oldest", "0") or 0), Decimal(call.text("latest") or "Infinity")
        ts = Decimal(message.ts)
        return oldest <= ts <= latest if call.flag("inclusive") else oldest < ts < latest
    except InvalidOperation:
        raise SlackError("invalid_ts_oldest") from None


def _told(call: Call, found: list[Message]) -> Json:
    messages, rest = call.page([each for each in found if each.ephemeral_for is None])
    wanted = bool(call.flag("include_all_metadata"))
    shown = [message_json(call.world, each, with_metadata=wanted) for each in messages]
    more = bool(rest["response_metadata"]["next_cursor"])
    return {"messages": shown, "has_more": more, "pin_count": 0, **(rest if more else {})}


@method("users.info", "include_locale", required="user", scope="users:read")
def user_info(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/users.info."""
    return {"user": user_json(call.world, call.user(), with_locale=bool(call.flag("include_locale")))}


@method("users.list", "cursor include_locale limit team_id", scope="users:read")
def user_list(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/users.list."""
    users, rest = call.page(list(call.world.users.values()))
    wanted = bool(call.flag("include_locale"))
    return {"members": [user_json(call.world, each, with_locale=wanted) for each in users], "cache_ts": 1, **rest}


@method("team.info", "domain team", scope="team:read")
def team_info(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/team.info."""
    world = call.world
    return {"team": {"id": world.team_id, "name": world.team_name, "domain": world.team_domain, "email_domain": ""}}


@method("bots.info", "bot team_id", scope="users:read")
def bot_info(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/bots.info."""
    world = call.world
    if call.text("bot") not in {"", world.bot_id}:
        raise SlackError("bot_not_found")
    return {
        "bot": {
            "id": world.bot_id,
            "deleted": False,
            "name": world.bot.name,
            "updated": 1,
            "app_id": world.app_id,
            "user_id": world.bot.id,
            "icons": {},
        }
    }
