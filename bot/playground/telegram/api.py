"""The HTTP side of the Bot API: reads a request, finds the method, answers (https://core.telegram.org/bots/api#making-requests).

Stricter than the real server: a field that a method does not have, or that is not modelled here, is a 400 that
names it, where the real one passes over it.
"""

import asyncio
import contextlib
import inspect
import json
from collections.abc import Awaitable
from typing import Any, TypeVar

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.playground.telegram import methods_messages, methods_polls, methods_setup
from bot.playground.telegram.call import METHODS, Call, Method, Upload
from bot.playground.telegram.errors import ApiError, bad, too_many
from bot.playground.telegram.faults import Drop, Fault, Refuse, ServerError, Stall, TooMany
from bot.playground.telegram.model import Bot, CallRecord
from bot.playground.telegram.state import State

FAMILIES = (methods_setup, methods_messages, methods_polls)
"""Importing them fills `METHODS`."""
MAX_FIELDS = 1000
MAX_PART_BYTES = 52 * 1024 * 1024

T = TypeVar("T")


class _HungUpError(Exception):
    """The caller went away before there was an answer."""


class BrokenResponse(Response):
    """An answer whose connection breaks half-way: it promises more than it sends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Begin the answer, and leave it there."""
        headers = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"ok":', "more_body": True})


async def answer(state: State, request: Request) -> Response:
    """Answer one request to `/bot<token>/<method>`."""
    bot = state.bot_with(request.path_params["token"])
    if bot is None:
        return _refused(ApiError(401, "Unauthorized"))
    found = METHODS.get(request.path_params["method"].lower())
    if found is None:
        return _refused(ApiError(404, "Not Found"))
    try:
        call = await _read(state, bot, request)
    except ApiError as error:
        return _refused(error)
    code, description = 0, "the connection was dropped"
    try:
        result = await _faulty(call, found, request, state.faults.take(found.name))
        if result is None:
            return BrokenResponse()
        code, description = 200, ""
        return JSONResponse({"ok": True, "result": result})
    except ApiError as error:
        code, description = error.code, error.description
        return _refused(error)
    except _HungUpError:
        description = "the caller hung up"
        return Response(status_code=499)
    finally:
        fields = call.values | {name: f"<{upload.name}>" for name, upload in call.uploads.items()}
        state.calls.append(CallRecord(bot.id, found.name, fields, code, description, state.clock()))


def _refused(error: ApiError) -> Response:
    after = error.parameters.get("retry_after")
    headers = {"Retry-After": str(after)} if after is not None else {}
    return JSONResponse(error.body(), status_code=error.code, headers=headers)


async def _read(state: State, bot: Bot, request: Request) -> Call:
    """The fields of the address and of the body, whichever of the four forms it has."""
    call = Call(state, bot, dict(request.query_params))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            raise bad("can't parse JSON body") from None
        if not isinstance(body, dict):
            raise bad("the body must be a JSON object")
        call.values |= body
    elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        async with request.form(max_fields=MAX_FIELDS, max_part_size=MAX_PART_BYTES) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    mime_type = value.content_type or "application/octet-stream"
                    call.uploads[name] = Upload(value.filename or name, mime_type, await value.read())
                else:
                    call.values[name] = value
    return call


async def _faulty(call: Call, found: Method, request: Request, fault: Fault | None) -> Any:
    """Carry the call out with the fault that was planted; None means that the connection is to break."""
    match fault:
        case TooMany():
            raise too_many(fault.retry_after)
        case Refuse():
            raise fault.error
        case ServerError():
            if fault.carried_out:
                await _carry_out(call, found, request)
            raise ApiError(fault.status, "Bad Gateway" if fault.status == 502 else "Internal Server Error")
        case Drop():
            if fault.carried_out:
                await _carry_out(call, found, request)
            return None
        case Stall():
            early = await _carry_out(call, found, request) if fault.carried_out else None
            await _while_connected(request, call.state.faults.stall())
            return early if fault.carried_out else await _carry_out(call, found, request)
    return await _carry_out(call, found, request)


async def _carry_out(call: Call, found: Method, request: Request) -> Any:
    attached = {
        str(value).removeprefix("attach://") for value in call.values.values() if str(value).startswith("attach://")
    }
    for name in [*call.values, *(name for name in call.uploads if name not in attached)]:
        if name not in found.fields:
            raise bad(f'unknown field "{name}" in {found.name} (the stand-in refuses what it does not know)')
    result = found.handler(call)
    return await _while_connected(request, result) if inspect.isawaitable(result) else result


async def _while_connected(request: Request, work: Awaitable[T]) -> T:
    """Wait for `work`, but stop when the caller hangs up, so that a dead poll confirms nothing later."""
    working = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_hang_up(request))
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise _HungUpError
        return working.result()
    finally:
        for task in (working, gone):
            if not task.done():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


async def _hang_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
