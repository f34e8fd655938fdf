"""The stand-in's addresses, to mount under any prefix."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.playground.telegram.api import answer
from bot.playground.telegram.state import State


def telegram_routes(world: State) -> list[BaseRoute]:
    """The routes, relative to wherever they are mounted.

    - `/bot<token>/<method>`: the Bot API. The SDK's base URL is the prefix and `/bot`.
    - `/file/bot<token>/<path>`: downloads, recorded in `world.file_requests` and refused.
    - `/files/<file_id>`: what a bot has uploaded, for the page that shows the chat; the real server has no such thing.
    """

    async def call(request: Request) -> Response:
        return await answer(world, request)

    async def download(request: Request) -> Response:
        world.file_requests.append(request.path_params["path"])
        return Response("Not Found", status_code=404)

    async def show(request: Request) -> Response:
        stored = world.files.get(request.path_params["file_id"])
        if stored is None or not stored.content:
            return Response("Not Found", status_code=404)
        shown = stored.mime_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": "inline" if shown else "attachment",
            "Content-Security-Policy": "sandbox",
        }
        kind = stored.mime_type if shown else "application/octet-stream"
        return Response(stored.content, media_type=kind, headers=headers)

    return [
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", download, methods=["GET"]),
        Route("/files/{file_id}", show, methods=["GET"]),
    ]
