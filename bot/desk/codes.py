"""Codes of authenticator apps (TOTP, RFC 6238): six digits, every half minute another."""

import hmac
from datetime import datetime

import pyotp

from school.sensitive import Sensitive

DIGITS = 6
# A phone's clock may be half a minute off, and typing takes a while: one step either side (RFC 6238, section 5.2).
EITHER_SIDE = 1


def fresh_secret() -> Sensitive:
    """160 random bits in base 32."""
    return Sensitive(pyotp.random_base32())


def app_address(secret: Sensitive, *, name: str, issuer: str) -> Sensitive:
    """As apps read it from a QR code."""
    return Sensitive(pyotp.TOTP(secret.reveal()).provisioning_uri(name=name, issuer_name=issuer))


def step_of(secret: Sensitive, code: Sensitive, *, now: datetime) -> int | None:
    """The time step that a code is of, in half minutes since 1970; None where it is of none near `now`.

    `now` is the machine's time: authenticators know nothing of the school's clock.
    """
    typed = "".join(code.reveal().split())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    totp = pyotp.TOTP(secret.reveal())
    here = totp.timecode(now)
    near = range(here - EITHER_SIDE, here + EITHER_SIDE + 1)
    right = [step for step in near if hmac.compare_digest(totp.generate_otp(step), typed)]
    return right[-1] if right else None
