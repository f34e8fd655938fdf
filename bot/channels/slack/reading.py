"""What Slack sends, as Incoming. Words are wrapped here, before anything else sees them.

Shapes: docs.slack.dev/interactivity/implementing-slash-commands, /reference/interaction-payloads, /reference/events.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from typing import Any

from bot.channels.slack.views import OPEN
from bot.wire import Incoming, Via
from school.messages import ChatMessage
from school.sensitive import Sensitive

JSON = Mapping[str, Any]
# A token's verb and arguments; raises ForgedTokenError or OldTokenError.
ReadToken = Callable[[str], tuple[str, Mapping[str, str]]]

# The messages in a direct message that a person wrote. Source: docs.slack.dev/reference/events/message, subtypes.
WRITTEN = frozenset({None, "file_share", "thread_broadcast", "me_message"})
# Words after /lollipop that are a verb of their own.
TOPICS = {
    "agreement": "agreement",
    "aua": "agreement",
    "ask": "ask",
    "breach": "breach",
    "check": "check_it",
    "check-it": "check_it",
    "cpd": "cpd",
    "devices": "devices",
    "events": "events.list",
    "evidence": "evidence",
    "faq": "faq",
    "filterfault": "filterfault",
    "filteroff": "filteroff",
    "finds": "found.list",
    "guidance": "guidance",
    "install": "install",
    "inset": "inset",
    "ladder": "ladder",
    "sanctions": "ladder",
    "photo": "photos",
    "photos": "photos",
    "policies": "policies",
    "policy": "policy",
    "poll": "poll",
    "programme": "programme",
    "questions": "ask.list",
    "registers": "registers",
    "requests": "requests",
    "research": "research",
    "risks": "risks",
    "roles": "roles",
    "roll": "roll",
    "searching": "searching",
    "sign": "sign",
    "sites": "sites",
    "starter": "starter",
    "todo": "todo",
    "unblock": "unblock",
    "training": "training",
    "whatif": "whatif",
    "whatnow": "whatnow",
    "who": "who",
}
_KINDS = frozenset({"image", "audio", "video", "text"})


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where an answer to one payload can go. `response_url` and `trigger_id` let anybody speak there: never logged.

    `was` is the message itself, with its text and blocks; Slack does not give it where it is ephemeral.
    """

    user: str
    channel: str = ""
    message: str = ""
    ephemeral: bool = False
    view: str = ""
    view_hash: str = ""
    was: JSON = field(default_factory=dict, repr=False)
    home: bool = False
    last_input: str = ""
    trigger_id: str = field(default="", repr=False)
    response_url: str = field(default="", repr=False)

    @property
    def alone(self) -> bool:
        """Whether nobody else can read what is shown there."""
        return self.ephemeral or not self.channel or self.channel.startswith("D")


