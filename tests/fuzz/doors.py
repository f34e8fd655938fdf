"""The doors that the world knocks at: Slack's and Telegram's posts and the web pages, over ASGI.

Slack and Telegram stand before a desk that keeps what it is asked; the web stands before the real one, over SQLite.
"""

import asyncio
import hashlib
import hmac
import json
import re
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.applications import Starlette

from bot import demo
from bot.clock import MachineClock, SetClock
from bot.main import Product, build, load_library
from bot.playground.telegram import SECRET_HEADER
from bot.storage import QUICK, SqlVault
from bot.storage.tables import vault_concern
from safeguarding import says_nothing
from school.sensitive import SecretKey, Sensitive
from tests.fuzz.material import ANY_JSON, ANY_TEXT, WHOLE_TEXT, nearly, torn

sys.path.append(str(Path(__file__).parents[1] / "channels"))

from slack_building import SENT, building, drawn_form
from slack_double import command, message, submission
from telegram_double import SECRET, staged

SIGNING = "a-signing-secret"
NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
RECEIPT = re.compile(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}")
BOUNDARY = "----fuzz"
Check = Callable[[Any], Awaitable[None]]


def _signed(body: bytes, kind: str) -> dict[str, str]:
    stamp = str(int(MachineClock().now().timestamp()))
    digest = hmac.new(SIGNING.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}", "Content-Type": kind}


FORM, JSON_KIND = "application/x-www-form-urlencoded", "application/json"
ACTION = {
    "type": "block_actions",
    "user": {"id": "U0ADA"},
    "team": {"id": "T0SCHOOL"},
    "trigger_id": "t1",
    "channel": {"id": "D1"},
    "message": {"ts": "1.1", "text": "x", "blocks": []},
    "actions": [{"type": "button", "action_id": "go:1", "value": "token", "action_ts": "1.2"}],
}
SHORTCUT = {
    "type": "message_action",
    "callback_id": "report_message",
    "user": {"id": "U0ADA"},
    "team": {"id": "T0SCHOOL"},
    "trigger_id": "t2",
    "channel": {"id": "C1"},
    "message": {"ts": "1.1", "text": "x", "user": "U0BEN"},
}
UPDATE = {
    "update_id": 7,
    "message": {
        "message_id": 3,
        "date": 1_790_000_000,
        "chat": {"id": 501, "type": "private", "first_name": "Amina"},
        "from": {"id": 501, "is_bot": False, "first_name": "Amina", "language_code": "en"},
        "text": "/start ABC",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    },
}
TAP = {
    "update_id": 8,
    "callback_query": {
        "id": "4382",
        "from": UPDATE["message"]["from"],
        "chat_instance": "1",
        "data": "AQEB",
        "message": {**UPDATE["message"], "from": {"id": 1, "is_bot": True, "first_name": "Lollipop"}},
    },
}
MEMBER = {
    "update_id": 9,
    "my_chat_member": {
        "chat": UPDATE["message"]["chat"],
        "from": UPDATE["message"]["from"],
        "date": 1_790_000_000,
        "old_chat_member": {"user": UPDATE["message"]["from"], "status": "member"},
        "new_chat_member": {"user": UPDATE["message"]["from"], "status": "kicked", "until_date": 0},
    },
}
PHOTO = {
    "update_id": 10,
    "message": {
        **{name: value for name, value in UPDATE["message"].items() if name not in {"text", "entities"}},
        "photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}],
        "caption": "words with it",
    },
}


