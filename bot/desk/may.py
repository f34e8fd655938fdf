"""MAY: every permission on one screen. A verb needs all of its predicates."""

from collections.abc import Callable, Mapping

from bot.wire import Incoming, Via
from parents import STEERING
from school.people import ANSWERING_ROLES, SAFEGUARDING_ROLES, Person, Role
from staff import ADVISERS, LEADS, MAY_SWITCH, MINDERS, OFFICES, OWNERS

Predicate = Callable[[Incoming, Person | None], bool]


def anyone(incoming: Incoming, person: Person | None) -> bool:  # noqa: ARG001 - all predicates look alike
    """Whoever it is."""
    return True


def staff(incoming: Incoming, person: Person | None) -> bool:  # noqa: ARG001
    """Somebody the school file names."""
    return person is not None


def teaching(incoming: Incoming, person: Person | None) -> bool:  # noqa: ARG001
    """Somebody who may move a class on."""
    return person is not None and person.holds(Role.TEACHER, Role.HEAD, Role.ESAFETY_LEAD)


def safeguarding(incoming: Incoming, person: Person | None) -> bool:
    """Somebody with a safeguarding role, signed in on the web with a key of theirs."""
    return (
        incoming.via is Via.WEB
        and incoming.key is not None
        and person is not None
        and person.holds(*SAFEGUARDING_ROLES)
    )


def answering(incoming: Incoming, person: Person | None) -> bool:
    """Somebody signed in who answers for reports by office: a year lead reads theirs, and ends none of them."""
    return safeguarding(incoming, person) and person is not None and person.holds(*ANSWERING_ROLES)


def sorting(incoming: Incoming, person: Person | None) -> bool:
    """The lead or a deputy, signed in: whoever looks after what filters and monitors."""
    return safeguarding(incoming, person) and person is not None and person.holds(Role.DSL, Role.DEPUTY_DSL)


# Whoever may be the reader of a low-level concern, by office; a lead never is.
REGISTER_ROLES = (Role.HEAD, Role.CHAIR_OF_GOVERNORS)


def over_staff(incoming: Incoming, person: Person | None) -> bool:
    """Somebody signed in on the web with a key, whom low-level concerns about adults may be sealed to."""
    return safeguarding(incoming, person) and person is not None and person.holds(*REGISTER_ROLES)


def signed_in(incoming: Incoming, person: Person | None) -> bool:
    """Staff on Slack, or somebody signed in on the web."""
    return person is not None and (incoming.via is not Via.WEB or incoming.key is not None)


# Who reads what turned up on a screen.
FINDING = (*OWNERS, *LEADS)


def steering(incoming: Incoming, person: Person | None) -> bool:
    """Somebody signed in who answers for what the school sends: a right apart from reading how it stands."""
    return signed_in(incoming, person) and person is not None and person.holds(*STEERING)


# Whoever answers for the policy, and whoever looks after it.
ANSWERING_FOR_POLICY = (
    *(Role.HEAD, Role.CHAIR_OF_GOVERNORS, Role.GOVERNOR, Role.ESAFETY_LEAD, Role.DSL, Role.DEPUTY_DSL),
)


def answering_for_policy(incoming: Incoming, person: Person | None) -> bool:
    """Somebody signed in who answers for the policy: what was done, by which member of staff, is for their eyes."""
    return signed_in(incoming, person) and person is not None and person.holds(*ANSWERING_FOR_POLICY)


def overseeing(incoming: Incoming, person: Person | None) -> bool:
    """Somebody signed in who answers for the policy, or the technician: whoever keeps the school's registers."""
    return signed_in(incoming, person) and person is not None and person.holds(*ANSWERING_FOR_POLICY, Role.TECHNICIAN)


def agreeing(incoming: Incoming, person: Person | None) -> bool:
    """The head or the chair of governors, signed in: they agree the policy."""
    return signed_in(incoming, person) and person is not None and person.holds(*OFFICES)


