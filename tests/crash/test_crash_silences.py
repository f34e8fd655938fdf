"""A child's words with a sign of danger in them, and a server that is killed before each step of handing them over."""

import shutil
from collections import Counter

import pytest
from sqlalchemy import select

from bot.storage import QUICK, SqlVault, new_id, open_engines
from bot.storage.tables import delivery, vault_concern, vault_entry, vault_going, vault_key, vault_log, vault_wrap
from safeguarding import About, Act, Report, first_break, hold
from school.notices import Chat
from school.sensitive import Sensitive
from tests.crash.kills import FORKS
from tests.crash.silences import SCHOOL, WENT, WROTE, go_once, units_of

PIECES = ("he hurts me", "I want to die", "please")
SAM = Chat(via="telegram", address=Sensitive("4711"))
DONE = Counter({"concern-notice head": 3, "concern-notice chair_of_governors": 3, "draft-went": 1})


@pytest.fixture
def written(tmp_path, sqlite_template):
    """A database in which Sam has just written in pieces; the rounds have seen the school."""
    path = tmp_path / "written.db"
    shutil.copyfile(sqlite_template, path)
    engines = open_engines(f"sqlite:///{path}")
    units, vault = units_of(engines, WROTE), SqlVault(engines, costs=QUICK)
    units.add_school(SCHOOL.id)
    with units.write(SCHOOL.id) as unit:
        for person in SCHOOL.people:
            pair = vault.pair(person=person.id, key_id=new_id(WROTE), passphrase=Sensitive("correct horse battery"))
            unit.concerns.add_key(pair, now=WROTE)
        unit.commit()
    for words in PIECES:
        receipt = vault.receipt(SCHOOL.id)
        with units.write(SCHOOL.id) as unit:
            hold(
                Report(about=About.NOT_SURE, words=Sensitive(words), via="telegram", sent_from="sam"),
                school=SCHOOL,
                concerns=unit.concerns,
                drafts=unit.drafts,
                chat=SAM,
                receipt=receipt,
                concern_id=new_id(WROTE),
                reference=vault.reference(),
                now=WROTE,
            )
            unit.commit()
    engines.close()
    go_once(f"sqlite:///{path}", WROTE)
    return path


def told(engines) -> Counter[str]:
    with engines.reading() as connection:
        rows = connection.execute(select(delivery.c.page, delivery.c.to_kind, delivery.c.recipient)).all()
    rows = [row for row in rows if row.page != "vault-mark"]
    return Counter(page if kind == "chat" else f"{page} {who}" for page, kind, who in rows)


def states(engines) -> list[str]:
    with engines.reading() as connection:
        return list(connection.execute(select(vault_concern.c.state)).scalars())


@pytest.mark.clause(40)
def test_whenever_the_server_is_killed_sam_s_words_are_handed_over_once_and_he_is_told_once(tmp_path, written):
    steps = go_once(f"sqlite:///{shutil.copyfile(written, tmp_path / 'whole.db')}", WENT)
    assert steps > 20
    halves = set()

    for die_before in range(1, steps + 1):
        path = shutil.copyfile(written, tmp_path / f"{die_before}.db")
        url = f"sqlite:///{path}"
        child = FORKS.Process(target=go_once, args=(url, WENT, die_before))
        child.start()
        child.join(30)
        assert child.exitcode == -9
        engines = open_engines(url)
        halves.add(tuple(sorted(told(engines).items())))
        assert set(states(engines)) in ({"draft"}, {"new"}), "all of it or nothing"

        go_once(url, WENT)
        go_once(url, WENT)

        assert told(engines) == DONE
        assert states(engines) == ["new"] * 3
        with engines.reading() as connection:
            assert connection.execute(select(vault_going)).all() == []
            assert [row.kind for row in connection.execute(select(vault_entry))] == ["chat"] * 3
            acts = Counter(connection.execute(select(vault_log.c.act)).scalars())
        assert acts == {Act.HELD: 3, Act.WENT: 3, Act.CHAT_GIVEN: 3}
        with units_of(engines, WENT).read(SCHOOL.id) as unit:
            rows = unit.concerns.log.rows(after=0, limit=99)
            assert first_break(rows, school=SCHOOL.id, head=unit.concerns.log.head()) is None
        engines.close()
    assert halves == {(), tuple(sorted(DONE.items()))}, "killed before it, and after it"


@pytest.mark.clause(40)
def test_a_draft_that_cannot_go_holds_up_no_other_and_stays(written):
    url = f"sqlite:///{written}"
    engines = open_engines(url)
    with engines.writing() as connection:
        first = connection.execute(select(vault_concern.c.id).order_by(vault_concern.c.id)).scalars().first()
        connection.execute(vault_concern.update().values(sent_from="broken").where(vault_concern.c.id == first))
        spoilt = dict(connection.execute(select(vault_key)).mappings().first()) | {"id": new_id(WENT), "public": b"x"}
        connection.execute(vault_key.insert().values(spoilt))
        theirs = vault_wrap.update().where(vault_wrap.c.concern_id == first, vault_wrap.c.person == spoilt["person"])
        connection.execute(theirs.values(key_id=spoilt["id"]))
        connection.commit()

    go_once(url, WENT)

    assert sorted(states(engines)) == ["draft", "new", "new"]
    engines.close()