@dataclass
class Doors:
    """All of them, open. `number` makes every arrival a new one."""

    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    number: int = 0
    slack: Any = None
    telegram: Any = None
    product: Product | None = None
    clock: SetClock = field(default_factory=lambda: SetClock(NINE))
    posts: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    key: SecretKey | None = None

    async def open(self, folder: Path) -> None:
        """Before the first knock."""
        self.slack = await self.stack.enter_async_context(building(app_token=None, signing_secret=SIGNING))
        public = "https://school.example"
        told = {"mode": "webhook", "public_url": public, "webhook_secret": SECRET}
        self.telegram = await self.stack.enter_async_context(staged(**told))
        await self.telegram.channel.start()
        self.product = await asyncio.to_thread(self._built, folder)
        apps = {
            "slack": Starlette(routes=self.slack.channel.routes()),
            "telegram": Starlette(routes=list(self.telegram.channel.routes())),
            "web": self.product.app,
        }
        for name, app in apps.items():
            # A fault of the app is raised here, and not made into a page: nothing may be one.
            transport = httpx.ASGITransport(app, client=("192.0.2.1", 1))
            client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
            self.posts[name] = await self.stack.enter_async_context(client)

    def _built(self, folder: Path) -> Product:
        product = build(
            demo.prepare(folder, 8000),
            machine_clock=self.clock,
            school_clock=self.clock,
            make_vault=lambda engines: SqlVault(engines, costs=QUICK),
            library=load_library(),
        )
        said = Sensitive(demo.PASSPHRASE)
        pair = product.house.vault.pair(person="dilys", key_id=product.house.new_id(NINE), passphrase=said)
        with product.house.units.write("oakfield") as unit:
            unit.concerns.add_key(pair, now=NINE)
            unit.commit()
        self.key = product.house.vault.unlock([pair], said)
        return product

    async def close(self) -> None:
        """After the last."""
        await self.stack.aclose()
        if self.product:
            self.product.counter.close()
            self.product.engines.close()

    def next(self) -> int:
        self.number += 1
        # So that no bound of ours is what is tried: a second school day for each few.
        self.clock.move_to(datetime.fromtimestamp(NINE.timestamp() + 60 * self.number, UTC))
        return self.number

    # Slack.

    async def slack_bytes(self, given: tuple[bytes, str]) -> None:
        """Signed, and of any shape."""
        body, kind = given
        answer = await self.posts["slack"].post("/slack/events", content=body, headers=_signed(body, kind))
        await self.slack.channel.drained()
        assert answer.status_code < 500, answer.status_code
        self.slack.desk.asked.clear()

    async def slack_message(self, said: str) -> None:
        """A private message: its words come to the desk to the letter, wrapped."""
        event = message(text=said)
        event["event_id"] = f"Ev{self.next()}"
        event["event"]["ts"] = event["event"]["client_msg_id"] = f"{self.number}.1"
        body = json.dumps(event).encode()
        answer = await self.posts["slack"].post("/slack/events", content=body, headers=_signed(body, JSON_KIND))
        await self.slack.channel.drained()
        assert answer.status_code == 200
        came = [asked.words["words"].reveal() for asked in self.slack.desk.asked if asked.verb == "words"]
        self.slack.desk.asked.clear()
        assert came == ([unescape(said)] if said.strip() else [])

    async def slack_report(self, said: str) -> None:
        """The form that came back."""
        sent = {**SENT, "words": {"private": {"type": "plain_text_input", "value": said}}}
        view = submission(drawn_form(), sent)
        view["view"]["id"] = f"V{self.next()}"
        body = urlencode({"payload": json.dumps(view)}).encode()
        answer = await self.posts["slack"].post("/slack/events", content=body, headers=_signed(body, FORM))
        await self.slack.channel.drained()
        assert answer.status_code == 200
        (asked,) = self.slack.desk.asked
        self.slack.desk.asked.clear()
        assert asked.words["words"].reveal() == said
        assert said not in asked.args.values() or len(said) < 8

    # Telegram.

    async def telegram_bytes(self, body: bytes) -> None:
        """With the secret, and of any shape: Telegram is never told to send it for ever."""
        answer = await self.posts["telegram"].post(
            "/telegram/primary", content=body, headers={SECRET_HEADER: SECRET, "Content-Type": JSON_KIND}
        )
        assert answer.status_code in {200, 413}, answer.status_code
        self.telegram.desk.handled.clear()
        self.telegram.desk.asked.clear()

    async def telegram_message(self, said: str) -> None:
        """Words in a chat come to the desk to the letter, whatever command they follow."""
        number = self.next()
        written = {**UPDATE["message"], "message_id": number, "text": said, "entities": []}
        update = {"update_id": 1_000_000 + number, "message": written}
        self.telegram.desk.handled.clear()
        await self.telegram_bytes_kept(json.dumps(update).encode())
        came = [asked.words["words"].reveal() for asked in self.telegram.desk.handled if asked.words]
        if not said.startswith("/"):
            assert came == [said]
        else:
            rest = said[1:].partition(" ")[2].strip()
            codes = [asked.args.get("code") for asked in self.telegram.desk.handled]
            assert not rest or rest in codes or any(rest in each for each in came) or any(said == each for each in came)

    async def telegram_bytes_kept(self, body: bytes) -> None:
        answer = await self.posts["telegram"].post(
            "/telegram/primary", content=body, headers={SECRET_HEADER: SECRET, "Content-Type": JSON_KIND}
        )
        assert answer.status_code == 200

    # The web.

    async def web_bytes(self, given: tuple[str, bytes, str]) -> None:
        """Any bytes as any kind of form, at every page that takes one."""
        path, body, kind = given
        self.next()
        answer = await self.posts["web"].post(path, content=body, headers={"Content-Type": kind})
        assert answer.status_code < 500, (answer.status_code, path)

    async def web_address(self, given: tuple[str, dict[str, str]]) -> None:
        """Any question in an address."""
        path, asked = given
        answer = await self.posts["web"].get(path, params=asked)
        assert answer.status_code < 500

    async def web_report(self, given: tuple[str, str, bool]) -> None:
        """A child's words by the real form: sealed to the letter, or given back with a sentence."""
        said, about, multipart = given
        self.next()
        web, desk = self.posts["web"], self.product
        assert desk is not None
        page = (await web.get("/report")).text
        once = re.search(r'name="once" value="([^"]*)"', page)
        assert once
        self.clock.move_to(datetime.fromtimestamp(self.clock.now().timestamp() + 20, UTC))
        fields = {"f-about": about, "w-words": said, "once": once[1]}
        if multipart:
            answer = await web.post("/report", files={name: (None, value.encode()) for name, value in fields.items()})
        else:
            answer = await web.post("/report", data=fields)
        clean = said.replace("\r\n", "\n").replace("\r", "\n")
        clean = "".join(letter for letter in clean if letter in "\n\t" or (ord(letter) >= 32 and ord(letter) != 127))
        if about != "pupil" or says_nothing(Sensitive(clean)):
            assert answer.status_code == 422
            assert 'class="problem' in answer.text or "There is a problem" in answer.text
            return
        assert answer.status_code == 200, answer.status_code
        assert RECEIPT.search(answer.text)
        assert await asyncio.to_thread(self._newest) == clean

    def _newest(self) -> str:
        assert self.product is not None
        assert self.key is not None
        with self.product.house.units.read("oakfield") as unit:
            with self.product.engines.reading() as connection:
                last = select(vault_concern.c.id).order_by(vault_concern.c.received.desc()).limit(1)
                newest = connection.execute(last).one()
            return unit.concerns.open(newest.id, person="dilys", key=self.key).words.reveal()


