"""Two people agree to a policy at one moment: it is approved, and that it was stands in the evidence once."""

from datetime import timedelta
from threading import Thread

import pytest

from school.people import Person, Role
from staff import Version, agree_to
from tests.storage.conftest import HERE, NOW

HEAD = Person(id="head", name="Hannah", roles=frozenset({Role.HEAD}))
CHAIR = Person(id="chair", name="Grace", roles=frozenset({Role.CHAIR_OF_GOVERNORS}))
FIRST = Version(number=1, text="a policy", loaded=NOW, loaded_by="")


@pytest.mark.clause(2)
def test_head_and_chair_who_tap_at_one_moment_approve_it_and_the_evidence_says_so_once(storage):
    with storage.units.write(HERE) as unit:
        unit.policies.add(FIRST)
        unit.commit()

    def agrees(unit, person, minute):
        now = NOW + timedelta(minutes=minute)
        agree_to(1, FIRST.short, person=person, policies=unit.policies, evidence=unit.evidence, now=now)

    def the_chair():
        with storage.units.write(HERE) as unit:
            agrees(unit, CHAIR, 2)
            unit.commit()

    with storage.units.write(HERE) as unit:
        agrees(unit, HEAD, 1)
        other = Thread(target=the_chair)
        other.start()
        # The chair's tap waits here for the head's, or is through already.
        other.join(timeout=0.1)
        unit.commit()
    other.join()

    with storage.units.read(HERE) as unit:
        newest = unit.policies.newest()
        assert newest is not None
        assert newest.agreed == NOW + timedelta(minutes=2)
        assert unit.evidence.by_kind()["C2"]["policy.approved"][0] == 1
