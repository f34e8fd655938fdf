"""Argon2id: slow on purpose, and a few at once."""

import struct
import threading
from dataclasses import dataclass

from nacl.pwhash import argon2id

# Each takes 64 MiB and a tenth of a second: a flood of guesses must not take the machine.
AT_ONCE = 4
HEAD = struct.Struct(">BBBI")  # what stands before a slow wrap: version, algorithm, passes, memory in KiB
# A row that was changed must not make this machine take all its memory: costs beyond these are no costs of ours.
MOST_PASSES, MOST_KIB = 16, 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What one Argon2id costs. The default takes about 0.09 s on two cores (measured: reporting.md, 4.4)."""

    passes: int = 3
    memory_bytes: int = 64 * 1024 * 1024

    def head(self, *, version: int, algorithm: int) -> bytes:
        """As it stands before what it protects."""
        return HEAD.pack(version, algorithm, self.passes, self.memory_bytes // 1024)

    @classmethod
    def of(cls, passes: int, kib: int) -> "Costs":
        """As they were written down. Raises ValueError where they cannot be ours."""
        if passes > MOST_PASSES or kib > MOST_KIB:
            raise ValueError(passes, kib)
        return cls(passes=passes, memory_bytes=kib * 1024)


# For tests and for nothing else: the least that Argon2id allows.
QUICK = Costs(passes=1, memory_bytes=8 * 1024)


class SlowHash:
    """Argon2id, a few at once."""

    def __init__(self, costs: Costs, *, at_once: int = AT_ONCE) -> None:
        self.costs = costs
        self._turns = threading.BoundedSemaphore(at_once)

    def __call__(self, secret: bytes, *, salt: bytes, size: int, costs: Costs | None = None) -> bytes:
        """`size` bytes from a secret and a salt of 16 bytes."""
        costs = costs or self.costs
        with self._turns:
            return argon2id.kdf(size, secret, salt, opslimit=costs.passes, memlimit=costs.memory_bytes)