@dataclass(frozen=True)
class Reader:
    """Makes Incomings for one school. `new_id` gives a fresh correlation, `lang_of` a person's language at once."""

    school: str
    read_token: ReadToken
    new_id: Callable[[], str]
    lang_of: Callable[[str], str]

    def command(self, body: JSON) -> Incoming:
        """A slash command."""
        typed, said = str(body["command"]).lower(), unescape(str(body.get("text") or "")).strip()
        words: dict[str, Sensitive] = {}
        match typed:
            case "/lesson":
                verb, args = "lesson", {"class": said} if said else {}
            case "/assembly":
                verb, args = "assembly", {"week": said} if said else {}
            case "/found":
                # Whatever stands after it may be the address, or a child's name: it is not read.
                verb, args = "found", {}
            case "/report":
                verb, args = "report.start", {}
                words = {"words": Sensitive(said)} if said else {}
            case "/lollipop":
                topic, _, rest = said.partition(" ")
                verb, args = TOPICS.get(topic.casefold(), "lollipop"), {"topic": topic, "rest": rest.strip()}
                args |= {"class": rest.strip()} if verb == "agreement" else {}
                if verb == "ask":
                    # Somebody's own words: they may be a worry after all.
                    words = {"words": Sensitive(rest.strip())} if rest.strip() else {}
                    args = {"topic": topic}
            case _:
                verb, args = "unknown", {"typed": typed}
        return self._incoming(
            body["user_id"],
            verb,
            args,
            words,
            called=body.get("user_name"),
            place=spot(body).channel,
            transport_id=body.get("trigger_id"),
        )

    def shortcut(self, body: JSON) -> Incoming:
        """A global or message shortcut."""
        match body.get("callback_id"):
            case "report_concern":
                verb, args = "report.start", {}
            case "report_message":
                chosen = _numbered(body["message"], channel=_open_channel(body["channel"]))
                verb, args = "report.start", {"message": chosen.spelt()} if chosen else {}
            case other:
                verb, args = "unknown", {"typed": str(other)}
        place, transport_id = spot(body).channel, body.get("trigger_id")
        who, called = body["user"]["id"], _called(body)
        return self._incoming(who, verb, args, called=called, place=place, transport_id=transport_id)

    def action(self, body: JSON) -> Incoming | None:
        """A button; None for an address or a control that only belongs to a form. Raises as `read_token` does."""
        action = body["actions"][0]
        if action.get("type") != "button" or action.get("url") or str(action.get("action_id")).startswith("link:"):
            return None
        verb, args = self.read_token(str(action.get("value", "")))
        place, transport_id = spot(body).channel, body.get("trigger_id")
        who, called = body["user"]["id"], _called(body)
        return self._incoming(who, verb, args, called=called, place=place, transport_id=transport_id)

    def submission(self, body: JSON) -> Incoming:
        """A form sent. Raises as `read_token` does.

        A second press on one view is the same submission: `semantic_id` is the view's id and hash.
        """
        view = body["view"]
        verb, told = self.read_token(str(view.get("private_metadata", "")))
        args, words = dict(told), {}
        for name, actions in view["state"]["values"].items():
            for action_id, value in actions.items():
                given = _given(value)
                if given is None:
                    continue
                if action_id == OPEN:
                    args[name] = given
                else:
                    words[name] = Sensitive(given)
        once = f"view:{view['id']}:{view.get('hash', '')}"
        transport_id = body.get("trigger_id") or once
        who, called = body["user"]["id"], _called(body)
        return self._incoming(who, verb, args, words, called=called, transport_id=transport_id, semantic_id=once)

    def events(self, body: JSON) -> tuple[Incoming, ...]:
        """An event: none where it says nothing to us, two for a file that came with words."""
        event = body["event"]
        match event.get("type"):
            case "app_home_opened" if event.get("tab", "home") == "home":
                return (self._incoming(event["user"], "home", {}, transport_id=body.get("event_id")),)
            case "message" if event.get("channel_type") == "im" or str(event.get("channel", "")).startswith("D"):
                return tuple(self._messages(body, event))
            case _:
                return ()

    def _messages(self, body: JSON, event: JSON) -> list[Incoming]:
        said, marked = event, ""
        if event.get("subtype") == "message_changed":
            said, before = event.get("message", {}), event.get("previous_message", {})
            marked = str(said.get("edited", {}).get("ts", ""))
            if not marked or said.get("text") == before.get("text"):
                return []  # a link unfurled, or a reaction counted: nobody wrote
        if said.get("subtype") not in WRITTEN or said.get("bot_id") or not said.get("user"):
            return []
        event_id = body.get("event_id")
        which = said.get("client_msg_id") or said.get("ts") or event.get("event_ts")
        semantic_id = ":".join(filter(None, (body.get("team_id", ""), event["channel"], which, marked)))
        found = []
        text = str(said.get("text") or "")
        if text.strip():
            words = {"words": Sensitive(unescape(text))}
            found.append(
                self._incoming(
                    said["user"],
                    "words",
                    {},
                    words,
                    place=event["channel"],
                    transport_id=event_id,
                    semantic_id=semantic_id,
                    message=_numbered(said),
                )
            )
        if said.get("files") and not marked:
            found.append(
                self._incoming(
                    said["user"],
                    "media",
                    {"kind": _kind(said["files"])},
                    place=event["channel"],
                    # Its own ids: the words that came with it are another Incoming of the same event.
                    transport_id=f"{event_id}:media" if event_id else None,
                    semantic_id=f"{semantic_id}:media",
                )
            )
        return found

    def _incoming(
        self,
        sender: str,
        verb: str,
        args: Mapping[str, str],
        words: Mapping[str, Sensitive] | None = None,
        *,
        called: object = None,
        place: str | None = None,
        transport_id: str | None = None,
        semantic_id: str | None = None,
        message: ChatMessage | None = None,
    ) -> Incoming:
        return Incoming(
            school=self.school,
            via=Via.SLACK,
            sender=str(sender),
            verb=verb,
            args=args,
            words=words or {},
            called=Sensitive(str(called)) if called else None,
            place=place or "",
            transport_id=transport_id,
            semantic_id=semantic_id,
            lang=self.lang_of(str(sender)),
            correlation=self.new_id(),
            message=message,
        )


