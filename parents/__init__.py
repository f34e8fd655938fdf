"""Floor 3: families. Front door: `from parents import confirm`."""

from parents.campaigns import Campaign, CampaignFault, Step, load_campaigns, plan_campaign
from parents.families import ConsentEvent, Event, Family, FamilyState, FamilyStore, Invitation
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
from parents.newsletters import Newsletter, plan_newsletter, wants

__all__ = [
    "Campaign",
    "CampaignFault",
    "ConsentEvent",
    "Event",
    "Family",
    "FamilyState",
    "FamilyStore",
    "Invitation",
    "Invited",
    "Newsletter",
    "NotInvitedError",
    "RevokedInvitationError",
    "Step",
    "choose_language",
    "confirm",
    "invitation",
    "invite",
    "leave",
    "load_campaigns",
    "plan_campaign",
    "plan_newsletter",
    "unreachable",
    "wants",
]
