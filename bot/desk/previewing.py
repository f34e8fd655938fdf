"""The newsletter desk: looking at a newsletter before it goes, as each parent would see it, and saying yes to it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.desk.outlook import Outlook, Press, as_got, outlook, wanted
from bot.desk.predicates import steering
from bot.desk.visit import Visit, button, name_of, says_only
from bot.wire import Answer, Choice, Look, Via
from pages import Block, Document, Facts, Heading, Page, Tone, note, paragraph, says
from parents import GENERAL, PEOPLE_NEEDED, PREFIX, TEST, LeftOut, approve, may_go, newsletter_of
from school.notices import Header, MailingState, Notice, To
from school.people import LANGUAGES
from school.words import Text, counted

# Buttons that a message bears; who reads what is left out can still be looked at from the shell.
READERS, COMING = 12, 3
SEEN = 16
CHANNELS: Mapping[str, Text] = {
    Via.TELEGRAM: Text("Telegram"),
    Via.EMAIL: Text("e-mail"),
}
REASONS: Mapping[LeftOut, Text] = {
    LeftOut.LEFT: Text("have left"),
    LeftOut.UNREACHABLE: Text("can't be reached"),
    LeftOut.OTHER_YEARS: Text("follow other years"),
    LeftOut.NEWS_ONLY: Text("chose the newsletter alone"),
    LeftOut.JOINED_LATE: Text("joined too late"),
}
ALL_SENT = button(Text("What has been sent"), "deliveries")
Line = tuple[str | Text, str | Text]


def press_of(visit: Visit) -> Press:
    """What is needed to look ahead."""
    return Press(
        school=visit.school,
        shelf=visit.house.shelf,
        unit=visit.unit,
        base=visit.address(""),
        parts=visit.house.parts,
        now=visit.now,
    )


def looked_at(visit: Visit) -> Answer:
    """What would go out, to whom and until when; whoever answers for it says yes from here."""
    found = _found(visit)
    return Answer(
        document=Document(found.page.front.title, tuple(_facts(visit, found))), choices=tuple(_ways(visit, found))
    )


def page_seen(visit: Visit) -> Answer:
    """The page as one kind of parent gets it."""
    found = _found(visit)
    lang, year = visit.incoming.args.get("lang", "en"), visit.incoming.args.get("year", GENERAL)
    made = as_got(found.page.id, lang, press_of(visit), at=found.mailing.due)
    above = note(_as_whom(year, lang))
    parts = found.parts.get(lang, 1)
    messages = counted("It is {count} message.", "It is {count} messages, one after the other.", {"count": parts})
    args = {"id": found.mailing.id, "lang": lang}
    return Answer(
        document=Document(made.title, (above, note(messages), *made.blocks), made.lang),
        choices=(
            (_back(found),),
            (button(Text("Send me a test"), "newsletter.test", args=args),),
        ),
    )


def _as_whom(year: str, lang: str) -> Text:
    if not year:
        return Text("This is how a parent who chose no class and reads {lang} gets it.", {"lang": _name(lang)})
    values = {"year": year, "lang": _name(lang)}
    return Text("This is how a parent of Year {year} who reads {lang} gets it.", values)


def tested(visit: Visit) -> Answer:
    """It goes to whoever asks, through the outbox as everything does; it is no mailing and counts for nothing."""
    found = _found(visit)
    lang = visit.incoming.args.get("lang", "en")
    assert visit.person is not None
    visit.unit.outbox.leave(a_test(found, person=visit.person.id, lang=lang, mark=f"{visit.now:%Y%m%d%H%M%S}"))
    said = says_only(Text("A test is on its way to you alone. It says that it is one."), tone=Tone.GOOD)
    return replace(said, choices=((_back(found),),))


def a_test(found: Outlook, *, person: str, lang: str, mark: str) -> Notice:
    """A newsletter for one member of staff; asked for twice in the same second it goes once."""
    return Notice(
        key=f"test:{found.mailing.id}:{lang}:{person}:{mark}",
        to=To.PERSON,
        recipient=person,
        page=found.page.id,
        values={TEST: lang},
    )


def approved(visit: Visit) -> Answer:
    """One person's yes to the words that they saw."""
    found = _found(visit)
    assert visit.person is not None
    count = approve(
        found.newsletter,
        visit.unit.mailings.open(found.mailing, now=visit.now),
        # Whoever saw other words than these sent other letters.
        seen=found.newsletter.digest if visit.incoming.args.get("seen") == seen(found) else "",
        person=visit.person,
        school=visit.school,
        approvals=visit.unit.approvals,
        evidence=visit.unit.evidence,
        now=visit.now,
    )
    if count < PEOPLE_NEEDED:
        words = Text("Thank you. Your yes is kept. It goes once one more person has looked at it and said yes.")
    else:
        due = visit.school.calendar.local(max(found.mailing.due, visit.now))
        words = Text("Thank you. Two people have said yes, so it goes from {due}.", {"due": f"{due:%d/%m/%Y %H:%M}"})
    said = says_only(words, title=Text("Newsletter"), tone=Tone.GOOD)
    return replace(said, choices=((ALL_SENT,),))


