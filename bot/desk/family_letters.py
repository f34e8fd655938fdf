"""A family's own page, by the link in its letters: what it hears of, what is kept, and an end to either."""

from collections.abc import Mapping
from dataclasses import replace

from bot.desk import families, family_rights, family_years, leaving
from bot.desk.visit import Handler, Visit, button
from bot.family_links import Opened, Right, opened
from bot.wire import Answer, Choice, Look, Via
from pages import Document, note, paragraph
from parents import Event, Family, FamilyState, leave
from school.notices import Notice, To
from school.people import LANGUAGES
from school.words import Refusal, Text
from staff import Asker

YOURS = "letter-yours"
STOP = button(Text("Stop these letters"), "letters.stop", Look.DANGER)
SEND_ME = button(Text("Send me a link to my copy"), "letters.do", args={"do": "send"})
# What a link opens of the handlers that a chat has as well.
CHOOSING: Mapping[str, Handler] = {
    "language.set": families.set_language,
    "years.leave": family_years.left_class,
    "years.often": family_years.chose_often,
    "years.year": family_years.chose_year,
}
OWNING: Mapping[str, Handler] = {
    "privacy": family_rights.shown,
    "privacy.copy": family_rights.copied,
    "privacy.erase": family_rights.asked,
    "privacy.erase.yes": family_rights.erased,
}


class StoppedLinkError(Refusal):
    """A link in a letter from before the family left."""

    text = Text(
        "These letters have stopped, so this link is closed. To get our news again, join again on our website. "
        "To have what we keep about you sent to you, or erased, please ask the school office."
    )


def shown(visit: Visit) -> Answer:
    """The page behind "What we keep, and your choices"."""
    link, family = _theirs(visit)
    link.still_good(now=visit.now)
    return _page(visit, family, link)


def done(visit: Visit) -> Answer:
    """A tap on one of the page's buttons."""
    link, family = _theirs(visit)
    link.still_good(now=visit.now)
    wanted = visit.incoming.args.get("do", "")
    if wanted == "send":
        return _send(visit, family)
    handler = (OWNING if link.right is Right.OWN else CHOOSING).get(wanted)
    if handler is None:
        return _page(visit, family, link)
    answer = handler(_as_family(visit, family))
    still = visit.unit.families.get(family.id)
    if still is None or still.state is not FamilyState.ACTIVE:
        return replace(answer, choices=(), lang=_lang(visit, family))
    if link.right is Right.OWN or wanted != "language.set":
        return _with_all(visit, still, link, answer)
    return _page(visit, still, link)


def look_at_stop(visit: Visit) -> Answer:
    """The page behind "Stop these letters". A mail program that opens it by itself ends nothing."""
    try:
        _, family = _theirs(visit)
    except StoppedLinkError:
        return Answer(document=visit.page("stop-done"))
    lang = _lang(visit, family)
    said = (paragraph(Text("One tap, and we write to you no more. You can join again at any time.")),)
    return Answer(document=Document(Text("Stop these letters?"), said), choices=((STOP,),), lang=lang)


def stop(visit: Visit) -> Answer:
    """At once, with all that was waiting: the button, or a mail program's own way (RFC 8058)."""
    try:
        _, family = _theirs(visit)
    except StoppedLinkError:
        return Answer(document=visit.page("stop-done"))
    left = leave(
        family,
        families=visit.unit.families,
        outbox=visit.unit.outbox,
        now=visit.now,
        source=f"{Via.EMAIL}:letter",
    )
    if left:
        leaving.count_left(visit)
    visit.unit.questions.forget_of(Asker.FAMILY, str(family.id))
    lang = _lang(visit, family)
    return Answer(document=visit.page("stop-done", lang=lang), lang=lang)


def _theirs(visit: Visit) -> tuple[Opened, Family]:
    """Whose link it is. Raises ForgedTokenError, and StoppedLinkError for one from before the family left."""
    link = opened(visit.incoming.args.get("t", ""), signer=visit.house.signers[visit.school.id])
    family = visit.unit.families.get(link.family)
    if family is None or family.state is not FamilyState.ACTIVE or family.via != Via.EMAIL:
        raise StoppedLinkError
    ends = [
        each.when for each in visit.unit.families.events(family.id) if each.event in {Event.LEFT, Event.UNREACHABLE}
    ]
    if ends and link.made <= max(ends):
        raise StoppedLinkError
    return link, family


def _lang(visit: Visit, family: Family) -> str:
    """The family's; or the one that somebody chose on the page."""
    return visit.incoming.lang if visit.incoming.args.get("chosen") == "1" else family.lang


def _as_family(visit: Visit, family: Family) -> Visit:
    """The same, as if it had come from the family's own chat."""
    there = replace(visit.incoming, via=Via.EMAIL, sender=family.address, lang=_lang(visit, family))
    return replace(visit, incoming=there)


def _page(visit: Visit, family: Family, link: Opened) -> Answer:
    handler = family_rights.shown if link.right is Right.OWN else family_years.shown
    return _with_all(visit, family, link, handler(_as_family(visit, family)))


def _with_all(visit: Visit, family: Family, link: Opened, answer: Answer) -> Answer:
    """The answer with its buttons led through the link; and all the rest that it opens."""
    rows = [tuple(_through(choice) for choice in row) for row in answer.choices]
    document = answer.document
    if link.right is Right.CHOOSE:
        rows += [*_languages(visit, family), (SEND_ME,), (STOP,)]
        kept = (
            note(
                Text(
                    "We keep your e-mail address, your language, what you chose and when, and what we sent you. "
                    "Nothing else."
                )
            ),
            paragraph(
                Text(
                    "Do you want a copy of it, or have it erased? This link may have been passed on with a letter, so "
                    "we send you another, to your own address alone."
                )
            ),
        )
        document = (document or Document("", ())) + Document("", kept)
    return replace(answer, document=document, choices=tuple(rows), lang=_lang(visit, family))


def _through(choice: Choice) -> Choice:
    if choice.href is not None:
        return choice
    return replace(choice, verb="letters.do", args={"do": choice.verb, **choice.args})


def _languages(visit: Visit, family: Family) -> list[tuple[Choice, ...]]:
    """The others than the family's own."""
    others = [each for each in visit.school.languages if each.code != family.lang and each.code in LANGUAGES]
    choices = [
        button(
            Text("Write to me in this language: {name}", {"name": each.name}),
            "letters.do",
            args={"do": "language.set", "g": each.code},
        )
        for each in others
    ]
    return [(choice,) for choice in choices]


def _send(visit: Visit, family: Family) -> Answer:
    """A letter with a link of its own; one a day, however often it is asked for."""
    visit.unit.outbox.leave(
        Notice(
            key=f"yours:{family.id}:{visit.today}",
            to=To.FAMILY,
            recipient=str(family.id),
            page=YOURS,
            via=Via.EMAIL,
        )
    )
    said = paragraph(Text("We have written to your e-mail address. The link in that letter works for two days."))
    return Answer(document=Document(Text("Please look at your e-mail"), (said,)), lang=_lang(visit, family))
