"""Who may report where: a year group said or read off a poster, and what follows from it. Nobody is looked up.

Nobody is a pupil in any table. Staff are known, families gave a sign of their own, and everybody else is unknown.
"""

from bot.desk.visit import Visit
from bot.wire import Answer, Choice, Look, Show, Via
from school.people import YearGroup
from school.words import Text

CHATS = frozenset({Via.SLACK, Via.TELEGRAM})
# Instead of a year, from a chat that has joined the news: the years are for children.
PARENT = "parent"
# Where no year is given; not empty, for Slack takes no empty answer.
UNSAID = "unsaid"


def year_of(typed: str) -> YearGroup | None:
    """The year group, spelt as in files and on buttons; None for anything else."""
    try:
        return YearGroup.parse(typed) if typed else None
    except ValueError:
        return None


def may_here(visit: Visit, year: str) -> bool:
    """Whether this is a place to report for whoever says this of themselves. The web form is, for everybody."""
    if visit.person or visit.incoming.via not in CHATS:
        return True
    grown_up = year == PARENT and is_family(visit)
    return grown_up or visit.school.reporting.dm_allowed(year_of(year))


def too_young(visit: Visit, year: YearGroup | None = None, *, show: Show = Show.REPLACE) -> Answer:
    """The way that is open to everybody, with the year already said where it is known."""
    path = f"/report?code={visit.house.signers[visit.school.id].poster_code(year.number)}" if year else "/report"
    link = Choice(label=Text("Open the school's form"), href=visit.address(path), look=Look.PRIMARY)
    return Answer(document=visit.page("report-too-young"), choices=((link,),), show=show)


def years(visit: Visit) -> list[YearGroup]:
    """Those of the school's own classes, and those that may report in a chat though no class is for them."""
    return sorted({*visit.school.years, *visit.school.reporting.years_by_dm})


def called(year: YearGroup) -> Text:
    """What a year is called."""
    return Text("Year {year}", {"year": year.code}) if year.number else Text("Reception")


def is_family(visit: Visit) -> bool:
    """Whether the chat is one that gets the school's news, which a parent or carer asked for."""
    return visit.unit.families.by_address(via=visit.incoming.via, address=visit.incoming.sender) is not None
