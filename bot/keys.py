"""Signing keys on disk: one file in the home folder, readable by its owner alone; the newest key signs."""

import hashlib
import hmac
import json
import secrets
from pathlib import Path

from bot.tokens import Signer

FILE = "signing-keys.json"
KEY_BYTES = 32
LARGEST_ID = 255  # a byte in the token


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


def rotate(home: Path) -> tuple[int, ...]:
    """Add a key that signs from the next start on; all ids, newest first. Only the 255th older key is ever dropped.

    The file is replaced in one step, so that a process that starts meanwhile reads the old keys or the new ones.
    """
    kept = load_keys(home)[: LARGEST_ID - 1]
    used = {key_id for key_id, _ in kept}
    free = [key_id for key_id in range(1, LARGEST_ID + 1) if key_id not in used]
    fresh = next((key_id for key_id in free if key_id > max(used)), free[0])
    keys = ((fresh, secrets.token_bytes(KEY_BYTES)), *kept)
    beside = home / f"{FILE}.new"
    beside.touch(mode=0o600)
    beside.write_text(json.dumps([{"id": key_id, "key": key.hex()} for key_id, key in keys]), "utf-8")
    beside.replace(home / FILE)
    return tuple(key_id for key_id, _ in keys)


def signer(home: Path, school: str) -> Signer:
    """What signs for a school."""
    return Signer(school, load_keys(home))


def webhook_secret(home: Path, school: str) -> str:
    """The secret that Telegram sends along with each webhook call: derived, so that it survives a restart."""
    _, key = load_keys(home)[0]
    return hmac.new(key, b"telegram webhook\0" + school.encode(), hashlib.sha256).hexdigest()


def chat_keys(home: Path, school: str) -> tuple[bytes, ...]:
    """What a chat that is to be told something is sealed under meanwhile, newest first: derived, 32 bytes each."""
    told = b"chat on its way\0" + school.encode()
    return tuple(hmac.new(key, told, hashlib.sha256).digest() for _, key in load_keys(home))