def _back(found: Outlook) -> Choice:
    return button(Text("Back to who gets it"), "newsletter.look", args={"id": found.mailing.id})


def seen(found: Outlook) -> str:
    """The beginning of the digest of the words that somebody looks at: a button has no room for all of it."""
    return found.newsletter.digest[:SEEN]


def coming(visit: Visit) -> tuple[Header, ...]:
    """Newsletters on the shelf that have not begun to go out, the next one first."""
    going = {MailingState.RUNNING, MailingState.PAUSED}
    found = (each for each in visit.unit.mailings.unlaid(PREFIX) if each.state in going)
    return tuple(each for each in found if is_coming(visit, each))[:COMING]


def is_coming(visit: Visit, header: Header) -> bool:
    """Whether it is a newsletter that has not gone out to the end, in the version that is on the shelf."""
    return not header.laid and _page_of(visit, header) is not None


def _page_of(visit: Visit, header: Header) -> Page | None:
    pages = visit.house.shelf.all(kind="newsletter")
    return next((page for page in pages if header.mailing.id == f"{PREFIX}{page.id}:{page.version}"), None)


def look_choice(mailing_id: str) -> Choice:
    """The way to look at one."""
    return button(Text("Look at it first"), "newsletter.look", args={"id": mailing_id})


def doors(visit: Visit) -> tuple[tuple[Choice, ...], ...]:
    """For those who steer: a way to each newsletter that is coming, and whether it waits for their look."""
    if not steering(visit.incoming, visit.person):
        return ()
    return tuple((_door(visit, each),) for each in coming(visit))


def _door(visit: Visit, header: Header) -> Choice:
    waits = bool(missing_yes(visit, header))
    on = f"{visit.school.calendar.local(header.mailing.due):%d/%m}"
    label = Text("Newsletter of {day}: it waits for two people's look", {"day": on})
    plain = Text("Newsletter of {day}: look at it first", {"day": on})
    return button(
        label if waits else plain, "newsletter.look", Look.PRIMARY if waits else Look.PLAIN, {"id": header.mailing.id}
    )


def missing_yes(visit: Visit, header: Header) -> bool:
    """Whether a newsletter that has not begun waits for somebody's yes."""
    page = None if header.laid else _page_of(visit, header)
    if page is None:
        return False
    newsletter = newsletter_of(page, shelf=visit.house.shelf)
    return not may_go(newsletter, school=visit.school, approvals=visit.unit.approvals)


def approvals_fact(visit: Visit, header: Header) -> Iterator[Line]:
    """Who has said yes, for the card of a newsletter that waits, or that did."""
    given = visit.unit.approvals.of(header.mailing.id)
    waits = missing_yes(visit, header)
    if not waits and not given:
        return
    digest = visit.house.shelf.digest(header.mailing.page)
    names = [name_of(visit, each.person) for each in given if header.laid or each.digest == digest]
    yield Text("Looked at by"), _and(names) if names else Text("nobody yet; two people have to")


