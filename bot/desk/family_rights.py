"""/privacy: what is kept about a family, a copy of it, and an end to it."""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from uuid import UUID

from bot.desk.families import family_of
from bot.desk.family_agreements import SHORT
from bot.desk.family_years import OFTEN, class_called
from bot.desk.questions import ALL, theirs
from bot.desk.sent import CHANNELS, STATES
from bot.desk.visit import Visit, button, day_of, says_only
from bot.desk.years import called
from bot.unit import Unit
from bot.wire import Answer, Look, Show, Via
from pages import Block, Bullets, Document, Facts, Heading, NoSuchPageError, Tone, note, paragraph, says
from parents import (
    AdultAnswer,
    Comes,
    ConsentEvent,
    Event,
    Family,
    FamilyCode,
    FamilyState,
    Frequency,
    Kept,
    Reply,
    Said,
    Sent,
    Use,
    bound,
    erase,
    kept_about,
    take_back_photos,
)
from school.people import LANGUAGES, YearGroup
from school.words import Text
from staff import Asker

COPY = button(Text("Send me a copy"), "privacy.copy")
ERASE = button(Text("Erase it all"), "privacy.erase", Look.DANGER)
HOW_MANY = {
    Comes.YES: Text("coming"),
    Comes.WAITS: Text("on the waiting list"),
    Comes.NO: Text("not coming"),
}
NOTHING = Text("We keep nothing about this chat as one that gets the school's news.")
SAID = {
    Said.SHOWN: Text("shown to you"),
    Said.AGREED: Text("you agreed"),
    Said.YES: Text("yes"),
    Said.NO: Text("no"),
}
STANDS = {
    FamilyState.ACTIVE: Text("you get our news"),
    FamilyState.STOPPED: Text("you have stopped our news"),
    FamilyState.UNREACHABLE: Text("this chat could not be reached, so we stopped"),
}
WHAT_GOES = (
    Text(
        "We erase this chat's number, your language, your classes and the record of what you said yes to. "
        "Our messages stop at once.",
    ),
    Text(
        "One thing stays: a mark that cannot be read back into your chat's number. With it we know not to "
        "write here again by mistake. If you join again one day, it goes too.",
    ),
)
WHAT_GOES_BY_EMAIL = (
    Text(
        "We erase your e-mail address, your language, your classes and the record of what you said yes to. "
        "Our letters stop at once.",
    ),
    Text(
        "One thing stays: a mark that cannot be read back into your address. With it we know not to write to you "
        "again by mistake. If you join again one day, it goes too.",
    ),
)


def shown(visit: Visit) -> Answer:
    """`/privacy`: what is kept about anybody, and about this very chat."""
    page, family = visit.page("privacy"), family_of(visit)
    if family is None:
        return Answer(document=page)
    kept = kept_about(
        family,
        families=visit.unit.families,
        children=visit.unit.children,
        answers=visit.unit.answers,
        events=visit.unit.events,
    )
    about = Text("What we keep about you") if _by_email(family) else Text("What we keep about this chat")
    theirs = Document("", (Heading(says(about), 3), *_facts(visit, kept)))
    log = Document("", _log(visit, kept))
    return Answer(document=page + theirs + log, choices=((COPY,), (ERASE,)))


def copied(visit: Visit) -> Answer:
    """All of it, as a message of its own: to keep, to pass on, or to read by oneself."""
    family = family_of(visit)
    if family is None:
        return says_only(NOTHING)
    kept = kept_about(
        family,
        families=visit.unit.families,
        children=visit.unit.children,
        answers=visit.unit.answers,
        events=visit.unit.events,
    )
    blocks: list[Block] = [
        Facts(
            (
                (Text("Our number for you"), str(family.id)),
                (Text("This chat"), _channel(family.via)),
                (Text("Your e-mail address") if _by_email(family) else Text("The chat's number"), family.address),
            ),
        ),
        *_facts(visit, kept),
        *_log(visit, kept, whole=True),
        *_letters(visit, kept),
        *_answers(visit, kept),
        *_replies(visit, kept),
        *theirs(visit, limit=ALL),
        *_sent(visit, kept),
    ]
    return Answer(document=Document(Text("A copy of what we keep about you"), tuple(blocks)))


