"""The refusals of the Bot API (https://core.telegram.org/bots/api#making-requests)."""

from typing import Any


class ApiError(Exception):
    """A refusal as the Bot API writes it: a code, a description and perhaps parameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON that is answered; see https://core.telegram.org/bots/api#responseparameters."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = dict(self.parameters)
        return answer


def bad(what: str, **parameters: int) -> ApiError:
    """A 400, with the server's usual words before `what`."""
    return ApiError(400, f"Bad Request: {what}", **parameters)


def forbidden(what: str) -> ApiError:
    """A 403, with the server's usual words before `what`."""
    return ApiError(403, f"Forbidden: {what}")


def too_many(retry_after_seconds: int) -> ApiError:
    """A 429; its parameter and the header `Retry-After` are whole seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after_seconds}", retry_after=retry_after_seconds)