def _found(visit: Visit) -> Outlook:
    page = wanted(visit.incoming.args.get("id", ""), visit.house.shelf)
    return outlook(page, press_of(visit))


def _facts(visit: Visit, found: Outlook) -> Iterator[Block]:
    yield Facts(tuple(_lines(visit, found)))
    if found.missing:
        langs = ", ".join(_name(lang) for lang in found.missing)
        words = Text("It is not written in {langs} yet: those families get it in English, and it says so.")
        yield note(Text(words.msgid, {"langs": langs}), Tone.URGENT)
    if found.quiet_hours:
        yield note(Text("Its time falls in quiet hours, so it goes when they end."))
    if found.finish_is_quiet:
        yield note(Text("Quiet hours begin before the last of it is out: what is left then goes on in the morning."))
    if found.needs_two:
        yield Heading(says(Text("Two people's look")), 3)
        yield paragraph(_so_far(visit, found))


def _lines(visit: Visit, found: Outlook) -> Iterator[Line]:
    audience, local = found.audience, visit.school.calendar.local
    yield Text("Families"), str(audience.families)
    yield Text("Goes out"), f"{local(found.mailing.due):%d/%m/%Y %H:%M}"
    yield Text("The last of it about"), f"{local(found.finish):%d/%m/%Y %H:%M}"
    names = {klass.id: klass.name for klass in visit.school.classes}
    yield from _counts(Text("By language"), [(_name(lang), number) for lang, number in audience.by_lang.items()])
    yield from _counts(Text("By channel"), [(via_name(via), number) for via, number in audience.by_via.items()])
    yield from _counts(Text("By class"), [(names[klass], number) for klass, number in audience.by_class.items()])
    yield from _counts(Text("By year"), [(_year(code), number) for code, number in audience.by_year.items()])
    yield from _counts(Text("Left out"), [(REASONS[why], number) for why, number in audience.left_out.items()])
    long = [(_name(lang), number) for lang, number in found.parts.items() if number > 1]
    yield from _counts(Text("More than one message in"), long)


def _counts(label: Text, counts: Iterable[tuple[str | Text, int]]) -> Iterator[Line]:
    each = [Text("{what}: {number}", {"what": what, "number": number}) for what, number in counts]
    if each:
        yield label, _and(each)


def via_name(via: str) -> Text:
    """A channel of families, as people call it."""
    return CHANNELS.get(via, Text("{channel}", {"channel": via}))


def _and(parts: Sequence[str | Text]) -> Text:
    """With a comma between them."""
    said = parts[0] if isinstance(parts[0], Text) else Text("{word}", {"word": parts[0]})
    for part in parts[1:]:
        said = Text("{before}, {after}", {"before": said, "after": part})
    return said


def _so_far(visit: Visit, found: Outlook) -> Text:
    if not found.yes:
        return Text("It is for the whole school, so it goes once two people have looked at it and said yes.")
    names = _and([name_of(visit, person) for person in found.yes])
    if found.approved:
        return Text("{names} have looked at it and said yes.", {"names": names})
    return Text("{names} has looked at it and said yes. One more person has to.", {"names": names})


def _ways(visit: Visit, found: Outlook) -> Iterator[tuple[Choice, ...]]:
    id_ = {"id": found.mailing.id}
    for year, lang in found.audience.readers[:READERS]:
        label = Text("See it: {year}, {lang}", {"year": _year(year), "lang": _name(lang)})
        yield (button(label, "newsletter.page", args={**id_, "year": year, "lang": lang}),)
    yield (button(Text("Send me a test"), "newsletter.test", args={**id_, "lang": "en"}),)
    mine = visit.person is not None and visit.person.id in found.yes
    if found.needs_two and not found.approved and not mine:
        label = Text("Approve") if found.yes else Text("It's ready")
        yield (button(label, "newsletter.approve", Look.PRIMARY, {**id_, "seen": seen(found)}),)
    yield (ALL_SENT,)


def _year(code: str) -> Text:
    return Text("Year {year}", {"year": code}) if code else Text("no class chosen")


def _name(lang: str) -> str:
    known = LANGUAGES.get(lang)
    return known.name if known else lang
