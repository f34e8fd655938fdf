"""What the stand-in refuses, as Slack says it.

Source: https://docs.slack.dev/apis/web-api/#slack-web-api__evaluating-responses.
"""

from collections.abc import Sequence
from typing import Any


class CannotActError(ValueError):
    """Slack's own window would not let a person do that."""


class SlackError(Exception):
    """A call is refused: `{"ok": false, "error": code}`, always with HTTP 200 but for a 429 and a 5xx."""

    def __init__(
        self,
        code: str,
        messages: Sequence[str] = (),
        *,
        status: int = 200,
        retry_after: int | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        """Say why.

        Args:
            code: Slack's short code, such as `channel_not_found`.
            messages: sentences for `response_metadata.messages`, which developers read.
            status: the HTTP status.
            retry_after: whole seconds for the `Retry-After` header.
            extra: further fields of the answer, such as `needed` of `missing_scope`.
        """
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.status = status
        self.retry_after = retry_after
        self.extra = extra or {}

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        told: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            told["errors"] = list(self.messages)
            told["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return told
