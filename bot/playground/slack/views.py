"""Modals and Home tabs: opening, pushing, updating, and how an app's answer to a submission changes them.

Source: https://docs.slack.dev/surfaces/modals and https://docs.slack.dev/surfaces/app-home.
"""

from typing import Any

from bot.playground.slack.blocks import check_view
from bot.playground.slack.dispatch import Dispatch
from bot.playground.slack.entries import fill_ids, kept, state_of
from bot.playground.slack.errors import SlackError
from bot.playground.slack.model import Json, View

MAX_VIEWS = 3
"""https://docs.slack.dev/surfaces/modals/#lifecycle."""
TROUBLE = "We had some trouble connecting. Try again?"


class Views(Dispatch):
    """The workspace with its views. Everything here raises SlackError where Slack would refuse."""

    def view_json(self, view: View) -> Json:
        """A view as payloads and answers give it (https://docs.slack.dev/reference/views)."""
        given = view.definition
        words = {name: given.get(name) for name in ("title", "submit", "close")} if given["type"] == "modal" else {}
        return {
            "id": view.id,
            "team_id": self.team_id,
            "type": given["type"],
            "blocks": given["blocks"],
            "private_metadata": given.get("private_metadata") or "",
            "callback_id": given.get("callback_id") or "",
            "external_id": given.get("external_id") or "",
            "state": state_of(given["blocks"], view.entered),
            "hash": view.hash,
            **words,
            "clear_on_close": bool(given.get("clear_on_close")),
            "notify_on_close": bool(given.get("notify_on_close")),
            "previous_view_id": view.previous_id,
            "root_view_id": view.root_id,
            "app_id": self.app_id,
            "external_app_id": "",
            "app_installed_team_id": self.team_id,
            "bot_id": self.bot_id,
        }

    def modal(self, user: str) -> View | None:
        """The modal on top of a person's window."""
        return self.modals[user][-1] if self.modals.get(user) else None

    def view(self, view_id: str | None = None, external_id: str | None = None) -> View:
        """An open view by either id. Raises SlackError `not_found`."""
        for view in self._all_views():
            if view.id == view_id or (external_id and view.definition.get("external_id") == external_id):
                return view
        raise SlackError("not_found")

    def open_view(self, trigger_id: str, definition: Any) -> View:
        """Open a modal in place of whatever was open."""
        checked = check_view(definition, "modal")
        self._check_external_id(checked)
        trigger = self.spend_trigger(trigger_id)
        view = self._made(trigger.user, checked)
        self.modals[trigger.user] = [view]
        self.changed()
        return view

    def push_view(self, trigger_id: str, definition: Any) -> View:
        """Put a modal on top of the one in which the trigger id arose."""
        checked = check_view(definition, "modal")
        self._check_external_id(checked)
        trigger = self.spend_trigger(trigger_id)
        if not trigger.view_id or not self.modals.get(trigger.user):
            raise SlackError("not_found")
        return self._pushed(trigger.user, checked)

    def update_view(self, view: View, definition: Any, hash_: str | None = None) -> View:
        """Replace a view; what was entered stays where block id and action id stay."""
        if hash_ is not None and hash_ != view.hash:
            raise SlackError("hash_conflict")
        checked = check_view(definition, str(view.definition["type"]))
        self._check_external_id(checked, view)
        view.definition = {**checked, "blocks": fill_ids(checked["blocks"], self.number())}
        view.entered = kept(view.definition["blocks"], view.entered)
        view.errors = {}
        view.hash = self._new_hash()
        self.changed()
        return view

    def publish_view(self, user: str, definition: Any, hash_: str | None = None) -> View:
        """Show a Home tab."""
        checked = check_view(definition, "home")
        there = self.homes.get(user)
        if there is not None:
            return self.update_view(there, checked, hash_)
        if hash_ is not None:
            raise SlackError("hash_conflict")
        self._check_external_id(checked)
        view = self._made(user, checked)
        self.homes[user] = view
        self.changed()
        return view

    def answered(self, view: View, body: Any) -> None:
        """Do what the app's answer to a submission says (https://docs.slack.dev/surfaces/modals/#response_actions).

        An answer that Slack cannot follow leaves the modal open under a toast.
        """
        action = body.get("response_action") if isinstance(body, dict) else None
        try:
            if not body or (isinstance(body, dict) and action is None and not body.get("errors")):
                self._close_top(view)
            elif action == "clear":
                self.modals.pop(view.user, None)
            elif action == "update":
                self.update_view(view, body.get("view"))
            elif action == "push":
                checked = check_view(body.get("view"), "modal")
                self._check_external_id(checked)
                self._pushed(view.user, checked)
            elif action == "errors":
                view.errors = self._errors(view, body.get("errors"))
            else:
                raise SlackError("invalid_arguments", [f"unsupported response_action: {action}"])
        except SlackError as error:
            told = "; ".join([error.code, *error.messages])
            self.toast(view.user, "invalid_response", TROUBLE, told)
        self.changed()

    def _errors(self, view: View, errors: Any) -> dict[str, str]:
        inputs = {block["block_id"] for block in view.definition["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
            raise SlackError("invalid_arguments", ["errors must name block ids of input blocks"])
        if not all(isinstance(said, str) and said for said in errors.values()):
            raise SlackError("invalid_arguments", ["an error must be a sentence"])
        return dict(errors)

    def _close_top(self, view: View) -> None:
        stack = self.modals.get(view.user, [])
        if view in stack:
            del stack[stack.index(view) :]
        if not stack:
            self.modals.pop(view.user, None)

    def _pushed(self, user: str, checked: Json) -> View:
        stack = self.modals[user]
        if len(stack) >= MAX_VIEWS:
            raise SlackError("push_limit_reached")
        view = self._made(user, checked)
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)
        self.changed()
        return view

    def _made(self, user: str, checked: Json) -> View:
        number = self.number()
        view_id = f"V{number:08}"
        definition = {**checked, "blocks": fill_ids(checked["blocks"], number)}
        return View(view_id, user, definition, self._new_hash(), view_id)

    def _new_hash(self) -> str:
        return f"{self.new_ts().partition('.')[0]}.{self.number():08x}"

    def _check_external_id(self, checked: Json, own: View | None = None) -> None:
        wanted = checked.get("external_id")
        if wanted and any(
            view is not own and view.definition.get("external_id") == wanted for view in self._all_views()
        ):
            raise SlackError("duplicate_external_id")

    def _all_views(self) -> list[View]:
        return [*self.homes.values(), *(view for stack in self.modals.values() for view in stack)]
