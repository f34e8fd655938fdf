"""Serve an ASGI application in this process, on loopback, for as long as a `with` block lasts."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Generator

import uvicorn
from starlette.types import ASGIApp

LOOPBACK = "127.0.0.1"


class _InProcess(uvicorn.Server):
    """A server that says when it is up and leaves the signals to whoever started the process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self.stopping = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.up.set()

    async def main_loop(self) -> None:
        await self.stopping.wait()  # uvicorn's own loop looks ten times a second

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@contextlib.asynccontextmanager
async def serve(app: ASGIApp, port: int = 0, *, grace_seconds: int = 1) -> AsyncIterator[str]:
    """Run `app` and yield its base URL, without a slash at the end, such as `http://127.0.0.1:43121`.

    Args:
        app: any ASGI application; its lifespan, if it has one, is run.
        port: a port on 127.0.0.1; 0 takes a free one.
        grace_seconds: how long answers under way (a long poll, say) may still take when the block ends.

    Raises:
        OSError: the port is taken.
        RuntimeError: the application did not start.
    """
    # asyncio sets TCP_NODELAY only where the protocol is named; without it every answer waits 40 ms for Nagle.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    with contextlib.closing(listener):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="critical",
            access_log=False,
            date_header=False,
            timeout_graceful_shutdown=grace_seconds,
        )
        server = _InProcess(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        waiting = asyncio.create_task(server.up.wait())
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        try:
            if running.done() or not server.started:
                raise RuntimeError("The application did not start.")
            yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        finally:
            waiting.cancel()
            server.should_exit = True
            server.stopping.set()
            await running
