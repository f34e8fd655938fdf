"""A campaign's steps for staff: a notice to each person whom a step is for, and the account that the lead is given."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from parents.campaigns import LATE, Campaign, Coming, Meant, dues_of, had_before
from parents.mailings import Laid
from school.evidence import Evidence, EvidenceBook
from school.notices import CampaignAccount, Mailings, MailingState
from school.people import Person, Role
from school.school import School

# Governors are not staff: a governor who has one of these roles as well is.
STAFF = frozenset(Role) - {Role.GOVERNOR, Role.CHAIR_OF_GOVERNORS}


def plan_staff_step(
    coming: Coming,
    campaign: Campaign,
    *,
    school: School,
    mailings: Mailings,
    evidence: EvidenceBook,
    now: datetime,
) -> Laid:
    """Lay down a step for the staff that it is for, all of them at once. Planning twice stores once.

    One that is late waits for a school day, and for the end of the quiet hours. Whoever is away on the day is left in
    peace. The lead's pages may speak of {messages}, {families} and {skipped}. The caller commits.
    """
    mailing, calendar = coming.mailing, school.calendar
    header = mailings.open(mailing, now=now)
    if header.laid or header.state is MailingState.CANCELLED or now < mailing.due:
        return Laid()
    if calendar.is_quiet(now) or not calendar.is_school_day(calendar.today(now)):
        return Laid()
    people = meant_for(coming.step.to, school=school, on=calendar.today(now))
    had = had_before(mailing, [person.id for person in people], mailings=mailings)
    wanted = [(person.id, "") for person in people if person.id not in had]
    if coming.step.to is Meant.LEAD:
        account = report(campaign, mailings.account(campaign.id), school=school, now=now)
        mailing = replace(mailing, values={**mailing.values, **account})
    mailings.freeze(mailing, expected=len(people), now=now)
    mailings.lay(mailing, wanted, excluded=len(people) - len(wanted), after=None, upto=None, done=True)
    if wanted:
        what = f"{mailing.campaign}: {coming.step.id}: {len(wanted)} messages to staff planned"
        evidence.write(Evidence(clause="C18", kind="campaign.planned", when=now, what=what))
    return Laid(added=len(wanted), whole=len(wanted))


def meant_for(to: Meant, *, school: School, on: date) -> Sequence[Person]:
    """The people that a step is for and who are not away on the day. Nobody is there twice.

    The lead is whoever leads on e-safety and is there, or else the head; teachers have the role or a class.
    """
    if to is Meant.LEAD:
        return school.first_present(Role.ESAFETY_LEAD, Role.HEAD, on=on)
    away = school.away(on)
    here = [person for person in school.people if person.id not in away]
    if to is Meant.TEACHERS:
        return [person for person in here if person.holds(Role.TEACHER) or person.classes]
    return [person for person in here if person.holds(*STAFF)]


def report(campaign: Campaign, account: CampaignAccount, *, school: School, now: datetime) -> dict[str, str]:
    """What the lead's pages may say of the campaign until now, by the names of their placeholders.

    A step for families was skipped where its time is over and no version of it went to anybody.
    """
    went = {name.rpartition(":")[0] for name in account.mailings}
    over = [step for step, due in dues_of(campaign, school=school) if step.to is Meant.FAMILIES and due + LATE < now]
    skipped = [step for step in over if f"campaign:{campaign.id}:{step.id}" not in went]
    return {"messages": str(account.sent), "families": str(account.families), "skipped": str(len(skipped))}
