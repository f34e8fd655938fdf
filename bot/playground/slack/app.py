"""The stand-in's addresses, to mount under any prefix."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from bot.playground.slack.api import answer, respond
from bot.playground.slack.world import SlackWorld


def slack_routes(world: SlackWorld) -> list[BaseRoute]:
    """The routes, relative to wherever they are mounted.

    - `/api/<method>`: the Web API. The SDK's base URL is the prefix and `/api/`.
    - `/link/`: Socket Mode, at the address that `apps.connections.open` gives.
    - `/response/<team>/<key>`: response URLs.
    - `/files/<id>`: downloads, recorded in `world.file_requests` and refused.
    """

    async def call(request: Request) -> Response:
        return await answer(world, request)

    async def later(request: Request) -> Response:
        return await respond(world, request)

    async def link(websocket: WebSocket) -> None:
        await world.sockets.serve(websocket)

    async def download(request: Request) -> Response:
        world.file_requests.append(request.path_params["path"])
        return Response("Not Found", status_code=404)

    return [
        Route("/api/{method}", call, methods=["GET", "POST"]),
        WebSocketRoute("/link/", link),
        Route("/response/{team}/{key}", later, methods=["POST"]),
        Route("/files/{path:path}", download, methods=["GET"]),
    ]
