"""What a person can do in Slack. Each act goes to the app and comes back with the app's acknowledgement.

An act comes back with None where Slack would not tell the app at all.
"""

from typing import Any
from uuid import uuid4

from bot.playground.slack.blocks import check_message_blocks
from bot.playground.slack.entries import enter, entry, fill_ids, find, refusals, state_of
from bot.playground.slack.errors import CannotActError, SlackError
from bot.playground.slack.model import Ack, Channel, Json, Message, View
from bot.playground.slack.shapes import message_json
from bot.playground.slack.views import TROUBLE, Views

SILENT = "This app did not respond."
FILE_KINDS = ("image/png", "png", "PNG")


class People(Views):
    """The workspace, and what people do in it. `user` and `channel` are ids."""

    async def slash(self, user: str, command: str, text: str = "", channel: str | None = None) -> Ack:
        """Type a slash command, by default in the direct messages with the app.

        Source: https://docs.slack.dev/interactivity/implementing-slash-commands/#app_command_handling.

        Raises:
            CannotActError: the app has no such command (then Slack tells nobody), or it is no place of the person's.
        """
        if self.commands is not None and command not in self.commands:
            raise CannotActError(f"{command} is not a valid command.")
        here = self._place(user, channel)
        ack = await self.command(
            {
                "token": "standin",
                "team_id": self.team_id,
                "team_domain": self.team_domain,
                "channel_id": here.id,
                "channel_name": here.name,
                "user_id": user,
                "user_name": self.users[user].handle,
                "command": command,
                "text": text,
                "api_app_id": self.app_id,
                "is_enterprise_install": "false",
                "response_url": self.new_response_url(user, here.id),
                "trigger_id": self.new_trigger(user),
            }
        )
        if not ack.ok:
            self.toast(user, str(ack.error), f'{command} failed with the error "{ack.error}"', command)
        elif ack.body:
            try:
                self.respond(user, here, ack.body if isinstance(ack.body, dict) else {"text": str(ack.body)})
            except SlackError as error:
                told = f'{command} failed with the error "{error.code}"'
                self.toast(user, error.code, told, "; ".join(error.messages))
        return ack

    def respond(self, user: str, channel: Channel, answer: Json) -> Message | None:
        """Show an immediate or a later answer: to the person alone, unless `response_type` is `in_channel`.

        Raises:
            SlackError: Slack would not take it.
        """
        text, blocks = answer.get("text") or "", check_message_blocks(answer.get("blocks") or [])
        if not text and not blocks and not answer.get("attachments"):
            raise SlackError("no_text")
        public = answer.get("response_type") == "in_channel"
        return self.post(
            channel,
            self.bot.id,
            text,
            blocks=fill_ids(blocks, self.number()),
            attachments=answer.get("attachments") or [],
            thread_ts=answer.get("thread_ts"),
            ephemeral_for=None if public else user,
        )

    async def press(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: Any = None,
        *,
        selected_option: Any = None,
        block_id: str | None = None,
    ) -> Ack:
        """Press a button of a message, or choose in one of its menus.

        Source: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload.

        `value`, or `selected_option`, is what is entered or chosen where it is no button; options are named by their
        value. `block_id` says which, where two blocks have the same action id.
        """
        here = self._place(user, channel)
        message = here.messages.get(ts)
        if message is None or message.ephemeral_for not in {None, user}:
            raise CannotActError("There is no such message.")
        block, asked = find(message.blocks, action_id, block_id)
        action = self._action(block, asked, value if selected_option is None else selected_option, message.entered)
        shown = {} if message.ephemeral_for else {"message": message_json(self, message)}
        payload = {
            **self._act("block_actions", user),
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": here.id,
                "is_ephemeral": message.ephemeral_for is not None,
            },
            "trigger_id": self.new_trigger(user),
            "channel": {"id": here.id, "name": here.name},
            **shown,
            "state": state_of(message.blocks, message.entered),
            "response_url": self.new_response_url(user, here.id, ts),
            "actions": [action],
        }
        return self._heard(user, await self.interaction(payload), action_id)

    async def press_in_view(
        self,
        user: str,
        action_id: str,
        value: Any = None,
        *,
        selected_option: Any = None,
        view_id: str | None = None,
        block_id: str | None = None,
    ) -> Ack | None:
        """Press or choose in the modal, or in the Home tab where no modal is open; `view_id` says which.

        None for an input block without `dispatch_action`: what is chosen there goes along when it is submitted.
        """
        view = self._own_view(user, view_id)
        block, asked = find(view.definition["blocks"], action_id, block_id)
        action = self._action(block, asked, value if selected_option is None else selected_option, view.entered)
        self.changed()
        if block["type"] == "input" and not block.get("dispatch_action"):
            return None
        payload = {
            **self._act("block_actions", user),
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": self.new_trigger(user, view.id),
            "view": self.view_json(view),
            "actions": [action],
        }
        return self._heard(user, await self.interaction(payload), action_id)

    async def submit(self, user: str, view_id: str | None = None, values: dict[str, Any] | None = None) -> Ack | None:
        """Fill in the modal on top and press its submit button.

        Source: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload/#view_submission.

        `values` are by block id, each a value or a mapping of action ids to values; options are named by their value.

        Returns:
            None where Slack's own window refuses first; then the modal's errors say why.
        """
        view = self.modal(user)
        if view is None or view_id not in {None, view.id} or "submit" not in view.definition:
            raise CannotActError("There is no such modal to submit on top.")
        enter(view.definition["blocks"], view.entered, values or {})
        view.errors = refusals(view.definition["blocks"], view.entered)
        self.changed()
        if view.errors:
            return None
        payload = {
            **self._act("view_submission", user),
            "trigger_id": self.new_trigger(user, view.id),
            "view": self.view_json(view),
            "response_urls": [],
        }
        ack = await self.interaction(payload)
        if ack.ok:
            self.answered(view, ack.body)
        else:
            self.toast(user, str(ack.error), TROUBLE, str(view.definition.get("callback_id") or ""))
        return ack

    async def close_view(self, user: str, *, everything: bool = False) -> Ack | None:
        """Close the modal on top, or by the cross all of them; the app hears of it where it asked to.

        Source: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload/#view_closed.
        """
        view = self.modal(user)
        if view is None:
            raise CannotActError("There is no modal to close.")
        stack = self.modals[user]
        cleared = everything or bool(view.definition.get("clear_on_close"))
        if cleared or len(stack) == 1:
            self.modals.pop(user)
        else:
            stack.pop()
        self.changed()
        if not view.definition.get("notify_on_close"):
            return None
        payload = {**self._act("view_closed", user), "view": self.view_json(view), "is_cleared": cleared}
        return await self.interaction(payload)

    async def open_home(self, user: str, tab: str = "home") -> Ack | None:
        """Open the app's Home or Messages tab (https://docs.slack.dev/reference/events/app_home_opened)."""
        event: Json = {"type": "app_home_opened", "user": user, "channel": self.dm(user).id, "tab": tab}
        if tab == "home" and user in self.homes:
            event["view"] = self.view_json(self.homes[user])
        return await self._tell("app_home_opened", {**event, "event_ts": self.new_ts()})

    async def say(
        self, user: str, channel: str | None = None, text: str = "", files: int = 0, *, thread_ts: str | None = None
    ) -> Ack | None:
        """Write in a channel, or to the app; with files it is a `file_share`.

        Source: https://docs.slack.dev/reference/events/message.im and https://docs.slack.dev/reference/events/message.

        Raises:
            CannotActError: there is nothing to send, or it is no place of the person's.
        """
        if not text and not files:
            raise CannotActError("There is nothing to send.")
        here = self._place(user, channel)
        message = self.post(
            here,
            user,
            text,
            thread_ts=thread_ts,
            client_msg_id=str(uuid4()),
            blocks=fill_ids([_written(text)], self.number()) if text else [],
            files=[self._file(user) for _ in range(files)],
        )
        event = {**message_json(self, message), "channel": here.id, "event_ts": message.ts}
        if files:
            event |= {"subtype": "file_share", "upload": False, "display_as_bot": False}
        return await self._tell_in(here, event)

    async def edit(self, user: str, channel: str, ts: str, text: str) -> Ack | None:
        """Change one's own message (https://docs.slack.dev/reference/events/message/message_changed)."""
        here = self._place(user, channel)
        message = here.messages.get(ts)
        if message is None or message.user != user:
            raise CannotActError("There is no such message of your own.")
        before = message_json(self, message)
        message.text, message.edited = text, self.new_ts()
        message.blocks = fill_ids([_written(text)], self.number())
        self.changed()
        event = {
            "type": "message",
            "subtype": "message_changed",
            "channel": here.id,
            "ts": message.edited,
            "event_ts": message.edited,
            "hidden": True,
            "message": message_json(self, message),
            "previous_message": before,
        }
        return await self._tell_in(here, event)

    async def shortcut(self, user: str, callback_id: str) -> Ack:
        """Use a global shortcut.

        Source: https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload.
        """
        act = self._act("shortcut", user)
        payload = {**act, "action_ts": self.new_ts(), "callback_id": callback_id, "trigger_id": self.new_trigger(user)}
        return self._heard(user, await self.interaction(payload), callback_id)

    async def message_shortcut(self, user: str, callback_id: str, channel: str, ts: str) -> Ack:
        """Use a shortcut of a message's menu (same page as `shortcut`)."""
        here = self._place(user, channel)
        message = here.messages.get(ts)
        if message is None or message.ephemeral_for is not None:
            raise CannotActError("There is no such message.")
        payload = {
            **self._act("message_action", user),
            "action_ts": self.new_ts(),
            "callback_id": callback_id,
            "trigger_id": self.new_trigger(user),
            "response_url": self.new_response_url(user, here.id),
            "message_ts": ts,
            "channel": {"id": here.id, "name": here.name},
            "message": message_json(self, message),
        }
        return self._heard(user, await self.interaction(payload), callback_id)

    def _act(self, kind: str, user: str) -> Json:
        return {
            "type": kind,
            "team": {"id": self.team_id, "domain": self.team_domain},
            "user": self.person(user),
            "api_app_id": self.app_id,
            "token": "standin",
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _action(self, block: Json, asked: Json, value: Any, entered: dict[tuple[str, str], Json]) -> Json:
        action: Json = {"action_id": asked["action_id"], "block_id": block["block_id"], "action_ts": self.new_ts()}
        if asked["type"] == "button":
            own: Json = {name: asked[name] for name in ("text", "value", "style", "url") if name in asked}
            return {**action, "type": "button", **own}
        if asked["type"] == "overflow":
            chosen = [option for option in asked["options"] if option["value"] == value]
            if not chosen:
                raise CannotActError(f"There is no option {value!r} at {asked['action_id']!r}.")
            return {**action, "type": "overflow", "selected_option": chosen[0]}
        now = entry(asked, value)
        entered[block["block_id"], asked["action_id"]] = now
        return {**action, **now}

    def _heard(self, user: str, ack: Ack, about: str) -> Ack:
        if not ack.ok:
            self.toast(user, str(ack.error), SILENT, about)
        return ack

    def _place(self, user: str, channel: str | None) -> Channel:
        if user not in self.users or self.users[user].deleted:
            raise CannotActError(f"There is nobody here with the id {user!r}.")
        here = self.dm(user) if channel is None else self.channels.get(channel)
        if here is None or user not in here.members or here.archived:
            raise CannotActError(f"{user} is not in {channel!r}.")
        return here

    def _own_view(self, user: str, view_id: str | None) -> View:
        shown = [view for view in (self.modal(user), self.homes.get(user)) if view is not None]
        for view in shown:
            if view_id in {None, view.id}:
                return view
        raise CannotActError("There is no such view.")

    def _file(self, user: str) -> Json:
        mimetype, filetype, pretty = FILE_KINDS
        file_id = f"F{self.number():08}"
        where = f"{self.base_url or ''}/files/{file_id}"
        return {
            "id": file_id,
            "created": int(float(self.new_ts())),
            "name": "picture.png",
            "title": "picture.png",
            "mimetype": mimetype,
            "filetype": filetype,
            "pretty_type": pretty,
            "user": user,
            "size": 90_000,
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "url_private": where,
            "url_private_download": f"{where}/download",
            "permalink": where,
            "file_access": "visible",
        }

    async def _tell_in(self, here: Channel, event: Json) -> Ack | None:
        if self.bot.id not in here.members:
            return None
        kind = "im" if here.is_im else "channel"
        return await self._tell(f"message.{'im' if here.is_im else 'channels'}", {**event, "channel_type": kind})

    async def _tell(self, subscription: str, event: Json) -> Ack | None:
        return await self.event(event) if subscription in self.subscriptions else None


def _written(text: str) -> Json:
    """How Slack stores what a person types."""
    inline = [{"type": "text", "text": text}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": inline}]}