def _numbered(message: JSON, *, channel: str = "") -> ChatMessage | None:
    """A message by its `ts`, which is its number and its time at once (docs.slack.dev/reference/events/message)."""
    number, edited = str(message.get("ts") or ""), str((message.get("edited") or {}).get("ts") or "")
    try:
        return ChatMessage(
            number=number, at=_instant(number), edited=_instant(edited) if edited else None, channel=channel
        )
    except (ValueError, OverflowError, OSError):
        return None


def _instant(ts: str) -> datetime:
    return datetime.fromtimestamp(int(ts.partition(".")[0]), UTC)


def _open_channel(channel: JSON) -> str:
    """Its id where everybody may be in it; nothing for any other: its few members are no secret to who can look it up.

    A direct message has a D; what is private has one of two names (docs.slack.dev/reference/interaction-payloads).
    """
    name, known = str(channel.get("name") or ""), str(channel.get("id") or "")
    private = not known.startswith("C") or name in {"directmessage", "privategroup"} or name.startswith("mpdm-")
    return "" if private else known


def spot(body: JSON) -> Spot:
    """Where an answer can go, from whatever kind of payload."""
    if "event" in body:
        event = body["event"]
        user = event.get("user") or event.get("message", {}).get("user", "")
        return Spot(user=user, channel=event.get("channel", "") if event["type"] == "message" else "")
    view, container = body.get("view") or {}, body.get("container") or {}
    inputs = [block["block_id"] for block in view.get("blocks", ()) if block.get("type") == "input"]
    return Spot(
        user=body.get("user_id") or body["user"]["id"],
        channel=body.get("channel_id") or (body.get("channel") or {}).get("id") or container.get("channel_id", ""),
        message=container.get("message_ts", ""),
        ephemeral=bool(container.get("is_ephemeral")),
        was=body.get("message") or {},
        view=view.get("id", ""),
        view_hash=view.get("hash", ""),
        home=view.get("type") == "home",
        last_input=inputs[-1] if inputs else "",
        trigger_id=body.get("trigger_id", ""),
        response_url=body.get("response_url", ""),
    )


def _called(body: JSON) -> object:
    """The handle of who acted. An event tells none (docs.slack.dev/reference/interaction-payloads)."""
    return body["user"].get("username") or body["user"].get("name")


def _given(value: JSON) -> str | None:
    """What was typed or chosen in one input."""
    if isinstance(chosen := value.get("selected_option"), Mapping):
        return str(chosen["value"])
    given = value.get("value")
    return None if given is None else str(given)


def _kind(files: list[JSON]) -> str:
    """What kind of file it is, by the platform's word alone: it is never fetched."""
    kind = str(files[0].get("mimetype") or "").partition("/")[0]
    return kind if kind in _KINDS else "file"
