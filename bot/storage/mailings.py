"""Mailings: the frozen headers, and the rows that are laid down under them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_

from bot.storage.ids import new_id
from bot.storage.outbox import Posting, wall_clock
from bot.storage.scoped import Scoped
from bot.storage.states import DeliveryState
from bot.storage.tables import delivery
from bot.storage.tables import mailing as table
from school.notices import CampaignAccount, Doubt, Header, Lane, Mailing, MailingState, To

# How a campaign as a whole stands is kept in a row whose id begins so; every other row is one mailing.
WHOLE = "whole:"
_ONE = ~table.c.id.startswith(WHOLE, autoescape=True)


class SqlMailings:
    """Implements Mailings."""

    def __init__(self, scoped: Scoped, posting: Posting) -> None:
        self._scoped = scoped
        self._posting = posting
        self.laid = False

    def open(self, mailing: Mailing, *, now: datetime) -> Header:
        """See Mailings."""
        if (known := self._header(mailing)) is not None:
            return known
        values = _new(mailing, self.state_of(mailing.campaign), laid=False, now=now)
        self._scoped.add_once(table, values)
        return self._must(mailing)

    def to_lay(self, prefix: str, *, now: datetime) -> tuple[Header, ...]:
        """See Mailings."""
        waiting = (
            self._scoped.select(table)
            .where(table.c.state == MailingState.RUNNING.value, table.c.due_at <= now, table.c.laid.is_(False))
            .where(table.c.id.startswith(prefix, autoescape=True))
            .order_by(table.c.due_at, table.c.id)
        )
        return tuple(_header(row) for row in self._scoped.all(waiting))

    def freeze(self, mailing: Mailing, *, expected: int, now: datetime) -> Header:
        """See Mailings."""
        fresh = self._scoped.update(table).where(table.c.id == mailing.id, table.c.frozen.is_(None))
        # It may go sooner than it was meant to, or later, when its header was made.
        times = {"due_at": mailing.due, "not_after": mailing.not_after}
        self._scoped.run(fresh.values(frozen=now, expected=expected, **times))
        return self._must(mailing)

    def lay(
        self,
        mailing: Mailing,
        recipients: Sequence[tuple[UUID | str, str]],
        *,
        excluded: int,
        after: UUID | None,
        upto: UUID | None,
        done: bool,
    ) -> None:
        """See Mailings. Two who lay at once get in each other's way: the second finds it moved and stores none."""
        moved = (
            self._scoped.update(table)
            .where(table.c.id == mailing.id, table.c.laid.is_(False))
            .where(table.c.upto.is_(None) if after is None else table.c.upto == after)
            .values(
                upto=None if done else upto,
                candidates=table.c.candidates + len(recipients),
                excluded=table.c.excluded + excluded,
                laid=done,
            )
            .returning(table.c.id)
        )
        if self._scoped.first(moved) is not None and recipients:
            header = self._must(mailing)
            # As it is now, and not as it was when its header was made: one that is caught up is good for longer.
            self._scoped.add_many(delivery, self._rows(mailing, recipients))
            self.laid = True
            if done:
                self._scoped.count_anew(delivery, added=header.candidates)

    def _rows(self, mailing: Mailing, recipients: Sequence[tuple[UUID | str, str]]) -> list[dict[str, Any]]:
        now, made = self._posting.school_clock.now(), self._posting.machine_clock.now()
        zone = self._posting.zone_of(self._scoped.school)
        same = {
            "to_kind": mailing.to.value,
            "page": mailing.page,
            "part": mailing.part,
            "values": dict(mailing.values),
            "lane": Lane.BULK.value,
            "state": DeliveryState.PLANNED.value,
            "due_at": mailing.due,
            "wall_clock": wall_clock(mailing.due, zone),
            "zone": zone.key,
            "not_after": mailing.not_after,
            "not_before": None,
            "lease_until": None,
            "attempts": 0,
            "external_id": "",
            "reason": "",
            "mailing": mailing.id,
            "doubt": Doubt.LEAVE.value,
            "created": now,
        }
        return [
            {
                **same,
                "id": new_id(made),
                "key": f"{mailing.id}:{recipient}",
                "recipient": str(recipient),
                "channel": channel or self._posting.channel_of(self._scoped.school, mailing.to, str(recipient)),
            }
            for recipient, channel in recipients
        ]

    def had(self, prefix: str, *, besides: str, to: To, among: Sequence[str]) -> frozenset[str]:
        """See Mailings."""
        never = [DeliveryState.SKIPPED.value, DeliveryState.FAILED.value]
        asked = (
            self._scoped.select(delivery, delivery.c.recipient)
            .where(delivery.c.to_kind == to.value, delivery.c.recipient.in_(among))
            .where(delivery.c.mailing.startswith(prefix, autoescape=True), delivery.c.mailing != besides)
            .where(delivery.c.state.not_in(never))
        )
        return frozenset(row.recipient for row in self._scoped.all(asked))

    def account(self, campaign: str) -> CampaignAccount:
        """See Mailings."""
        of_it = self._scoped.select(table, table.c.id).where(table.c.campaign == campaign)
        sent = (
            self._scoped.select(delivery, delivery.c.mailing, func.count().label("number"))
            .where(delivery.c.mailing.in_(of_it), delivery.c.to_kind == To.FAMILY.value)
            .where(delivery.c.state == DeliveryState.SENT.value)
        )
        each = self._scoped.all(sent.group_by(delivery.c.mailing))
        reached = self._scoped.all(sent.with_only_columns(func.count(delivery.c.recipient.distinct()).label("number")))
        return CampaignAccount(
            sent=sum(row.number for row in each),
            families=sum(row.number for row in reached),
            mailings=frozenset(row.mailing for row in each),
        )

    def standings(self, *, limit: int) -> tuple[Header, ...]:
        """The newest due first."""
        newest = self._scoped.select(table).where(_ONE).order_by(table.c.due_at.desc(), table.c.id).limit(limit)
        return tuple(_header(row) for row in self._scoped.all(newest))

    def unlaid(self, prefix: str) -> tuple[Header, ...]:
        """See MailingBook."""
        waiting = self._scoped.select(table).where(table.c.id.startswith(prefix, autoescape=True))
        ordered = waiting.where(table.c.laid.is_(False)).order_by(table.c.due_at, table.c.id)
        return tuple(_header(row) for row in self._scoped.all(ordered))

    def begun(self, prefix: str) -> tuple[Header, ...]:
        """See MailingBook."""
        going = self._scoped.select(table).where(table.c.id.startswith(prefix, autoescape=True))
        going = going.where(table.c.frozen.is_not(None), table.c.state != MailingState.CANCELLED.value)
        return tuple(_header(row) for row in self._scoped.all(going.order_by(table.c.due_at, table.c.id)))

    def set_state(self, campaign: str, state: MailingState, *, now: datetime, to_come: bool = False) -> int:
        """Pause, resume or cancel every unfinished mailing of a campaign or page, or the one of that id; how many.

        What a cancelled one has not begun to send is skipped by the ledger, a chunk at a time. Steps of a campaign that
        come later are as it is; where one step alone was asked for, they come as if nothing had been. `to_come`: it is
        a campaign, and has such steps, though nothing of it may be unfinished now.
        """
        over = [MailingState.CANCELLED.value, MailingState.FINISHED.value]
        ended = now if state is MailingState.CANCELLED else None
        moved = (
            self._scoped.update(table)
            .where(or_(table.c.campaign == campaign, table.c.id == campaign, table.c.page == campaign))
            .where(_ONE, table.c.state.not_in(over))
            .values(state=state.value, ended=ended)
            .returning(table.c.campaign)
        )
        found = self._scoped.all(moved)
        if to_come or any(row.campaign == campaign for row in found):
            self._set_whole(campaign, state, now=now)
        return len(found)

    def _set_whole(self, campaign: str, state: MailingState, *, now: datetime) -> None:
        """A row of its own, to which nothing is laid: how the campaign stands, whatever one of its steps does."""
        whole = Mailing(id=f"{WHOLE}{campaign}", campaign=campaign, page="", due=now)
        self._scoped.add_once(table, _new(whole, state, laid=True, now=now))
        kept = table.c.state != MailingState.CANCELLED.value
        moved = self._scoped.update(table).where(table.c.id == whole.id, kept)
        self._scoped.run(moved.values(state=state.value, ended=now if state is MailingState.CANCELLED else None))

    def reopen(self, mailing_id: str) -> None:
        """Something of a finished mailing is to be sent once more; one that is running is held from being finished."""
        going = [MailingState.RUNNING.value, MailingState.FINISHED.value]
        over = self._scoped.update(table).where(table.c.id == mailing_id, table.c.state.in_(going))
        self._scoped.run(over.values(state=MailingState.RUNNING.value, ended=None))

    def state_of(self, campaign: str) -> MailingState:
        """See MailingBook."""
        held = self._scoped.select(table, table.c.state).where(table.c.id == f"{WHOLE}{campaign}")
        row = self._scoped.first(held)
        state = MailingState(row.state) if row else MailingState.RUNNING
        return state if state in {MailingState.CANCELLED, MailingState.PAUSED} else MailingState.RUNNING

    def _header(self, mailing: Mailing) -> Header | None:
        row = self._scoped.first(self._scoped.select(table).where(table.c.id == mailing.id))
        return _header(row) if row else None

    def _must(self, mailing: Mailing) -> Header:
        header = self._header(mailing)
        if header is None:
            raise LookupError(mailing.id)
        return header


def _new(mailing: Mailing, state: MailingState, *, laid: bool, now: datetime) -> dict[str, Any]:
    return {
        "id": mailing.id,
        "campaign": mailing.campaign,
        "page": mailing.page,
        "state": state.value,
        "due_at": mailing.due,
        "not_after": mailing.not_after,
        "frozen": None,
        "upto": None,
        "expected": 0,
        "candidates": 0,
        "excluded": 0,
        "laid": laid,
        "created": now,
        "ended": None,
    }


def _header(row: Row[Any]) -> Header:
    return Header(
        mailing=Mailing(
            id=row.id,
            campaign=row.campaign,
            page=row.page,
            due=row.due_at,
            not_after=row.not_after,
        ),
        state=MailingState(row.state),
        frozen=row.frozen,
        upto=row.upto,
        expected=row.expected,
        candidates=row.candidates,
        excluded=row.excluded,
        laid=row.laid,
    )
