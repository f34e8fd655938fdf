"""The policy at the desk: Hannah and Grace agree to a version, and hear when it is a year old."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.desk.policy import changes
from bot.scheduling.duty_round import duty_round
from bot.storage.tables import delivery
from pages import plain
from school.people import Role
from staff import Version, Yes, default_text, read_policy
from tests.desk.conftest import NOW, read
from tests.desk.test_commands import own_environment, run, school, sqlite_template
from tests.desk.test_desk_revisits import buttons
from tests.desk.test_desk_todo import tap

__all__ = ["own_environment", "school", "sqlite_template"]

HANNAH, GRACE, AMARA, FEMI = "U0HANNAH", "U0GRACE", "U0AMARA", "U0FEMI"
TAKE, AGREE = "Take these clauses as our policy", "I agree to version 1"


def told(desk, page):
    chosen = select(delivery).where(delivery.c.page == page).order_by(delivery.c.due_at, delivery.c.recipient)
    with desk.product.engines.reading() as connection:
        return [(each.recipient, each.part) for each in connection.execute(chosen).all()]


def shown(desk, slack):
    return desk("policy", sender=slack, lang="en")


def status(desk, clause):
    with desk.product.house.units.read("oakfield") as unit:
        return set(unit.evidence.by_kind().get(clause, {}))


def round_on(desk, now):
    house = desk.product.house
    with house.units.write("oakfield") as unit:
        duty_round(unit, school=house.schools["oakfield"], shelf=house.shelf, now=now)
        unit.commit()


@pytest.mark.clause(2)
def test_hannah_and_grace_agree_to_one_text_and_it_is_in_force(front_desk):
    tap(front_desk, HANNAH, shown(front_desk, HANNAH), TAKE)
    assert told(front_desk, "policy-waits") == [("grace", ""), ("hannah", "")]

    half = tap(front_desk, HANNAH, shown(front_desk, HANNAH), AGREE)
    assert "chair of governors has not agreed" in read(half)
    assert AGREE not in buttons(half)
    whole = tap(front_desk, GRACE, shown(front_desk, GRACE), AGREE)

    assert "version 1 is in force" in read(whole)
    assert "To be reviewed by" in read(shown(front_desk, AMARA))
    assert status(front_desk, "C2") == {"policy.agreed", "policy.approved"}
    assert status(front_desk, "C3") == {"policy.approved"}


def test_a_teacher_neither_reads_who_agreed_nor_agrees(front_desk):
    assert front_desk("policy", sender=FEMI, lang="en").document is not None
    for slack in (AMARA, "U0BEN"):
        assert "Nothing" not in read(front_desk("policy.yes", sender=slack, lang="en", n="1", h="x"))
    assert status(front_desk, "C2") == set()


def test_a_card_of_an_older_version_agrees_to_nothing(front_desk):
    tap(front_desk, HANNAH, shown(front_desk, HANNAH), TAKE)
    old = shown(front_desk, GRACE)
    with front_desk.product.house.units.write("oakfield") as unit:
        from_before = unit.policies.newest()
        unit.policies.add(type(from_before)(number=2, text=from_before.text + "\n", loaded=NOW, loaded_by=""))
        unit.commit()

    answer = tap(front_desk, GRACE, old, AGREE)

    assert "newer version was loaded" in read(answer)
    assert status(front_desk, "C2") == set()


def test_the_two_read_what_is_different_before_they_agree_checks_as_well(front_desk):
    text = default_text()
    start = text.index('[[clause]]\nid = "C29"')
    text = text[:start] + text[text.index("[[clause]]", start + 5) :]
    text += '\n[[check]]\nid = "phone-box"\ntitle = "The phone box"\nask = "Is it locked?"\nclauses = ["C30"]\n'
    with front_desk.product.house.units.write("oakfield") as unit:
        unit.policies.add(Version(number=1, text=text + 'rhythm = "termly"\n', loaded=NOW, loaded_by=""))
        unit.commit()

    card = read(shown(front_desk, HANNAH))

    assert "C29 is dropped: Servers" in card
    assert "The check “The phone box” (phone-box) is new" in card
    assert "The check “Servers, wireless and cabling are locked away” (server-room) is dropped" in card


@pytest.mark.clause(3)
def test_the_review_is_asked_for_sixty_thirty_and_seven_days_ahead_and_when_it_is_over(front_desk):
    house, london = front_desk.product.house, ZoneInfo("Europe/London")
    agreed = datetime(2026, 1, 12, 12, tzinfo=london)
    with house.units.write("oakfield") as unit:
        unit.policies.add(Version(number=1, text=default_text(), loaded=agreed, loaded_by=""))
        for name, role in (("hannah", Role.HEAD), ("grace", Role.CHAIR_OF_GOVERNORS)):
            unit.policies.agree(Yes(number=1, person=name, offices=frozenset({role}), at=agreed))
        unit.commit()

    heard = []
    day = datetime(2026, 11, 9, 9, 35, tzinfo=london)
    while day < datetime(2027, 2, 13, tzinfo=london):
        before = told(front_desk, "policy-review")
        round_on(front_desk, day)
        if new := told(front_desk, "policy-review")[len(before) :]:
            heard.append((f"{day:%d/%m}", sorted(new)))
        day += timedelta(days=1)

    # It is a year old on 12 January 2027: sixty days before are a Friday, thirty a Sunday, and seven a day of school.
    assert [when for when, _ in heard] == ["13/11", "14/12", "05/01", "13/01", "09/02"]
    assert heard[0][1] == [("amara", "ahead"), ("hannah", "ahead")]
    assert heard[3][1] == [("amara", "over"), ("grace", "over"), ("hannah", "over")]
    assert len(heard[4][1]) == 3


def test_a_school_without_a_policy_hears_so_once_a_month(front_desk):
    day = datetime(2026, 11, 9, 9, 35, tzinfo=ZoneInfo("Europe/London"))

    for ahead in range(30):
        round_on(front_desk, day + timedelta(days=ahead))

    assert told(front_desk, "policy-none") == [("hannah", ""), ("hannah", "")]


def test_an_office_writes_its_policy_out_changes_it_and_brings_it_in(school, tmp_path):
    def asks(*words):
        return run(school, "policy", *words)

    file = tmp_path / "ours.toml"
    assert asks("export", str(file)).exit_code == 0
    assert "is there already" in str(asks("export", str(file)).exception)
    file.write_text(file.read_text("utf-8").replace('reach = "S"', 'reach = "Q"', 1), "utf-8")
    assert "clause C1: reach" in str(asks("load", str(file)).exception)
    file.write_text(file.read_text("utf-8").replace('reach = "Q"', 'reach = "S"', 1) + "# ours\n", "utf-8")
    assert "Nothing was kept" in asks("load", str(file), "--dry-run").stdout
    assert "Version 1" in asks("load", str(file)).stdout
    assert "already" in str(asks("load", str(file)).exception)
    assert "waits; agreed by: nobody yet" in asks("versions").stdout


@pytest.mark.clause(2)
def test_what_differs_in_a_school_s_own_checks_stands_on_the_card_too():
    before = read_policy(default_text() + own_check("printer") + own_check("laser"))
    after = read_policy(default_text() + own_check("printer", "yearly") + own_check("kiln"))

    said = [plain(each) for each in changes(before, after)]

    assert said == [
        "The check “The 3D printer” (printer) has changed",
        "The check “The 3D printer” (kiln) is new",
        "The check “The 3D printer” (laser) is dropped",
    ]


def own_check(name, rhythm="termly"):
    lines = f'id = "{name}"\ntitle = "The 3D printer"\nask = "Was an adult there?"\nclauses = ["C29"]'
    return f'\n[[check]]\n{lines}\nwho = "teacher"\nrhythm = "{rhythm}"\n'