def asked(visit: Visit) -> Answer:
    """The first tap: what goes, what stays, and whether that is meant."""
    family = family_of(visit)
    if family is None:
        return says_only(NOTHING)
    goes, stays = WHAT_GOES_BY_EMAIL if _by_email(family) else WHAT_GOES
    blocks = (
        paragraph(goes),
        paragraph(stays),
        paragraph(
            Text(
                "What you answered for your child stays with the school, by the child's code and without this chat. "
                "Photos that you said yes to become a no.",
            ),
        ),
        note(
            Text(
                "Did you tell us about a worry? That is kept apart, by the school's safeguarding team. "
                "Please ask the school about it.",
            ),
        ),
    )
    row = (
        button(Text("Yes, erase it all"), "privacy.erase.yes", Look.DANGER),
        button(Text("No, keep it"), "privacy"),
    )
    return Answer(document=Document(Text("Erase it all?"), blocks), choices=(row,))


def erased(visit: Visit) -> Answer:
    """The second tap."""
    family = family_of(visit)
    if family is not None:
        forget_family(family, unit=visit.unit, now=visit.now, new_id=visit.house.new_id)
    words = Text(
        "It is erased, and we won't write to you here again. You can still read our news on the school's website. "
        "To join again, use the link or poster from the school: it will be as if for the first time.",
    )
    return says_only(words, title=Text("Erased"), tone=Tone.GOOD, show=Show.REPLACE)


def forget_family(family: Family, *, unit: Unit, now: datetime, new_id: Callable[[datetime], UUID]) -> tuple[bool, int]:
    """A family's rows, what it allowed for photos, and what else knows its chat; see `erase`. The caller commits."""
    ids = (new_id(now) for _ in count())
    take_back_photos(family, children=unit.children, answers=unit.answers, ids=ids, now=now)
    unit.inbox.forget_chat(via=family.via, address=family.address)
    unit.conversations.end(via=family.via, address=family.address)
    unit.questions.forget_of(Asker.FAMILY, str(family.id))
    unit.pendings.forget(family.address)
    return erase(family, families=unit.families, outbox=unit.outbox, evidence=unit.evidence, now=now)


def _by_email(family: Family) -> bool:
    return family.via == Via.EMAIL


def _facts(visit: Visit, kept: Kept) -> tuple[Block, ...]:
    family = kept.family
    follows = Text("{names}", {"names": ", ".join(class_called(each, visit.school) for each in family.classes)})
    hears_of = follows if family.classes else _years(family.years)
    pairs: list[tuple[str | Text, str | Text]] = [
        (Text("Language"), LANGUAGES[family.lang].name if family.lang in LANGUAGES else family.lang),
        (Text("Now"), STANDS[family.state]),
        (Text("Since"), day_of(visit, family.joined)),
    ]
    if family.state is FamilyState.ACTIVE:
        pairs += [(Text("News of"), hears_of), (Text("How often"), OFTEN[family.frequency])]
    pairs += [
        (
            Text("Child"),
            Text("{pupil} in {name}", {"pupil": each.pupil, "name": class_called(each.class_id, visit.school)}),
        )
        for each in bound(kept.codes)
    ]
    return (Facts(tuple(pairs)),)


def _letters(visit: Visit, kept: Kept) -> tuple[Block, ...]:
    """Those that this chat used, and whether each still counts. Nothing tells of anybody else's."""
    if not kept.codes:
        return ()
    lines = tuple(says(_letter(visit, each)) for each in kept.codes)
    return Heading(says(Text("Your letters from the school")), 3), Bullets(lines)


def _letter(visit: Visit, code: FamilyCode) -> Text:
    values: dict[str, str | int | Text] = {
        "pupil": code.pupil,
        "name": class_called(code.class_id, visit.school),
        "made": day_of(visit, code.made),
        "used": day_of(visit, code.used or code.made),
    }
    if code.binds:
        return Text("{pupil} in {name}: made on {made}, used on {used}", values)
    # Where the child is now is not for somebody whose letter has ended: the class may be a later one.
    del values["name"]
    return Text("{pupil}: made on {made}, used on {used}; it doesn't count any more", values)


def _answers(visit: Visit, kept: Kept) -> tuple[Block, ...]:
    """All that this chat was shown and said about a child, and when."""
    if not kept.answers:
        return ()
    lines = tuple(says(_answer(visit, each)) for each in kept.answers)
    return Heading(says(Text("What you answered for your child")), 3), Bullets(lines)


