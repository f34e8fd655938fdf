"""What a class learned today, to the families of that class who asked for its news, on the same day."""

from dataclasses import replace
from datetime import datetime, timedelta

from parents.choosing import more_than_news
from parents.families import FamilyStore
from parents.mailings import Laid, lay_next
from school.evidence import Evidence, EvidenceBook
from school.notices import Mailing, Mailings
from school.people import SchoolClass
from school.school import School

# The part of a lesson that is for families, and what the ids of such mailings begin with.
HOME = "home"
PREFIX = f"{HOME}:"
# "Today" is over by the evening after.
STALE_AFTER = timedelta(days=1)


def tell_home(lesson: str, *, klass: SchoolClass, school: School, mailings: Mailings, now: datetime) -> bool:
    """Open the mailing of a lesson that was just taught; False where it was told today already. The caller commits.

    It goes when school is out, or at once where it is by then, and waits for the morning in quiet hours. A lesson that
    is taught to a class twice in a day is told once.
    """
    calendar = school.calendar
    today = calendar.today(now)
    due = calendar.next_open(max(now, calendar.at(today, calendar.open_until)))
    mailing = Mailing(
        id=f"{PREFIX}{klass.id}:{today}:{lesson}",
        campaign=f"{HOME}@{klass.id}",
        page=lesson,
        due=due,
        not_after=due + STALE_AFTER,
    )
    return mailings.open(mailing, now=now).mailing.due == due


def home_links(*, mailings: Mailings, now: datetime) -> tuple[Mailing, ...]:
    """What is to be laid down now."""
    return tuple(header.mailing for header in mailings.to_lay(PREFIX, now=now))


def plan_home(
    mailing: Mailing,
    *,
    school: School,
    families: FamilyStore,
    mailings: Mailings,
    evidence: EvidenceBook,
    now: datetime,
) -> Laid:
    """Lay down the next chunk for the families of its class. The caller commits, and asks again until it is done.

    Whoever takes the news of the whole school did not ask for each lesson, and gets none.
    """
    class_id = mailing.id.removeprefix(PREFIX).partition(":")[0]
    name = next((klass.name for klass in school.classes if klass.id == class_id), class_id)
    laid = lay_next(
        _with_part(mailing, name),
        meant=lambda family: more_than_news(family) and class_id in family.classes,
        families=families,
        mailings=mailings,
        now=now,
    )
    if laid.whole:
        what = f"{mailing.page} to {laid.whole} families of {name}"
        evidence.write(Evidence(clause="C15", kind="home.told", when=now, what=what))
    return laid


def _with_part(mailing: Mailing, class_name: str) -> Mailing:
    return replace(mailing, part=HOME, values={"class": class_name})
