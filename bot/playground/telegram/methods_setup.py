"""Methods about the bot itself: who it is, how updates reach it, its commands and descriptions."""

import re

from bot.playground.telegram.call import Call, method
from bot.playground.telegram.errors import bad
from bot.playground.telegram.keyboards import refuse_unknown
from bot.playground.telegram.model import Json, unix
from bot.playground.telegram.updates import Webhook

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}


@method("getMe")
def get_me(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getme."""
    return {
        **call.bot.json(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("logOut")
def log_out(call: Call) -> bool:
    """https://core.telegram.org/bots/api#logout; nothing is logged out here."""
    return bool(call.bot.id)


@method("close")
def close(call: Call) -> bool:
    """https://core.telegram.org/bots/api#close; nothing is closed here."""
    return bool(call.bot.id)


@method("getUpdates", "offset limit timeout allowed_updates")
async def get_updates(call: Call) -> list[Json]:
    """https://core.telegram.org/bots/api#getupdates."""
    limit = call.number("limit", 100) or 100
    if not 1 <= limit <= 100:
        limit = 100
    call.bot.updates.allow(call.list_of("allowed_updates"))
    return await call.bot.updates.poll(call.number("offset", 0) or 0, limit, call.number("timeout", 0) or 0)


@method("setWebhook", "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token")
def set_webhook(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setwebhook.

    Looser than the real server in one point: plain http on any port is taken, for the bot is on the same machine.
    """
    url = call.text("url")
    secret = call.text("secret_token")
    connections = call.number("max_connections", 40) or 40
    if url and not url.startswith(("https://", "http://")):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    if not 1 <= connections <= 100:
        raise bad("max_connections must be between 1 and 100")
    queue = call.bot.updates
    queue.allow(call.list_of("allowed_updates"))
    certificate = "certificate" in call.values or "certificate" in call.uploads
    queue.webhook = Webhook(url, secret, connections, call.text("ip_address"), certificate) if url else Webhook()
    if call.flag("drop_pending_updates"):
        queue.forget()
    if url:
        queue.end_poll("terminated by setWebhook request")
    call.state.changed()
    return True


@method("deleteWebhook", "drop_pending_updates")
def delete_webhook(call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletewebhook."""
    call.bot.updates.webhook = Webhook()
    if call.flag("drop_pending_updates"):
        call.bot.updates.forget()
    call.state.changed()
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getwebhookinfo."""
    queue = call.bot.updates
    hook = queue.webhook
    info: Json = {
        "url": hook.url,
        "has_custom_certificate": hook.has_certificate,
        "pending_update_count": len(queue.waiting_ids()),
    }
    if hook.url:
        info["max_connections"] = hook.max_connections
    if hook.ip_address:
        info["ip_address"] = hook.ip_address
    if hook.last_error_at:
        info |= {"last_error_date": unix(hook.last_error_at), "last_error_message": hook.last_error}
    if queue.allowed:
        info["allowed_updates"] = sorted(queue.allowed)
    return info


def _scope(call: Call) -> tuple[str, str]:
    scope = call.object_of("scope") or {"type": "default"}
    refuse_unknown(scope, {"type", "chat_id", "user_id"}, "BotCommandScope")
    kind = str(scope.get("type"))
    if kind not in _SCOPES:
        raise bad("can't parse BotCommandScope: unsupported type specified")
    if kind.startswith("chat") and "chat_id" not in scope:
        raise bad("can't parse BotCommandScope: chat_id is required")
    name = kind
    for part in ("chat_id", "user_id"):
        name += f":{scope[part]}" if part in scope else ""
    return name, call.text("language_code")


@method("setMyCommands", "commands scope language_code")
def set_my_commands(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setmycommands."""
    commands = call.list_of("commands")
    if commands is None:
        raise bad("commands is empty")
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    kept = []
    for command in commands:
        if not isinstance(command, dict):
            raise bad("expected an Object of type BotCommand")
        refuse_unknown(command, {"command", "description"}, "BotCommand")
        name = str(command.get("command", "")).removeprefix("/")
        description = str(command.get("description", "")).strip()
        if not _COMMAND.fullmatch(name):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        kept.append({"command": name, "description": description})
    call.bot.commands[_scope(call)] = kept
    call.state.changed()
    return True


@method("getMyCommands", "scope language_code")
def get_my_commands(call: Call) -> list[Json]:
    """https://core.telegram.org/bots/api#getmycommands."""
    return call.bot.commands.get(_scope(call), [])


@method("deleteMyCommands", "scope language_code")
def delete_my_commands(call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletemycommands."""
    call.bot.commands.pop(_scope(call), None)
    call.state.changed()
    return True


def _describe(call: Call, kept: dict[str, str], name: str, limit: int) -> bool:
    words = call.text(name)
    if len(words) > limit:
        raise bad(f"{name.replace('_', ' ')} is too long")
    if words:
        kept[call.text("language_code")] = words
    else:
        kept.pop(call.text("language_code"), None)
    call.state.changed()
    return True


def _described(call: Call, kept: dict[str, str], name: str) -> Json:
    return {name: kept.get(call.text("language_code")) or kept.get("", "")}


@method("setMyDescription", "description language_code")
def set_my_description(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setmydescription."""
    return _describe(call, call.bot.descriptions, "description", 512)


@method("getMyDescription", "language_code")
def get_my_description(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getmydescription."""
    return _described(call, call.bot.descriptions, "description")


@method("setMyShortDescription", "short_description language_code")
def set_my_short_description(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setmyshortdescription."""
    return _describe(call, call.bot.short_descriptions, "short_description", 120)


@method("getMyShortDescription", "language_code")
def get_my_short_description(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getmyshortdescription."""
    return _described(call, call.bot.short_descriptions, "short_description")


@method("setChatMenuButton", "chat_id menu_button")
def set_chat_menu_button(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setchatmenubutton."""
    button = call.object_of("menu_button") or {"type": "default"}
    refuse_unknown(button, {"type", "text", "web_app"}, "MenuButton")
    if button.get("type") not in {"default", "commands", "web_app"}:
        raise bad("can't parse menu button: unsupported menu button type")
    call.bot.menu_buttons[call.number("chat_id")] = button
    call.state.changed()
    return True


@method("getChatMenuButton", "chat_id")
def get_chat_menu_button(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getchatmenubutton."""
    return call.bot.menu_button_for(call.number("chat_id") or 0)
