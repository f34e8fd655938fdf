"""The mail room: where a message goes at the moment of sending, and what follows when it cannot."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select

from bot.delivery import MailRoom, Route
from bot.storage import DeliveryRow, new_id
from bot.storage.tables import delivery
from bot.wire import SendFailed
from pages import load_shelf
from parents import Comes, Event, Family, FamilyCode, FamilyState, Reply
from school.calendar import Calendar
from school.notices import Doubt, Lane, Notice, To
from school.people import Person, Role, SchoolClass, YearGroup
from school.school import Filtering, School
from tests.delivery.scripted import HERE, NOW, Room

DILYS = Person(id="dilys", name="Dilys", roles=frozenset({Role.DSL}), slack="U1", email="dilys@example.org")
HEAD = Person(id="head", name="Head", roles=frozenset({Role.HEAD}), slack="U2", email="head@example.org")
AMARA = Person(id="amara", name="Amara", roles=frozenset({Role.ESAFETY_LEAD}), slack="U3", email="a@example.org")
SAM = Person(id="sam", name="Sam", roles=frozenset({Role.DEPUTY_DSL}), email="sam@example.org")
OAK = SchoolClass(id="oak", name="Oak", years=(YearGroup(4),), slack_channel="C1")


def school(*people: Person) -> School:
    calendar = Calendar(zone=ZoneInfo("Europe/London"), half_terms=())
    return School(id=HERE, name="Ashgrove", calendar=calendar, classes=(OAK,), people=people, languages=())


@pytest.fixture
def mail_room(room: Room, tmp_path) -> MailRoom:
    return MailRoom(
        schools={HERE: school(DILYS, HEAD, AMARA, SAM)},
        units=room.units,
        shelf=load_shelf([tmp_path], ages=False),
        clock=room.clock,
        public_url="https://ashgrove.example",
    )


def row(recipient: str, *, to: To = To.PERSON, lane: Lane = Lane.SAFEGUARDING, channel: str = "slack") -> DeliveryRow:
    return DeliveryRow(
        id=new_id(NOW),
        school=HERE,
        channel=channel,
        to=to,
        recipient=recipient,
        page="concern-notice",
        part="reminder",
        values={"reference": "LP-7KQ4-M2"},
        lane=lane,
        attempts=1,
        repeat=False,
        mailing="",
        correlation="c-17",
    )


def join(room: Room, number: int, state: FamilyState = FamilyState.ACTIVE) -> Family:
    family = Family(
        id=UUID(int=number), via="telegram", address=f"{number}", lang="pl", classes=(), state=state, joined=NOW
    )
    with room.units.write(HERE) as unit:
        unit.families.save(family)
        unit.commit()
    return family


def left(room: Room) -> list[tuple[str, str, str]]:
    """Who is to be told what, and how."""
    with room.engines.reading() as connection:
        columns = (delivery.c.recipient, delivery.c.page, delivery.c.channel)
        return sorted(tuple(each) for each in connection.execute(select(*columns)).all())


def told(room: Room) -> list[tuple[str, str, str]]:
    """The same, without what went to families."""
    return [each for each in left(room) if each[1] != "autumn"]


def test_marta_and_a_hundred_families_are_found_in_one_statement(room: Room, mail_room: MailRoom) -> None:
    families = [join(room, number) for number in range(1, 101)]
    statements: list[str] = []
    event.listen(room.engines.read, "before_cursor_execute", lambda *args: statements.append(args[2]))

    routes = mail_room.routes([row(str(each.id), to=To.FAMILY, lane=Lane.BULK) for each in families])

    assert routes == [Route(address=each.address, lang="pl") for each in families]
    assert len([each for each in statements if each.startswith("SELECT")]) == 1


@pytest.mark.parametrize("state", [FamilyState.STOPPED, FamilyState.UNREACHABLE])
def test_marta_who_is_not_to_be_written_to_is_skipped(room: Room, mail_room: MailRoom, state: FamilyState) -> None:
    marta = join(room, 1, state)

    routes = mail_room.routes([row(str(each), to=To.FAMILY, lane=Lane.BULK) for each in (marta.id, UUID(int=9))])

    assert routes == [Route(skip="not subscribed")] * 2


@pytest.mark.clause(16)
@pytest.mark.parametrize("page", ["about-child-asked", "event-place"])
def test_marta_whose_letter_was_taken_back_hears_nothing_more_about_a_child(
    room: Room, mail_room: MailRoom, page: str
) -> None:
    marta = join(room, 1)
    asked = replace(row(str(marta.id), to=To.FAMILY, lane=Lane.BULK, channel="telegram"), page=page)
    with room.units.write(HERE) as unit:
        given = FamilyCode(id=new_id(NOW), pupil="OAK-07", class_id="oak", adult=1, made=NOW)
        unit.children.add(given, code="K7QM4TXP")
        unit.children.use(given.id, family_id=marta.id, now=NOW)
        unit.commit()
    assert mail_room.routes([asked]) == [Route(address="1", lang="pl")]

    with room.units.write(HERE) as unit:
        unit.children.withdraw("OAK-07", adult=1, now=NOW)
        unit.commit()

    assert mail_room.routes([asked]) == [Route(skip="not asked for")]


@pytest.mark.clause(16)
@pytest.mark.parametrize(
    ("page", "values"),
    [("about-child-asked", {"class": "oak"}), ("event-place", {"id": "play"}), ("event-eve", {"id": "play"})],
)
@pytest.mark.parametrize("gone", ["OAK-07", "ELM-02"])
def test_a_sibling_s_letter_lets_nothing_through_about_the_child_whose_letter_was_taken_back(
    room: Room, mail_room: MailRoom, page: str, values: dict[str, str], gone: str
) -> None:
    marta = join(room, 1)
    asked = replace(row(str(marta.id), to=To.FAMILY, lane=Lane.BULK, channel="telegram"), page=page, values=values)
    with room.units.write(HERE) as unit:
        for pupil in ("OAK-07", "ELM-02"):
            given = FamilyCode(id=new_id(NOW), pupil=pupil, class_id=pupil[:3].lower(), adult=1, made=NOW)
            unit.children.add(given, code=f"{pupil[-2:]}QM4TXP")
            unit.children.use(given.id, family_id=marta.id, now=NOW)
        place = Reply(
            event="play", pupil="OAK-07", family=marta.id, class_id="oak", adults=1, comes=Comes.YES, since=NOW
        )
        unit.events.keep(place)
        unit.events.keep(replace(place, pupil="ELM-02", adults=0, comes=Comes.NO))
        unit.children.withdraw(gone, adult=1, now=NOW)
        unit.commit()

    (route,) = mail_room.routes([asked])

    assert route == (Route(skip="not asked for") if gone == "OAK-07" else Route(address="1", lang="pl"))


def test_an_evening_that_everybody_is_told_of_goes_to_sam_who_has_no_letter(room: Room, mail_room: MailRoom) -> None:
    sam = join(room, 1)
    told = replace(row(str(sam.id), to=To.FAMILY, lane=Lane.BULK, channel="telegram"), page="event-evening")

    assert mail_room.routes([told]) == [Route(address="1", lang="pl")]


def test_dilys_is_found_where_her_channel_says_and_oak_class_in_its_own(mail_room: MailRoom) -> None:
    routes = mail_room.routes(
        [row("dilys"), row("dilys", channel="email"), row("oak", to=To.CLASS), row("elm", to=To.CLASS)]
    )

    assert routes == [
        Route(address="U1"),
        Route(address="dilys@example.org"),
        Route(address="C1"),
        Route(skip="no channel"),
    ]


def test_dilys_is_told_by_e_mail_and_the_head_hears_of_it_when_her_slack_is_gone(
    room: Room, mail_room: MailRoom
) -> None:
    told = row("dilys")
    for _ in range(2):
        mail_room.gone(told, SendFailed("deactivated", permanent=True))

    assert left(room) == [("dilys", "concern-notice", "email"), ("head", "notice-not-delivered", "slack")]
    with room.engines.reading() as connection:
        kept = connection.execute(select(delivery).where(delivery.c.recipient == "dilys")).one()
    assert (kept.lane, kept.doubt, kept.part) == (Lane.SAFEGUARDING, Doubt.REPEAT, "reminder")
    assert (kept.values, kept.correlation) == ({"reference": "LP-7KQ4-M2"}, "c-17")


def test_the_head_hears_of_it_when_dilys_s_e_mail_is_gone_too(room: Room, mail_room: MailRoom) -> None:
    mail_room.gone(row("dilys", channel="email"), SendFailed("not_found", permanent=True))

    assert left(room) == [("head", "notice-not-delivered", "slack")]


def test_nobody_is_told_when_an_answer_to_dilys_could_not_be_sent(room: Room, mail_room: MailRoom) -> None:
    mail_room.gone(row("dilys", lane=Lane.REPLIES), SendFailed("deactivated", permanent=True))
    assert mail_room.routes([row("sam", lane=Lane.REPLIES)]) == [Route(skip="no address")]

    assert left(room) == []


def test_sam_who_has_no_slack_any_more_is_told_by_e_mail_and_the_head_hears_of_it(
    room: Room, mail_room: MailRoom
) -> None:
    assert mail_room.routes([row("sam"), row("somebody-who-left")]) == [Route(skip="no address")] * 2

    assert left(room) == [
        ("head", "notice-not-delivered", "slack"),
        ("head", "notice-not-delivered", "slack"),
        ("sam", "concern-notice", "email"),
    ]


def test_marta_who_blocked_us_is_said_goodbye_to_and_what_waits_for_her_is_withdrawn(
    room: Room, mail_room: MailRoom
) -> None:
    marta = join(room, 1)
    room.leave("n", to=To.FAMILY, recipient=str(marta.id), lane=Lane.BULK)

    mail_room.gone(row(str(marta.id), to=To.FAMILY, lane=Lane.BULK), SendFailed("blocked", permanent=True))

    with room.units.read(HERE) as unit:
        assert unit.families.get(marta.id).state is FamilyState.UNREACHABLE
        assert [each.event for each in unit.families.events(marta.id)] == [Event.UNREACHABLE]
    assert room.rows()["n"] == ("skipped", "withdrawn")


def test_marta_stays_subscribed_when_it_was_the_message_that_was_refused(room: Room, mail_room: MailRoom) -> None:
    marta = join(room, 1)

    mail_room.gone(row(str(marta.id), to=To.FAMILY, lane=Lane.BULK), SendFailed("refused", permanent=True))

    with room.units.read(HERE) as unit:
        assert unit.families.get(marta.id).state is FamilyState.ACTIVE


def test_marta_is_found_at_her_new_chat(room: Room, mail_room: MailRoom) -> None:
    marta = join(room, 1)
    told = row(str(marta.id), to=To.FAMILY, lane=Lane.BULK)

    mail_room.gone(told, SendFailed("moved", moved_to="-100501"))

    assert mail_room.routes([told]) == [Route(address="-100501", lang="pl")]


def archived(_room: Room, mail_room: MailRoom) -> None:
    mail_room.gone(row("oak", to=To.CLASS, lane=Lane.REPLIES), SendFailed("archived", permanent=True))


def late(room: Room, mail_room: MailRoom, school: str = HERE) -> None:
    """Two families' news was not to go out later than now, and did not."""
    now = room.clock.now()
    with room.units.write(school) as unit:
        for number in (1, 2):
            key = f"late-{number}-{now}-{len(room.rows())}"
            news = Notice(
                key=key, to=To.FAMILY, recipient=str(UUID(int=number)), page="autumn", lane=Lane.BULK, not_after=now
            )
            unit.outbox.leave(news)
        unit.commit()
    mail_room.late(school)


