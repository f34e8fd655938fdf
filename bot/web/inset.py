"""`/inset/<ticket>/slides.pptx` and `/inset/<ticket>/agenda.pdf`: for whoever was given the signed link in Slack."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.addresses import InsetFile, inset_path
from bot.web.asking import ask, broken, incoming, status_of
from bot.web.papers import handed_out
from bot.web.site import Site


@dataclass
class InsetPages:
    """The files of one school. The desk looks at the ticket."""

    site: Site

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [Route(inset_path(each, "{ticket}"), self._handing_out(each), methods=["GET"]) for each in InsetFile]

    def _handing_out(self, file: InsetFile) -> Callable[[Request], Awaitable[Response]]:
        async def hand_out(request: Request) -> Response:
            view = self.site.view(request)
            asked = incoming(view, "inset.paper", args={"t": request.path_params["ticket"], "as": file})
            answer = await ask(self.site.desk, asked)
            if answer is None:
                return broken(view, again=True)
            if answer.paper is not None:
                return await handed_out(view, answer.paper)
            return view.answer(answer, status=status_of(answer, refused=403))

        return hand_out