def over_the_filter(incoming: Incoming, person: Person | None) -> bool:
    """Somebody on the staff who owns the filter or leads on safeguarding, and hears of what turned up."""
    return signed_in(incoming, person) and person is not None and person.holds(*FINDING)


def advising(incoming: Incoming, person: Person | None) -> bool:
    """Somebody who leads on e-safety, or the head, signed in."""
    return signed_in(incoming, person) and person is not None and person.holds(*ADVISERS)


def switching(incoming: Incoming, person: Person | None) -> bool:
    """The technician or the head, signed in: whoever may ask for a time without the filter."""
    return signed_in(incoming, person) and person is not None and person.holds(*MAY_SWITCH)


def minding(incoming: Incoming, person: Person | None) -> bool:
    """Somebody who sees to it that staff sign, learn and look: the head or the e-safety lead, signed in."""
    return signed_in(incoming, person) and person is not None and person.holds(*MINDERS)


def on_the_web(incoming: Incoming, person: Person | None) -> bool:  # noqa: ARG001
    """On a page of the school's."""
    return incoming.via is Via.WEB


def in_a_chat(incoming: Incoming, person: Person | None) -> bool:  # noqa: ARG001
    """Where the bot can write by itself to whoever wrote to it."""
    return incoming.via in {Via.SLACK, Via.TELEGRAM}


def in_chat(incoming: Incoming, person: Person | None) -> bool:  # noqa: ARG001
    """In a chat of one's own with the bot."""
    return incoming.via is Via.TELEGRAM