def _answer(visit: Visit, answer: AdultAnswer) -> Text:
    named: dict[str, str | int | Text] = {
        "date": day_of(visit, answer.when),
        "pupil": answer.pupil,
        "page": answer.page,
        "version": answer.version,
        "lang": answer.lang,
        "use": SHORT[Use(answer.use)] if answer.use else "",
        "source": _channel(answer.source),
        "said": SAID[answer.said],
    }
    if answer.use:
        return Text("{date}: {pupil}, {page} (version {version}, {lang}), {use}: {said} ({source})", named)
    return Text("{date}: {pupil}, {page} (version {version}, {lang}): {said} ({source})", named)


def _replies(visit: Visit, kept: Kept) -> tuple[Block, ...]:
    """What this chat replied to events, and never what another adult of the same child did."""
    if not kept.replies:
        return ()
    lines = tuple(says(_reply(visit, each)) for each in kept.replies)
    return Heading(says(Text("Your replies to events")), 3), Bullets(lines)


def _reply(visit: Visit, reply: Reply) -> Text:
    name = next((event.name for event in visit.school.events if event.id == reply.event), reply.event)
    said: dict[str, str | int | Text] = {
        "date": day_of(visit, reply.since),
        "event": name,
        "pupil": reply.pupil,
        "what": HOW_MANY[reply.comes],
        "count": reply.adults,
    }
    return Text("{date}: {event}, for {pupil}: {what} (adults: {count})", said)


def _years(years: tuple[YearGroup, ...]) -> Text:
    """In one line; a year is called by its number, and Reception by its letter."""
    if not years:
        return Text("the whole school")
    if len(years) == 1:
        return called(years[0])
    return Text("Years {years}", {"years": ", ".join(year.code for year in years)})


def _log(visit: Visit, kept: Kept, *, whole: bool = False) -> tuple[Block, ...]:
    if not kept.events:
        return ()
    lines = tuple(says(_line(visit, event, whole=whole)) for event in kept.events)
    return Heading(says(Text("What you said to us, and when")), 3), Bullets(lines)


def _line(visit: Visit, event: ConsentEvent, *, whole: bool) -> Text:
    said = Text("{date}: {what}", {"date": day_of(visit, event.when), "what": _said(visit, event)})
    if not whole:
        return said
    named: dict[str, str | int | Text] = {
        "said": said,
        "lang": event.lang,
        "wording": event.wording or "–",
        "source": event.source,
    }
    return Text("{said} (language: {lang}; words shown: {wording}; by: {source})", named)


def _said(visit: Visit, event: ConsentEvent) -> Text:
    name = {"name": class_called(event.detail, visit.school)}
    match event.event:
        case Event.JOINED:
            return Text("you joined the news of {name}", name) if event.detail else Text("you joined the school's news")
        case Event.LANGUAGE:
            lang = LANGUAGES[event.lang].name if event.lang in LANGUAGES else event.lang
            return Text("you chose the language {name}", {"name": lang})
        case Event.CHILD:
            return Text("you used the letter for {pupil}", {"pupil": event.detail})
        case Event.CLASS_LEFT:
            return Text("you left the news of {name}", name)
        case Event.YEARS:
            years = tuple(YearGroup.parse(code) for code in event.detail.split(",") if code)
            return Text("you chose {years}", {"years": _years(years)})
        case Event.FREQUENCY:
            only = event.detail == Frequency.NEWSLETTER
            return Text("you chose the monthly newsletter alone") if only else Text("you chose to get everything")
        case Event.LEFT:
            return STANDS[FamilyState.STOPPED]
        case Event.UNREACHABLE:
            return STANDS[FamilyState.UNREACHABLE]


def _sent(visit: Visit, kept: Kept) -> tuple[Block, ...]:
    if not kept.sent:
        return ()
    lines = tuple(says(_message(visit, sent)) for sent in kept.sent)
    return Heading(says(Text("Messages to you")), 3), Bullets(lines)


def _message(visit: Visit, sent: Sent) -> Text:
    try:
        title = visit.house.shelf.get(sent.page, visit.incoming.lang).front.title
    except NoSuchPageError:
        title = sent.page
    named: dict[str, str | int | Text] = {
        "date": day_of(visit, sent.due),
        "page": title,
        "channel": _channel(sent.via),
        "state": STATES.get(sent.state, Text("{state}", {"state": sent.state})),
        "number": sent.external_id or "–",
    }
    return Text("{date}: “{page}” by {channel}: {state} (message number: {number})", named)


def _channel(via: str) -> Text:
    return CHANNELS.get(via, Text("{channel}", {"channel": via}))
