"""For machines: is it up, is it ready, how is it doing. No words and no names in any of it."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

# Labels such as (("lane", "bulk"),) and the value for them.
Metrics = Mapping[str, Mapping[tuple[tuple[str, str], ...], float]]
_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")


@dataclass(frozen=True)
class MachinePages:
    """`/healthz`, `/readyz` and `/metrics`, for the whole process.

    `ready` says what everybody needs; `health` how each school's own channels are, where there are several schools.
    """

    ready: Callable[[], Awaitable[Mapping[str, bool]]]
    metrics: Callable[[], Awaitable[Metrics]]
    health: Callable[[], Mapping[str, Mapping[str, bool]]] = dict

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            Route("/healthz", self.healthz, methods=["GET"]),
            Route("/readyz", self.readyz, methods=["GET"]),
            Route("/readyz/{school}", self.readyz_of, methods=["GET"]),
            Route("/metrics", self.show_metrics, methods=["GET"]),
        ]

    async def healthz(self, _: Request) -> Response:
        """The process is up."""
        return PlainTextResponse("ok\n")

    async def readyz(self, _: Request) -> Response:
        """200 where everything that is needed answers, else 503; each by name."""
        parts, schools = dict(await self.ready()), {school: dict(each) for school, each in self.health().items()}
        ready = all(parts.values())
        told: dict[str, object] = {"ready": ready, "parts": parts}
        return JSONResponse(told | ({"schools": schools} if len(schools) > 1 else {}), 200 if ready else 503)

    async def readyz_of(self, request: Request) -> Response:
        """The same for one school, with its own channels."""
        own = self.health().get(request.path_params["school"])
        if own is None:
            raise HTTPException(404)
        parts = {**await self.ready(), **own}
        ready = all(parts.values())
        return JSONResponse({"ready": ready, "parts": parts}, 200 if ready else 503)

    async def show_metrics(self, _: Request) -> Response:
        """Prometheus text format 0.0.4."""
        return PlainTextResponse(prometheus(await self.metrics()), media_type="text/plain; version=0.0.4")


def prometheus(metrics: Metrics) -> str:
    """Each name with its kind and its lines. Raises ValueError on a name that Prometheus does not take."""
    lines = []
    for name, values in metrics.items():
        if not _NAME.fullmatch(name):
            msg = f"{name} is not a metric's name"
            raise ValueError(msg)
        lines.append(f"# TYPE {name} {'counter' if name.endswith('_total') else 'gauge'}")
        lines.extend(f"{name}{_labels(labels)} {value}" for labels, value in values.items())
    return "\n".join(lines) + "\n"


def _labels(labels: tuple[tuple[str, str], ...]) -> str:
    inside = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels)
    return f"{{{inside}}}" if inside else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
