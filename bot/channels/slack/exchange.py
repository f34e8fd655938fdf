"""Where payloads come in, by post or over a socket, and which workspace's listeners they are handed to.

One app may be installed in several workspaces, each a school's: then all their payloads come in at one place, and the
team id in each says whose it is.
"""

import json
import logging
from typing import Any, Protocol

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.logs import log
from bot.wire import Via
from school.words import Refusal, Text

CLOSED = "Lollipop is starting or stopping. Please send this again."


class WorkspaceTakenError(Refusal):
    """Two schools whose tokens lead to one workspace of one app: nobody could say whose a message is."""

    text = Text(
        "The schools {school} and {other} are connected to the same Slack workspace with the same app, so that nobody "
        "could say whose a message is. Give each school the bot token of its own workspace.",
    )


class Workspace(Protocol):
    """One school's Slack, as an exchange sees it."""

    school: str
    app: AsyncApp

    @property
    def team(self) -> str:
        """The workspace's id by auth.test; empty until Slack has said it for the first time."""

    @property
    def is_open(self) -> bool:
        """Whether it can answer."""

    @property
    def signing_secret(self) -> str:
        """What its posts are signed with; empty where none come."""


class Exchange:
    """Stands where Bolt's adapters expect an app. A lone workspace gets everything; of several, each gets its own."""

    # Bolt's adapters ask for it on GET.
    oauth_flow = None

    def __init__(self) -> None:
        self._workspaces: list[Workspace] = []

    def join(self, workspace: Workspace) -> None:
        """From now on this one may be handed something."""
        self._workspaces.append(workspace)

    def check_team(self, workspace: Workspace) -> None:
        """Raises WorkspaceTakenError where one that joined earlier is this workspace already: the first stays."""
        for other in self._workspaces[: self._workspaces.index(workspace)]:
            if other.is_open and other.team == workspace.team:
                raise WorkspaceTakenError(school=workspace.school, other=other.school)

    async def async_dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        """As AsyncApp's. Each app checks the signature of what it is handed with its own secret."""
        if len(self._workspaces) == 1:
            return await self._workspaces[0].app.async_dispatch(request)
        team = request.context.team_id
        found = next((each for each in self._workspaces if team and each.team == team), None)
        if found is not None:
            return await found.app.async_dispatch(request) if found.is_open else _come_again()
        signer = next((each for each in self._workspaces if _signed(request, each.signing_secret)), None)
        if request.mode == "http" and (signer is None or not team):
            # Nobody's signature is answered with 401 by whichever app; url_verification has no team.
            return await (signer or self._workspaces[0]).app.async_dispatch(request)
        if not all(each.team for each in self._workspaces):
            return _come_again()  # it may be for the school that has not been able to say hello yet
        log("slack.unknown_team", level=logging.WARNING, via=Via.SLACK, outcome="dropped: no school's workspace")
        return BoltResponse(status=200, body="")


def _signed(request: AsyncBoltRequest, secret: str) -> bool:
    if request.mode != "http" or not secret:
        return False
    stamps, signatures = (
        request.headers.get(name, [""]) for name in ("x-slack-request-timestamp", "x-slack-signature")
    )
    verifier: Any = SignatureVerifier(secret)
    try:
        return bool(verifier.is_valid(body=request.raw_body, timestamp=stamps[0], signature=signatures[0]))
    except ValueError:  # a timestamp that is no number
        return False


def _come_again() -> BoltResponse:
    """Neither done nor acknowledged: Slack sends it once more."""
    return BoltResponse(status=503, body=json.dumps({"error": CLOSED}), headers={"content-type": "application/json"})
