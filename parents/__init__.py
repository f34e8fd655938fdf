"""Floor 3: families. Front door: `from parents import confirm`."""

from parents.campaigns import Campaign, CampaignFault, Step, load_campaigns, plan_step, steps_soon
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

__all__ = [
    "CHUNK",
    "HOME",
    "Campaign",
    "CampaignFault",
    "ConsentEvent",
    "Event",
    "Family",
    "FamilyState",
    "FamilyStore",
    "Invitation",
    "Invited",
    "Laid",
    "Newsletter",
    "NotInvitedError",
    "RevokedInvitationError",
    "Step",
    "choose_language",
    "confirm",
    "home_links",
    "invitation",
    "invite",
    "lay_next",
    "leave",
    "load_campaigns",
    "newsletter_mailing",
    "plan_home",
    "plan_newsletter",
    "plan_step",
    "steps_soon",
    "tell_home",
    "unreachable",
    "wants",
]
