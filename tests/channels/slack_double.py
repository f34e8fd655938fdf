"""A Slack that records what it is sent and fails on demand. It judges nothing: the playground's does."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.wire import SILENCE, Answer, Incoming

JSON = dict[str, Any]
TEAM, BOT, ADA = "T0SCHOOL", "U0BOT", "U0ADA"


@dataclass
class RecordingSlack:
    """Everything the channel under test sent, in order."""

    base: str = ""
    calls: list[tuple[str, JSON]] = field(default_factory=list)
    responses: list[JSON] = field(default_factory=list)
    trouble: dict[str, deque[Callable[[], Response] | None]] = field(default_factory=dict)
    waits: dict[str, asyncio.Event] = field(default_factory=dict)
    raw: list[str] = field(default_factory=list)
    acks: dict[str, "asyncio.Future[JSON]"] = field(default_factory=dict)
    socket: WebSocket | None = None
    locales: dict[str, str] = field(default_factory=dict)
    lines: set[int] = field(default_factory=set)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/api/{method}", self.called, methods=["POST", "GET"]),
                Route("/respond", self.responded, methods=["POST"]),
                WebSocketRoute("/link", self.linked),
            ]
        )

    def fail(self, method: str, *, error: str = "", status: int = 200, headers: dict[str, str] | None = None) -> None:
        queue = self.trouble.setdefault(method, deque())
        queue.append(lambda: JSONResponse({"ok": False, "error": error}, status_code=status, headers=headers))

    def succeed(self, method: str) -> None:
        """Once, before a failure that was told after it."""
        self.trouble.setdefault(method, deque()).append(None)

    def of(self, method: str) -> list[JSON]:
        return [said for name, said in self.calls if name == method]

    async def called(self, request: Request) -> Response:
        method = request.path_params["method"]
        body = (await request.body()).decode()
        self.lines.add(request.client.port)
        self.raw.append(body)
        if request.headers.get("content-type", "").startswith("application/json"):
            said = json.loads(body or "{}")
        else:
            said = {name: values[0] for name, values in parse_qs(body).items()}
        said |= dict(request.query_params)
        self.calls.append((method, said))
        if method in self.waits:
            await self.waits[method].wait()
        if self.trouble.get(method) and (trouble := self.trouble[method].popleft()):
            return trouble()
        return JSONResponse({"ok": True} | self._result(method, said))

    def _result(self, method: str, said: JSON) -> JSON:
        match method:
            case "auth.test":
                return {"team_id": TEAM, "user_id": BOT, "bot_id": "B0BOT", "url": "https://oak.slack.com/"}
            case "apps.connections.open":
                return {"url": self.base.replace("http", "ws", 1) + "/link"}
            case "conversations.open":
                return {"channel": {"id": f"D{said['users'][1:]}"}}
            case "chat.postMessage":
                return {"channel": said["channel"], "ts": f"1.{len(self.calls)}"}
            case "users.info":
                locale = {"locale": self.locales.get(said["user"], "en-GB")} if said.get("include_locale") else {}
                return {"user": {"id": said["user"]} | locale}
            case _:
                return {}

    async def responded(self, request: Request) -> Response:
        body = (await request.body()).decode()
        self.lines.add(request.client.port)
        self.raw.append(body)
        self.responses.append(json.loads(body))
        if self.trouble.get("respond") and (trouble := self.trouble["respond"].popleft()):
            return trouble()
        return Response("ok")

    async def linked(self, socket: WebSocket) -> None:
        await socket.accept()
        self.socket = socket
        try:
            while True:
                said = json.loads(await socket.receive_text())
                self.raw.append(json.dumps(said))
                self.acks[said["envelope_id"]].set_result(said.get("payload") or {})
        except WebSocketDisconnect:
            return

    async def envelope(self, kind: str, payload: JSON) -> JSON:
        """Send one over Socket Mode; the payload of its acknowledgement."""
        name = f"envelope-{len(self.acks)}"
        self.acks[name] = asyncio.get_running_loop().create_future()
        assert self.socket is not None
        await self.socket.send_text(json.dumps({"envelope_id": name, "type": kind, "payload": payload}))
        return await asyncio.wait_for(self.acks[name], 5)


@dataclass
class FakeDesk:
    """Answers what it was told to, and keeps what it was asked. A verb may be told to raise."""

    answers: dict[str, Answer] = field(default_factory=dict)
    raising: dict[str, BaseException] = field(default_factory=dict)
    asked: list[Incoming] = field(default_factory=list)
    given_up: list[Incoming] = field(default_factory=list)
    told: list[tuple[str, bool]] = field(default_factory=list)
    waits: dict[str, asyncio.Event] = field(default_factory=dict)

    async def ask(self, incoming: Incoming) -> Answer:
        self.asked.append(incoming)
        if incoming.verb in self.waits:
            await self.waits[incoming.verb].wait()
        if incoming.verb in self.raising:
            raise self.raising[incoming.verb]
        return self.answers.get(incoming.verb, SILENCE)

    def answered(self, incoming: Incoming, *, sent: bool = True) -> None:
        self.told.append((incoming.verb, sent))

    async def give_up(self, incoming: Incoming) -> bool:
        self.given_up.append(incoming)
        return False


def command(name: str, text: str = "", *, base: str = "", channel: str = "C0OAK") -> JSON:
    return {
        "command": name,
        "text": text,
        "user_id": ADA,
        "team_id": TEAM,
        "channel_id": channel,
        "trigger_id": f"trigger{name}{text}",
        "response_url": f"{base}/respond",
    }


def button(token: str, *, base: str = "", channel: str = "C0OAK", **more: Any) -> JSON:
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": ADA},
        "channel": {"id": channel},
        "container": {"type": "message", "message_ts": "5.5", "channel_id": channel, "is_ephemeral": True},
        "trigger_id": "trigger-button",
        "response_url": f"{base}/respond",
        "actions": [{"type": "button", "action_id": "go:0:0", "block_id": "b", "value": token}],
    } | more


def submission(view: JSON, values: JSON) -> JSON:
    return {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": ADA},
        "trigger_id": "trigger-submission",
        "view": view | {"id": "V1", "hash": "h1", "state": {"values": values}},
    }


def message(event_id: str = "Ev1", **event: Any) -> JSON:
    said = {"type": "message", "channel_type": "im", "channel": "D0ADA", "user": ADA, "ts": "7.7", "event_ts": "7.7"}
    return {"type": "event_callback", "team_id": TEAM, "event_id": event_id, "event": said | event}
