"""The PostgreSQL that the tests bring along, tried also where the system has one of its own: as root and as a user."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage import migrate
from tests.databases import Server, packaged_postgresql
from tests.storage.test_storage_ledger import (
    test_marta_is_claimed_by_one_of_two_who_claim_at_once,
    test_sam_s_message_goes_from_planned_to_sent,
)
from tests.storage.test_storage_vault import test_a_concern_opens_for_its_recipient_with_every_word

__all__ = [
    "packaged_postgresql",
    "test_a_concern_opens_for_its_recipient_with_every_word",
    "test_marta_is_claimed_by_one_of_two_who_claim_at_once",
    "test_sam_s_message_goes_from_planned_to_sent",
]


@pytest.fixture
def database_url(packaged_postgresql: Server) -> Iterator[str]:
    with packaged_postgresql.database() as url:
        migrate.upgrade(url)
        yield url


def test_the_packaged_postgresql_is_a_real_server_and_never_roots(packaged_postgresql: Server) -> None:
    version = packaged_postgresql.tell("SHOW server_version")
    owner = Path(packaged_postgresql.tell("SHOW data_directory")).stat().st_uid

    print(f"PostgreSQL {version} of {packaged_postgresql.binaries}, kept by user {owner}")
    assert int(version.split(".")[0]) >= 17
    assert packaged_postgresql.binaries is not None
    assert packaged_postgresql.binaries.parent.name == "pginstall"
    assert owner != 0
    assert owner == os.geteuid() or os.geteuid() == 0
