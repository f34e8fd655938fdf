"""The app manifest that `lollipop init` writes. Source: docs.slack.dev/reference/app-manifest."""

from typing import Any

import yaml

from bot.channels.slack.http import PATH

COMMANDS = (
    ("/lesson", "The next online safety lesson for a class", "[class]"),
    ("/assembly", "This week's assembly prompt, or another", "[next|week|words of a title]"),
    ("/found", "Something unsuitable on a screen: what to do now", ""),
    ("/report", "Tell the safeguarding team about a worry", ""),
    ("/lollipop", "Help, what classes were taught, what was sent", "[help|coverage|coverage class|sites|status]"),
)
SHORTCUTS = (
    ("Report a concern", "global", "report_concern", "Tell the safeguarding team about a worry"),
    ("Report this message", "message", "report_message", "Tell the safeguarding team about this message"),
)
# users:read: the language that somebody reads Slack in (users.info)
SCOPES = ("chat:write", "commands", "im:history", "im:write", "users:read")
EVENTS = ("app_home_opened", "message.im")


def manifest(*, name: str = "Lollipop", public_url: str = "", path: str = PATH) -> dict[str, Any]:
    """Socket Mode without an address; signed HTTP on `<public_url><path>` with one."""
    request = {"request_url": f"{public_url.rstrip('/')}{path}"} if public_url else {}
    where = {"url": request["request_url"]} if public_url else {}
    return {
        "display_information": {
            "name": name,
            "description": "Online safety lessons, and a safe way to tell somebody",
            "background_color": "#1f4e5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "shortcuts": [
                {"name": said, "type": kind, "callback_id": callback, "description": about}
                for said, kind, callback, about in SHORTCUTS
            ],
            "slash_commands": [
                {"command": command, "description": about, "should_escape": False, **where}
                | ({"usage_hint": hint} if hint else {})
                for command, about, hint in COMMANDS
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **request},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not public_url,
            "token_rotation_enabled": False,
        },
    }


def manifest_text(*, name: str = "Lollipop", public_url: str = "", path: str = PATH) -> str:
    """The same as YAML, to paste at api.slack.com/apps."""
    return yaml.safe_dump(manifest(name=name, public_url=public_url, path=path), sort_keys=False, allow_unicode=True)