def _json(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


def _payload(value: Any) -> bytes:
    return urlencode({"payload": json.dumps(value)}).encode()


def _part(name: str, value: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return head.encode() + value + b"\r\n"


WHOLE_FORM = b"".join(
    (
        _part("f-about", b"pupil"),
        _part("w-words", "Zażółć 😢".encode()),
        _part("once", b"x" * 66),
        f"--{BOUNDARY}--\r\n".encode(),
    )
)
WITH_A_FILE = WHOLE_FORM.replace(b'name="w-words"', b'name="w-words"; filename="a.png"')
SLACK_JSON = st.one_of(nearly(message(text="hello"), {"type": "url_verification", "challenge": "c"}), ANY_JSON).map(
    lambda value: (_json(value), JSON_KIND)
)
SLACK_FORM = st.one_of(
    nearly(submission(drawn_form(), SENT), ACTION, SHORTCUT).map(lambda value: (_payload(value), FORM)),
    nearly(command("/lesson", "Oak", base="http://127.0.0.1:1")).map(
        lambda value: (urlencode(value if isinstance(value, dict) else {"x": "y"}, errors="replace").encode(), FORM)
    ),
    torn(urlencode(command("/report", "x", base="http://127.0.0.1:1")).encode()).map(lambda value: (value, FORM)),
)
WEB_PATHS = st.sampled_from(
    ["/report", "/report/receipt", "/inbox", "/inbox/sign-in", "/inbox/enrol", "/inbox/sign-out"]
)
WEB_BODIES = st.one_of(
    st.tuples(torn(b"f-about=pupil&w-words=Za%C5%BC%C3%B3%C5%82%C4%87&once=x&w-receipt=7KQ4&go=AQEB"), st.just(FORM)),
    st.tuples(torn(WHOLE_FORM, WITH_A_FILE), st.just(f"multipart/form-data; boundary={BOUNDARY}")),
    st.tuples(
        torn(WHOLE_FORM),
        st.sampled_from(["multipart/form-data", f'multipart/form-data; boundary="{BOUNDARY}"; charset=x']),
    ),
    st.tuples(
        st.binary(max_size=80), st.sampled_from([FORM, JSON_KIND, "", "text/plain", "multipart/form-data; boundary="])
    ),
)
ADDRESSES = st.sampled_from(["/", "/report", "/report/receipt", "/inbox", "/news", "/nowhere", "/lessons/x/present"])
QUESTIONS = st.dictionaries(
    st.sampled_from(["lang", "kiosk", "code", "level", "step", "x"]),
    st.text(max_size=20).filter(lambda v: v.isprintable()),
    max_size=4,
)
DOORS: Mapping[str, tuple[str, st.SearchStrategy[Any]]] = {
    "slack events": ("slack_bytes", SLACK_JSON),
    "slack forms": ("slack_bytes", SLACK_FORM),
    "slack messages": ("slack_message", st.one_of(WHOLE_TEXT, ANY_TEXT)),
    "slack reports": ("slack_report", WHOLE_TEXT.filter(lambda said: bool(said.strip()))),
    "telegram updates": (
        "telegram_bytes",
        st.one_of(nearly(UPDATE, TAP, MEMBER, PHOTO).map(_json), ANY_JSON.map(_json), torn(_json(UPDATE), _json(TAP))),
    ),
    "telegram messages": ("telegram_message", st.one_of(WHOLE_TEXT, WHOLE_TEXT.map(lambda said: f"/report {said}"))),
    "web posts": ("web_bytes", st.tuples(WEB_PATHS, WEB_BODIES).map(lambda given: (given[0], *given[1]))),
    "web addresses": ("web_address", st.tuples(ADDRESSES, QUESTIONS)),
    "web reports": (
        "web_report",
        st.tuples(WHOLE_TEXT, st.sampled_from(["pupil", "pupil", "pupil", "?"]), st.booleans()),
    ),
}
