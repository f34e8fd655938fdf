"""Floor 3: families. Front door: `from parents import confirm`."""

from parents.campaigns import Campaign, CampaignFault, Step, load_campaigns, plan_step, steps_soon
from parents.choosing import choose_frequency, choose_years, leave_class, more_than_news, spelt, still_asked_for
from parents.consent import Standing, replayed, standing_of
from parents.families import (
    ConsentEvent,
    Event,
    Family,
    FamilyState,
    FamilyStore,
    ForgottenChatError,
    Frequency,
    Invitation,
    Sent,
)
from parents.home import HOME, home_links, plan_home, tell_home
from parents.joining import (
    Invited,
    NotInvitedError,
    RevokedInvitationError,
    choose_language,
    confirm,
    invitation,
    invite,
    invite_anew,
    leave,
    unreachable,
)
from parents.mailings import CHUNK, Laid, lay_next
from parents.newsletters import Newsletter, newsletter_mailing, plan_newsletter, wants
from parents.rights import Kept, erase, kept_about
from parents.stopping import STOP_WORDS, asks_to_stop

__all__ = [
    "CHUNK",
    "HOME",
    "STOP_WORDS",
    "Campaign",
    "CampaignFault",
    "ConsentEvent",
    "Event",
    "Family",
    "FamilyState",
    "FamilyStore",
    "ForgottenChatError",
    "Frequency",
    "Invitation",
    "Invited",
    "Kept",
    "Laid",
    "Newsletter",
    "NotInvitedError",
    "RevokedInvitationError",
    "Sent",
    "Standing",
    "Step",
    "asks_to_stop",
    "choose_frequency",
    "choose_language",
    "choose_years",
    "confirm",
    "erase",
    "home_links",
    "invitation",
    "invite",
    "invite_anew",
    "kept_about",
    "lay_next",
    "leave",
    "leave_class",
    "load_campaigns",
    "more_than_news",
    "newsletter_mailing",
    "plan_home",
    "plan_newsletter",
    "plan_step",
    "replayed",
    "spelt",
    "standing_of",
    "steps_soon",
    "still_asked_for",
    "tell_home",
    "unreachable",
    "wants",
]