MAY: Mapping[str, tuple[Predicate, ...]] = {
    "alerts": (sorting,),
    "alerts.keep": (sorting,),
    "alerts.look": (sorting,),
    "agree": (in_chat,),
    "agree.pic": (in_chat,),
    "agree.read": (in_chat,),
    "agree.yes": (in_chat,),
    "agreement": (teaching,),
    "agreement.read": (teaching,),
    "agreement.sign": (teaching,),
    "agreement.signed": (teaching,),
    "ask": (in_a_chat,),
    "ask.answer": (advising,),
    "ask.answer.send": (advising,),
    "ask.close": (advising,),
    "ask.list": (advising,),
    "ask.read": (advising,),
    "ask.send": (staff,),
    "ask.worry": (advising,),
    "ask.worry.send": (advising,),
    "assembly": (staff,),
    "blocked": (in_chat,),
    "breach": (signed_in,),
    "breach.send": (signed_in,),
    "check_it": (staff,),
    "child.join": (in_chat,),
    "child.lang": (in_chat,),
    "child.no": (in_chat,),
    "coverage": (signed_in,),
    "coverage.paper": (signed_in, on_the_web),
    "cpd": (advising,),
    "cpd.form": (advising,),
    "cpd.send": (advising,),
    "deliveries": (signed_in,),
    "delivery.again": (steering,),
    "delivery.leave": (steering,),
    "devices": (signed_in,),
    "devices.do": (signed_in,),
    "devices.off": (signed_in,),
    "draft.about": (anyone,),
    "draft.drop": (anyone,),
    "draft.pass": (anyone,),
    "draft.stay": (in_a_chat,),
    "event": (in_chat,),
    "event.say": (in_chat,),
    "event.talk": (in_chat,),
    "events": (anyone,),
    "events.list": (signed_in,),
    "evidence": (answering_for_policy,),
    "evidence.paper": (answering_for_policy, on_the_web),
    "faq": (anyone,),
    "faq.form": (advising,),
    "faq.keep": (advising,),
    "faq.off": (advising,),
    "filterfault": (signed_in,),
    "filterfault.send": (signed_in,),
    "filteroff": (switching,),
    "filteroff.send": (switching,),
    "found": (signed_in,),
    "found.deal": (over_the_filter,),
    "found.deal.send": (over_the_filter,),
    "found.form": (signed_in,),
    "found.list": (over_the_filter,),
    "found.read": (over_the_filter,),
    "found.send": (signed_in,),
    "help": (anyone,),
    "home": (anyone,),
    "identity.agree": (answering,),
    "identity.ask": (answering,),
    "identity.ask.send": (answering,),
    "identity.list": (answering,),
    "identity.look": (answering,),
    "identity.refuse": (answering,),
    "identity.see": (answering,),
    "identity.take_back": (answering,),
    "inbox.acknowledge": (safeguarding,),
    "inbox.assign": (safeguarding,),
    "inbox.assign.to": (safeguarding,),
    "inbox.close": (answering,),
    "inbox.close.agree": (answering,),
    "inbox.close.send": (answering,),
    "inbox.give": (safeguarding,),
    "inbox.give.to": (safeguarding,),
    "inbox.hand_over": (answering,),
    "inbox.hand_over.send": (answering,),
    "inbox.keys": (safeguarding,),
    "inbox.list": (safeguarding,),
    "inbox.note": (safeguarding,),
    "inbox.note.send": (safeguarding,),
    "inbox.paper": (answering,),
    "inbox.papers": (answering,),
    "inbox.read": (safeguarding,),
    "inbox.refer": (safeguarding,),
    "inbox.refer.send": (safeguarding,),
    "inbox.reopen": (safeguarding,),
    "inbox.reply": (safeguarding,),
    "inbox.reply.send": (safeguarding,),
    "inbox.routing": (safeguarding,),
    "inbox.share": (safeguarding,),
    "inbox.share.to": (safeguarding,),
    "install": (signed_in,),
    "install.send": (signed_in,),
    "inset": (advising,),
    "inset.away": (signed_in,),
    "inset.form": (advising,),
    "inset.open": (signed_in,),
    "inset.read": (signed_in,),
    "inset.send": (advising,),
    "inset.there": (signed_in,),
    "join": (in_chat,),
    "join.lang": (in_chat,),
    "join.no": (in_chat,),
    "know": (teaching,),
    "know.hands": (teaching,),
    "know.keep": (teaching,),
    "language": (in_chat,),
    "language.set": (in_chat,),
    "lesson": (teaching,),
    "lesson.digest": (teaching,),
    "lesson.hands": (teaching,),
    "lesson.later": (teaching,),
    "lesson.more": (teaching,),
    "lesson.newer": (teaching,),
    "lesson.others": (teaching,),
    "lesson.partly": (teaching,),
    "lesson.remind": (teaching,),
    "lesson.step": (teaching,),
    "lesson.taught": (teaching,),
    "lesson.this": (teaching,),
    "letters": (on_the_web,),
    "letters.do": (on_the_web,),
    "letters.leave": (on_the_web,),
    "letters.stop": (on_the_web,),
    "lollipop": (anyone,),
    "lowlevel.allege": (over_staff,),
    "lowlevel.allege.yes": (over_staff,),
    "lowlevel.end": (over_staff,),
    "lowlevel.end.yes": (over_staff,),
    "lowlevel.form": (signed_in,),
    "lowlevel.list": (over_staff,),
    "lowlevel.people": (over_staff,),
    "lowlevel.read": (over_staff,),
    "lowlevel.send": (signed_in,),
    "lowlevel.share": (over_staff,),
    "mail.ask": (on_the_web,),
    "mail.door": (on_the_web,),
    "mail.join": (on_the_web,),
    "mail.look": (on_the_web,),
    "mailing.cancel": (steering,),
    "mailing.pause": (steering,),
    "mailing.resume": (steering,),
    "media": (anyone,),
    "moved": (in_chat,),
    "news": (in_chat,),
    "newsletter.approve": (steering,),
    "newsletter.look": (steering,),
    "newsletter.page": (steering,),
    "newsletter.test": (steering,),
    "news.lesson": (in_chat,),
    "numbers": (steering,),
    "photos": (signed_in,),
    "policies": (signed_in,),
    "policy": (answering_for_policy,),
    "policy.again": (agreeing,),
    "policy.take": (agreeing,),
    "policy.yes": (agreeing,),
    "poll": (teaching,),
    "poll.show": (teaching,),
    "privacy": (anyone,),
    "privacy.copy": (in_chat,),
    "privacy.erase": (in_chat,),
    "privacy.erase.yes": (in_chat,),
    "quiz": (in_chat,),
    "quiz.answered": (in_chat,),
    "registers": (signed_in,),
    "registers.form": (overseeing,),
    "registers.open": (overseeing,),
    "registers.paper": (overseeing, on_the_web),
    "registers.right": (overseeing,),
    "registers.save": (overseeing,),
    "registers.say": (overseeing,),
    "registers.say.send": (overseeing,),
    "registers.take": (overseeing,),
    "report.about": (anyone,),
    "report.add": (on_the_web,),
    "report.form": (anyone,),
    "report.hush": (in_a_chat,),
    "report.is": (in_a_chat,),
    "report.send": (anyone,),
    "report.start": (anyone,),
    "report.status": (anyone,),
    "report.tell": (in_a_chat,),
    "report.topic": (in_a_chat,),
    "report.year": (anyone,),
    "req.close": (signed_in,),
    "req.close.send": (signed_in,),
    "req.done": (signed_in,),
    "req.ico": (signed_in,),
    "req.ico.send": (signed_in,),
    "req.no": (signed_in,),
    "req.no.send": (signed_in,),
    "req.off": (signed_in,),
    "req.on": (signed_in,),
    "req.read": (signed_in,),
    "req.yes": (signed_in,),
    "requests": (signed_in,),
    "research": (signed_in,),
    "research.send": (signed_in,),
    "revisit": (teaching,),
    "revisit.done": (teaching,),
    "revisit.hands": (teaching,),
    "risks": (overseeing,),
    "roles": (overseeing,),
    "roll": (minding,),
    "roll.paper": (minding,),
    "roll.paper.send": (minding,),
    "roll.remind": (minding,),
    "sending.go_on": (steering,),
    "sending.hold": (steering,),
    "sign": (signed_in,),
    "sign.answer": (signed_in,),
    "sign.ask": (signed_in,),
    "sign.read": (signed_in,),
    "sign.yes": (signed_in,),
    "sites": (signed_in,),
    "sites.add": (signed_in,),
    "sites.fine": (signed_in,),
    "sites.form": (signed_in,),
    "sites.off": (signed_in,),
    "sites.off.send": (signed_in,),
    "start": (in_chat,),
    "starter": (staff,),
    "stop": (in_chat,),
    "stop.why": (in_chat,),
    "todo": (signed_in,),
    "todo.note": (signed_in,),
    "todo.note.send": (signed_in,),
    "todo.read": (signed_in,),
    "todo.right": (signed_in,),
    "todo.well": (signed_in,),
    "todo.wrong": (signed_in,),
    "todo.wrong.send": (signed_in,),
    "unblock": (signed_in,),
    "unblock.send": (signed_in,),
    "training": (signed_in,),
    "training.answer": (signed_in,),
    "training.needs": (advising,),
    "training.next": (signed_in,),
    "training.open": (signed_in,),
    "training.plan": (advising,),
    "training.remind": (advising,),
    "training.roll": (advising,),
    "training.survey": (signed_in,),
    "training.survey.send": (signed_in,),
    "unblocked": (in_chat,),
    "unknown": (anyone,),
    "whatif": (anyone,),
    "who": (signed_in,),
    "words": (anyone,),
    "years": (in_chat,),
    "years.leave": (in_chat,),
    "years.often": (in_chat,),
    "years.year": (in_chat,),
}


def may(verb: str, *, incoming: Incoming, person: Person | None) -> bool:
    """Whether whoever sent this may ask for a verb."""
    return all(allows(incoming, person) for allows in MAY[verb])