@pytest.mark.parametrize(("tell", "page"), [(archived, "channel-gone"), (late, "news-late")])
def test_amara_who_answers_for_it_is_told_once_a_day(
    room: Room, mail_room: MailRoom, tell: Callable[[Room, MailRoom], None], page: str
) -> None:
    tell(room, mail_room)
    tell(room, mail_room)
    assert told(room) == [("amara", page, "slack")]

    room.clock.move_to(NOW + timedelta(days=1))
    tell(room, mail_room)
    assert told(room) == [("amara", page, "slack")] * 2


def test_amara_hears_of_late_news_in_the_transaction_that_skips_it(
    room: Room, mail_room: MailRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MailRoom, "_tell_owner", lambda *_args, **_rest: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        late(room, mail_room)
    assert set(room.states().values()) == {"planned"}

    monkeypatch.undo()
    mail_room.late(HERE)

    assert told(room) == [("amara", "news-late", "slack")]
    assert sorted(room.states().values()) == ["planned", "skipped", "skipped"]
    with room.engines.reading() as connection:
        assert connection.execute(select(delivery.c["values"]).where(delivery.c.page == "news-late")).scalar() == {
            "page": "autumn",
            "count": "2",
        }


def test_nobody_is_told_for_a_school_whose_file_is_gone(room: Room, mail_room: MailRoom) -> None:
    room.units.add_school("elsewhere")

    late(room, mail_room, "elsewhere")

    assert told(room) == []
    assert set(room.states().values()) == {"skipped"}


def test_the_filter_s_provider_is_written_to_at_the_address_that_the_school_has_now(
    room: Room, mail_room: MailRoom
) -> None:
    fault = row("provider", to=To.PROVIDER, channel="email")
    knows = replace(school(AMARA), filtering=Filtering(fault_email="faults@example.net"))

    (nowhere,) = mail_room.routes([fault])
    (there,) = replace(mail_room, schools={HERE: knows}).routes([fault])
    mail_room.gone(fault, SendFailed("refused", permanent=True))

    assert (nowhere, there) == (Route(skip="no address"), Route(address="faults@example.net"))
    assert told(room) == [("amara", "filter-fault-not-mailed", "slack")]


def test_what_tells_ben_of_a_request_has_its_button_and_a_letter_of_it_has_none(mail_room: MailRoom) -> None:
    told_of = replace(row("amara"), page="request-waits", part="")

    ((button,),) = mail_room.buttons(told_of)

    assert (button.verb, dict(button.args)) == ("req.read", {"ref": "LP-7KQ4-M2"})
    assert mail_room.buttons(replace(told_of, channel="email")) == ()
    assert mail_room.buttons(replace(told_of, page="find-waiting")) == ()
