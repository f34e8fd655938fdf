"""Floor 3: families. Front door: `from parents import confirm`."""

from parents.campaigns import (
    Campaign,
    CampaignFault,
    Coming,
    Meant,
    Step,
    dues_of,
    load_campaigns,
    plan_step,
    steps_soon,
)
from parents.cover import days_in_words, tell_of_cover, uncovered
from parents.families import ConsentEvent, Event, Family, FamilyState, FamilyStore, Invitation
from parents.home import HOME, home_links, plan_home, tell_home
from parents.joining import (
    Invited,
    NotInvitedError,
    RevokedInvitationError,
    choose_language,
    confirm,
    invitation,
    invite,
    leave,
    unreachable,
)
from parents.mailings import CHUNK, Laid, lay_next
from parents.newsletters import Newsletter, newsletter_mailing, plan_newsletter, wants
from parents.staff_steps import meant_for, plan_staff_step

__all__ = [
    "CHUNK",
    "HOME",
    "Campaign",
    "CampaignFault",
    "Coming",
    "ConsentEvent",
    "Event",
    "Family",
    "FamilyState",
    "FamilyStore",
    "Invitation",
    "Invited",
    "Laid",
    "Meant",
    "Newsletter",
    "NotInvitedError",
    "RevokedInvitationError",
    "Step",
    "choose_language",
    "confirm",
    "days_in_words",
    "dues_of",
    "home_links",
    "invitation",
    "invite",
    "lay_next",
    "leave",
    "load_campaigns",
    "meant_for",
    "newsletter_mailing",
    "plan_home",
    "plan_newsletter",
    "plan_staff_step",
    "plan_step",
    "steps_soon",
    "tell_home",
    "tell_of_cover",
    "uncovered",
    "unreachable",
    "wants",
]
