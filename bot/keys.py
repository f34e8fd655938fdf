"""Signing keys on disk: one file in the home folder, readable by its owner alone; the newest key signs."""

import hashlib
import hmac
import json
import secrets
from pathlib import Path

from bot.tokens import Signer

FILE = "signing-keys.json"
KEY_BYTES = 32


def load_keys(home: Path) -> tuple[tuple[int, bytes], ...]:
    """The keys, newest first; made on first use. Ids go from 1 to 255."""
    path = home / FILE
    if not path.exists():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = json.dumps([{"id": 1, "key": secrets.token_hex(KEY_BYTES)}])
        path.touch(mode=0o600)
        path.write_text(fresh, "utf-8")
    read = json.loads(path.read_text("utf-8"))
    return tuple((int(entry["id"]), bytes.fromhex(entry["key"])) for entry in read)


def signer(home: Path, school: str) -> Signer:
    """What signs for a school."""
    return Signer(school, load_keys(home))


def webhook_secret(home: Path, school: str) -> str:
    """The secret that Telegram sends along with each webhook call: derived, so that it survives a restart."""
    _, key = load_keys(home)[0]
    return hmac.new(key, b"telegram webhook\0" + school.encode(), hashlib.sha256).hexdigest()
