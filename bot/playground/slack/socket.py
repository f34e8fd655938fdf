"""Socket Mode: the connections of an app (https://docs.slack.dev/apis/events-api/using-socket-mode)."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground.slack.errors import SlackError
from bot.playground.slack.model import Ack, Json

MAX_CONNECTIONS = 10
"""https://docs.slack.dev/apis/events-api/using-socket-mode/#connections."""
CONNECTION_SECONDS = 3600
"""What `hello` says about how long a connection lasts; ours last until they are closed."""


@dataclass(eq=False)
class Connection:
    """One WebSocket, and the envelopes on it that wait for their acknowledgement."""

    websocket: WebSocket
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    stray: list[Json] = field(default_factory=list)

    async def ask(self, envelope: Json, seconds: float) -> Ack:
        """Send an envelope and wait for its acknowledgement; a later one goes to `stray`."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.waiting[envelope["envelope_id"]] = answer
        try:
            await self.websocket.send_text(json.dumps(envelope))
            return Ack(200, await asyncio.wait_for(answer, seconds))
        except TimeoutError:
            return Ack(None, error="operation_timeout")
        except (WebSocketDisconnect, RuntimeError, ConnectionError):
            return Ack(None, error="connection_lost")
        finally:
            self.waiting.pop(envelope["envelope_id"], None)

    def take(self, message: Json) -> None:
        """An acknowledgement from the app: `{"envelope_id": ..., "payload": ...}`."""
        answer = self.waiting.get(str(message.get("envelope_id")))
        if answer is None or answer.done():
            self.stray.append(message)
        else:
            answer.set_result(message.get("payload"))

    def lost(self) -> None:
        """The app has hung up."""
        for answer in self.waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionError("the app hung up"))


@dataclass
class Sockets:
    """The app's connections, taken in turn: any one of them may get the next envelope."""

    app_id: str
    changed: Callable[[], None]
    connections: list[Connection] = field(default_factory=list)
    tickets: set[str] = field(default_factory=set)
    _turn: int = 0

    def new_ticket(self) -> str:
        """Good for one connection.

        Raises:
            SlackError: there are 10 already. The real server says `too_many_websockets` by a disconnect message.
        """
        if len(self.connections) >= MAX_CONNECTIONS:
            raise SlackError("too_many_websockets")
        ticket = uuid4().hex
        self.tickets.add(ticket)
        return ticket

    async def ask(self, kind: str, payload: Json, seconds: float, *, answerable: bool, retry: Json | None) -> Ack:
        """Send a payload over the connection whose turn it is, and wait for the acknowledgement."""
        if not self.connections:
            return Ack(None, error="dispatch_failed")
        connection = self.connections[self._turn % len(self.connections)]
        self._turn += 1
        envelope = {
            "envelope_id": str(uuid4()),
            "type": kind,
            "accepts_response_payload": answerable,
            "payload": payload,
            **(retry or {}),
        }
        return await connection.ask(envelope, seconds)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to come again, as Slack does about once an hour; nothing more is sent over the old ones.

        Closing them is left to the app, so that it may still acknowledge what it has.
        """
        retired, self.connections = self.connections, []
        for connection in retired:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                told = {"type": "disconnect", "reason": reason, "debug_info": {"host": "standin"}}
                await connection.websocket.send_text(json.dumps(told))
        self.changed()

    async def serve(self, websocket: WebSocket) -> None:
        """Greet an app, then read its acknowledgements until it hangs up."""
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self.tickets:
            await websocket.close(1008)
            return
        self.tickets.discard(ticket)
        await websocket.accept()
        connection = Connection(websocket)
        hello = {
            "type": "hello",
            "num_connections": len(self.connections) + 1,
            "debug_info": {"host": "standin", "approximate_connection_time": CONNECTION_SECONDS},
            "connection_info": {"app_id": self.app_id},
        }
        await websocket.send_text(json.dumps(hello))
        self.connections.append(connection)
        self.changed()
        try:
            while True:
                message = json.loads(await websocket.receive_text())
                if isinstance(message, dict):
                    connection.take(message)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            if connection in self.connections:
                self.connections.remove(connection)
            connection.lost()
            self.changed()
