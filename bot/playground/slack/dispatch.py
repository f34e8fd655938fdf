"""From a person's act to the app: by Socket Mode, or posted to `request_url` with a signature."""

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import httpx

from bot.playground.slack.model import Ack, Delivery, Json
from bot.playground.slack.socket import Sockets
from bot.playground.slack.state import State

EVENT_TRIES = 3
"""How often an event is sent again: https://docs.slack.dev/apis/events-api/#retries."""
ANSWERABLE = {"slash_commands", "view_submission"}
"""Payloads whose acknowledgement may carry something: https://docs.slack.dev/apis/events-api/using-socket-mode."""


class Dispatch(State):
    """The state, and the line to the app. With a `request_url` it is HTTP; without one it is Socket Mode."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.sockets = Sockets(self.app_id, self.changed)

    async def command(self, payload: Json) -> Ack:
        """Send a slash command (https://docs.slack.dev/interactivity/implementing-slash-commands)."""
        return await self._send("slash_commands", payload, urlencode(payload), answerable=True)

    async def interaction(self, payload: Json) -> Ack:
        """Send an interaction (https://docs.slack.dev/reference/interaction-payloads)."""
        form = urlencode({"payload": json.dumps(payload)})
        return await self._send("interactive", payload, form, answerable=payload["type"] in ANSWERABLE)

    async def event(self, event: Json) -> Ack:
        """Wrap an event and send it once (https://docs.slack.dev/apis/events-api/#callback-field)."""
        event_id = f"Ev{self.number():08}"
        delivery = Delivery("events_api", self._wrapped(event, event_id))
        self.deliveries.append(delivery)
        return await self._deliver(delivery)

    async def retry_events(self) -> list[Ack]:
        """Send again, once, each event that was not acknowledged and has been retried fewer than 3 times.

        Slack does so at once, after a minute and after five; here whoever holds the world says when.
        """
        lost = [each for each in self.deliveries if not each.confirmed and len(each.acks) <= EVENT_TRIES]
        return [await self._deliver(each) for each in lost]

    async def redeliver(self, *, same_event_id: bool = True, delivery: Delivery | None = None) -> Ack:
        """Send an event once more, though it may have been acknowledged.

        Args:
            same_event_id: as a retry; otherwise under a new id and without retry headers, which happens as well.
            delivery: which; by default the last.
        """
        again = delivery or self.deliveries[-1]
        if same_event_id:
            return await self._deliver(again)
        fresh = Delivery("events_api", self._wrapped(again.body["event"], f"Ev{self.number():08}"))
        self.deliveries.append(fresh)
        return await self._deliver(fresh)

    async def verify_url(self, challenge: str = "standin-challenge") -> Ack:
        """Ask `request_url` to prove itself (https://docs.slack.dev/reference/events/url_verification)."""
        body = {"token": "standin", "challenge": challenge, "type": "url_verification"}
        return await self._post(json.dumps(body), "application/json", {})

    async def disconnect_sockets(self, reason: str = "refresh_requested") -> None:
        """Ask the app to connect anew, as Slack does about once an hour."""
        await self.sockets.disconnect(reason)

    async def wait_until_connected(self, count: int = 1, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Wait for the app's connections. Raises TimeoutError after `timeout` seconds."""
        await self.wait_until(lambda: len(self.sockets.connections) >= count, timeout)

    def _wrapped(self, event: Json, event_id: str) -> Json:
        bot = {"enterprise_id": None, "team_id": self.team_id, "user_id": self.bot.id, "is_bot": True}
        return {
            "token": "standin",
            "team_id": self.team_id,
            "api_app_id": self.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": event_id,
            "event_time": int(float(event["event_ts"])),
            "authorizations": [{**bot, "is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event_context": f"4-{event_id}",
        }

    async def _deliver(self, delivery: Delivery) -> Ack:
        retries = len(delivery.acks)
        reason = {None: "", "http_service_error": "http_error"}.get(
            delivery.acks[-1].error if retries else None, "http_timeout"
        )
        ack = await self._send(
            "events_api",
            delivery.body,
            json.dumps(delivery.body),
            retry={"retry_attempt": retries, "retry_reason": reason},
        )
        delivery.acks.append(ack)
        return ack

    async def _send(
        self, kind: str, payload: Json, body: str, *, answerable: bool = False, retry: Json | None = None
    ) -> Ack:
        if self.request_url is None:
            return await self.sockets.ask(kind, payload, self.ack_seconds, answerable=answerable, retry=retry)
        headers = {}
        if retry and retry["retry_attempt"]:
            headers = {
                "X-Slack-Retry-Num": str(retry["retry_attempt"]),
                "X-Slack-Retry-Reason": retry["retry_reason"],
            }
        media = "application/json" if kind == "events_api" else "application/x-www-form-urlencoded"
        return await self._post(body, media, headers)

    async def _post(self, body: str, media: str, headers: dict[str, str]) -> Ack:
        """Post with a v0 signature (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""
        if self.request_url is None:
            return Ack(None, error="dispatch_failed")
        now = str(int(time.time()))
        signature = hmac.new(self.signing_secret.encode(), f"v0:{now}:{body}".encode(), hashlib.sha256)
        headers = {
            **headers,
            "Content-Type": media,
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": f"v0={signature.hexdigest()}",
        }
        try:
            # Only loopback is called: no proxy and no certificates.
            async with httpx.AsyncClient(timeout=self.ack_seconds, trust_env=False, verify=False) as client:  # noqa: S501
                answer = await client.post(self.request_url, content=body.encode(), headers=headers)
        except httpx.TimeoutException:
            return Ack(None, error="operation_timeout")
        except httpx.HTTPError:
            return Ack(None, error="dispatch_failed")
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        told = (answer.json() if is_json else answer.text) or None
        return Ack(answer.status_code, told, None if answer.status_code == 200 else "http_service_error")
