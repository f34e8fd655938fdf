"""The HTTP side of the Web API and of response URLs.

Source: https://docs.slack.dev/apis/web-api and https://docs.slack.dev/interactivity/handling-user-interaction.
"""

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from bot.playground.slack import methods_chat, methods_rest
from bot.playground.slack.blocks import check_message_blocks
from bot.playground.slack.call import METHODS, Call, Method, check
from bot.playground.slack.entries import fill_ids
from bot.playground.slack.errors import SlackError
from bot.playground.slack.faults import Drop, Fault, Refuse, ServerError, Stall, TooMany
from bot.playground.slack.model import CallRecord, Json, ResponseUrl
from bot.playground.slack.state import RESPONSE_URL_USES
from bot.playground.slack.world import SlackWorld

FAMILIES = (methods_chat, methods_rest)
"""Importing them fills `METHODS`."""
ANSWER_FIELDS = frozenset(
    {
        "text",
        "blocks",
        "attachments",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
        "unfurl_links",
        "unfurl_media",
        "metadata",
        "mrkdwn",
    }
)


class BrokenResponse(Response):
    """An answer whose connection breaks half-way: it promises more than it sends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Begin the answer, and leave it there."""
        headers = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"ok":', "more_body": True})


def base_of(connection: HTTPConnection) -> str:
    """The address that the stand-in is reached at, with the prefix it is mounted under and no slash at the end."""
    prefix = str(connection.scope.get("root_path", "")).rstrip("/")
    return f"{connection.url.scheme}://{connection.url.netloc}{prefix}"


async def answer(world: SlackWorld, request: Request) -> Response:
    """Answer one request to `/api/<method>`."""
    world.base_url = base_of(request)
    name = request.path_params["method"]
    call, status, code = Call(world, name), 200, None
    try:
        call.arguments = await _read(request)
        token = _token(request, call)
        found = METHODS.get(name)
        if found is None:
            raise SlackError("unknown_method", extra={"req_method": name})
        _check_token(world, found, token)
        told = await _with_fault(world, name, lambda: _carry_out(found, call))
        if told is None:
            code = "connection_dropped"
            return BrokenResponse()
        return JSONResponse({"ok": True, **told})
    except SlackError as error:
        status, code = error.status, error.code
        return _refused(error)
    finally:
        world.calls.append(CallRecord(name, call.arguments, status, code))
        world.changed()


def _refused(error: SlackError) -> Response:
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else {}
    return JSONResponse(error.body(), status_code=error.status, headers=headers)


async def _read(request: Request) -> Json:
    """The arguments of the address and of the body, as a form or as JSON."""
    given: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return given | body
    if kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        async with request.form() as form:
            return given | {name: value for name, value in form.multi_items() if isinstance(value, str)}
    return given


def _token(request: Request, call: Call) -> str:
    """The token of the header or among the arguments, which it is then taken from."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    given = str(call.arguments.pop("token", "") or "")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else given


def _check_token(world: SlackWorld, found: Method, token: str) -> None:
    """Raises SlackError: `not_authed`, `invalid_auth`, `not_allowed_token_type`, `missing_scope` or what is planted."""
    if not token:
        raise SlackError("not_authed")
    if token not in {world.bot_token, world.app_token}:
        raise SlackError("invalid_auth")
    if (token == world.app_token) != found.app_level:
        raise SlackError("not_allowed_token_type")
    if world.token_error:
        raise SlackError(world.token_error)
    if world.scopes is not None and found.scope and found.scope not in world.scopes:
        provided = ",".join(sorted(world.scopes))
        raise SlackError("missing_scope", extra={"needed": found.scope, "provided": provided})


def _carry_out(found: Method, call: Call) -> Json:
    check(found, call)
    return found.handler(call)


async def _with_fault(world: SlackWorld, name: str, work: Callable[[], Json]) -> Json | None:
    """Do the work with the fault that was planted; None means that the connection is to break."""
    fault: Fault | None = world.faults.take(name)
    match fault:
        case TooMany():
            raise SlackError("ratelimited", status=429, retry_after=fault.retry_after)
        case Refuse():
            raise SlackError(fault.code)
        case ServerError():
            if fault.carried_out:
                work()
            raise SlackError("service_unavailable", status=fault.status)
        case Drop():
            if fault.carried_out:
                work()
            return None
        case Stall():
            early = work() if fault.carried_out else None
            world.changed()
            await world.faults.stall()
            return early if early is not None else work()
    return work()


async def respond(world: SlackWorld, request: Request) -> Response:
    """Answer one post to a response URL; the refusals are those that people report, for Slack lists none.

    Source: https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses.
    """
    given: Json = {}
    status, code = 200, None
    try:
        given = await _read(request)
        url = _live(world, request.path_params["key"])
        told = await _with_fault(world, "response_url", lambda: _show(world, url, given))
        if told is None:
            code = "connection_dropped"
            return BrokenResponse()
        return PlainTextResponse("ok")
    except SlackError as error:
        status, code = (400 if error.status == 200 else error.status), error.code
        error.status = status
        return _refused(error)
    finally:
        world.calls.append(CallRecord("response_url", given, status, code))
        world.changed()


def _live(world: SlackWorld, key: str) -> ResponseUrl:
    url = world.response_urls.get(key)
    if url is None:
        raise SlackError("invalid_url", status=404)
    if world.seconds() > url.expires:
        raise SlackError("expired_url", status=404)
    if url.uses >= RESPONSE_URL_USES:
        raise SlackError("used_url", status=404)
    return url


def _show(world: SlackWorld, url: ResponseUrl, given: Json) -> Json:
    unknown = [f"unknown field: {name}" for name in given if name not in ANSWER_FIELDS]
    if unknown:
        raise SlackError("invalid_arguments", unknown)
    channel = world.channels[url.channel]
    original: Any = channel.messages.get(url.message_ts) if url.message_ts else None
    if given.get("delete_original") is True:
        if original is None:
            raise SlackError("message_not_found", status=404)
        del channel.messages[original.ts]
    elif given.get("replace_original") is True and original is not None:
        blocks = check_message_blocks(given.get("blocks") or [])
        if not given.get("text") and not blocks:
            raise SlackError("no_text")
        original.text, original.blocks = given.get("text") or "", fill_ids(blocks, world.number())
        original.edited = None if original.ephemeral_for else world.new_ts()
    else:
        world.respond(url.user, channel, given)
    url.uses += 1
    return {}
