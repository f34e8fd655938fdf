"""Who says yes to what staff ask for, who provides the filter, and who answers for data, in a school file."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from school.people import Role
from school.school import Approvers, Filtering

# What a mail server takes, near enough: somebody, one @, and a name with a dot in it.
_AN_ADDRESS = re.compile(r"[^\s@<>\",;:]+@[^\s@<>\",;:]+\.[^\s@<>\",;:.]+")
_DEFAULT = Approvers()


class ApproverTable(BaseModel):
    """`[approvers]`: for each kind of request the roles whose yes it needs, and deputies by role."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unblock: tuple[Role, ...] = Field(default=_DEFAULT.unblock, min_length=2, max_length=4)
    install: tuple[Role, ...] = Field(default=_DEFAULT.install, min_length=2, max_length=4)
    research: tuple[Role, ...] = Field(default=_DEFAULT.research, min_length=2, max_length=4)
    deputies: dict[Role, tuple[str, ...]] = {}

    @field_validator("unblock", "install", "research")
    @classmethod
    def _once(cls, roles: tuple[Role, ...]) -> tuple[Role, ...]:
        if len(set(roles)) < len(roles):
            msg = "a role stands here twice: each says yes once"
            raise ValueError(msg)
        if Role.VOLUNTEER in roles:
            msg = "a volunteer says yes to no request: name a role of the staff"
            raise ValueError(msg)
        return roles

    def approvers(self) -> Approvers:
        """As rooms know it."""
        return Approvers(
            unblock=self.unblock, install=self.install, research=self.research, deputies=dict(self.deputies)
        )


class FilteringTable(BaseModel):
    """`[filtering]`: who provides the filter, and the address that its faults are sent to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: str = Field(default="", max_length=80)
    fault_email: str = Field(default="", max_length=120)

    @field_validator("fault_email")
    @classmethod
    def _address(cls, typed: str) -> str:
        if typed and not _AN_ADDRESS.fullmatch(typed):
            msg = f"{typed!r} is not an e-mail address: write one such as help@provider.example, or leave it empty"
            raise ValueError(msg)
        return typed

    def filtering(self) -> Filtering:
        """As rooms know it."""
        return Filtering(provider=self.provider, fault_email=self.fault_email)


class DataProtectionTable(BaseModel):
    """`[data_protection]`: who on the staff is told of a breach as well."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact: str = ""


def named_by_id(values: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Place, id and what they are named for, of everybody in these tables: each has to be one of the people."""
    approvers = values.get("approvers")
    deputies = approvers.get("deputies") if isinstance(approvers, Mapping) else None
    for role, names in deputies.items() if isinstance(deputies, Mapping) else ():
        for name in names if isinstance(names, list) else ():
            if isinstance(name, str):
                yield ("approvers.deputies", str(role)), name, f"stands in for the {role}"
    table = values.get("data_protection")
    contact = table.get("contact") if isinstance(table, Mapping) else None
    if isinstance(contact, str) and contact:
        yield ("data_protection", "contact"), contact, "is the contact for data protection"
