"""Checked sites at the desk: the list, a new one, a second look in one tap, and those of a lesson on its card."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from bot.desk.searching import SEARCH
from bot.desk.visit import Visit, button, day_of, id_carried, name_of, once_more
from bot.desk.years import called
from bot.wire import Answer, Card, Choice, Form, FormField, Kind, Look, Option, Show, Via
from lessons import title_of
from pages import Block, Document, Heading, Paragraph, Span, Tone, note, paragraph, says
from school.people import YearGroup
from school.sensitive import Sensitive
from school.words import Refusal, Text, counted
from staff import (
    PURPOSE_LENGTH,
    OffBecause,
    Site,
    add_site,
    check_site,
    due_on,
    is_due,
    short_address,
    take_site_off,
    tidied,
)

# As many as a chat shows with two buttons each, in one message.
ON_A_PAGE = 8
# Of an address on a button, beside what stands before it.
ON_A_BUTTON = 40
# Slack's list to pull down holds 100 (docs.slack.dev/reference/block-kit/block-elements/select-menu-element).
MOST_LESSONS = 99
NO_LESSON, LOOKED = "none", "looked"
TITLE = Text("Checked sites")
NEW = button(Text("Add a site"), "sites.form", Look.PRIMARY)
WHY: dict[OffBecause, Text] = {
    OffBecause.CHANGED: Text("It has changed, and doesn't fit any more"),
    OffBecause.UNFIT: Text("Something on it isn't fit for pupils"),
    OffBecause.GONE: Text("It isn't there any more"),
    OffBecause.NO_NEED: Text("No lesson needs it now"),
}


class NoReasonError(Refusal):
    """None of the reasons was chosen."""

    text = Text("Say why it comes off the list: choose one of the reasons.")


class MixedYearsError(Refusal):
    """The years are missing, or the wrong way round."""

    text = Text("Choose the youngest and the oldest year that the site is for, the youngest first.")


def listed(visit: Visit) -> Answer:
    """What is due first, then the rest, those that were looked at longest ago on top."""
    return _list(visit)


def _list(visit: Visit, said: Text | None = None, show: Show | None = None) -> Answer:
    found = visit.unit.sites.listed()
    blocks: list[Block] = [note(said, Tone.GOOD)] if said else []
    blocks.append(paragraph(_means(visit)))
    if not found:
        blocks.append(note(Text("There is nothing on the list yet."), Tone.CALM))
    shown = show or (Show.REPLACE if "n" in visit.incoming.args else Show.REPLY)
    if visit.incoming.via is Via.WEB:
        cards = tuple(Card(Document("", tuple(_entry(visit, each))), (_buttons(each),)) for each in found)
        return Answer(document=Document(TITLE, tuple(blocks)), cards=cards, choices=((NEW,),))
    given = visit.incoming.args.get("n", "0")
    start = int(given) if given.isdecimal() and int(given) < len(found) else 0
    here = found[start : start + ON_A_PAGE]
    for each in here:
        blocks += _entry(visit, each)
    rows: list[tuple[Choice, ...]] = [_buttons(each) for each in here]
    more = len(found) - start - len(here)
    if more > 0:
        at = {"n": str(start + ON_A_PAGE)}
        rows.append((button(Text("Show {count} more", {"count": min(more, ON_A_PAGE)}), "sites", args=at),))
    return Answer(document=Document(TITLE, tuple(blocks)), choices=(*rows, (NEW,)), show=shown)


def _means(visit: Visit) -> Text:
    weeks = {"count": visit.school.sites.recheck_weeks}
    return counted(
        "A site is here once somebody has looked at it as a pupil would see it. After {count} week it is looked at "
        "again. That it was fine then doesn't say that it is fine today.",
        "A site is here once somebody has looked at it as a pupil would see it. After {count} weeks it is "
        "looked at again. That it was fine then doesn't say that it is fine today.",
        weeks,
    )


def _buttons(site: Site) -> tuple[Choice, ...]:
    at, name = {"s": site.id.hex}, short_address(site.address, ON_A_BUTTON)
    return (
        button(Text("Still fine: {site}", {"site": name}), "sites.fine", args=at),
        button(Text("Take it off: {site}", {"site": name}), "sites.off", args=at),
    )


def _entry(visit: Visit, site: Site) -> Iterator[Block]:
    """What it is, what it is for, who looked and when; and what is wrong with that by now."""
    title = title_of(site.lesson, shelf=visit.house.shelf) if site.lesson else ""
    address = Span(short_address(site.address), strong=True, href=site.address)
    yield Paragraph((address, Span(" – "), Span(site.purpose), Span(". "), Span(_years(site))))
    if title:
        yield paragraph(Text("For the lesson “{title}”", {"title": title}))
    yield from standing(visit, site)


def standing(visit: Visit, site: Site) -> Iterator[Block]:
    """Who looked at it and when, until when that holds, and whether it has gone silent since."""
    values: dict[str, str | int | Text] = {
        "date": day_of(visit, site.checked),
        "name": name_of(visit, site.checked_by),
        "due": f"{due_on(site, school=visit.school):%d/%m/%Y}",
    }
    if is_due(site, school=visit.school, on=visit.today):
        yield note(Text("Look at it again: last looked at on {date} by {name}, due since {due}.", values), Tone.URGENT)
    else:
        yield note(Text("Looked at on {date} by {name}, again from {due}.", values), Tone.PLAIN)
    if site.silent_since:
        silent = {"date": day_of(visit, site.silent_since)}
        yield note(Text("It did not answer on {date}. Try it before you use it.", silent), Tone.URGENT)


def _years(site: Site) -> Text:
    youngest, oldest = site.years
    if youngest == oldest:
        return called(youngest)
    return Text("{youngest} to {oldest}", {"youngest": called(youngest), "oldest": called(oldest)})


def form(visit: Visit) -> Answer:
    """What is asked of somebody who has just looked at a site."""
    return Answer(form=_form(visit), show=Show.FORM)


def _form(visit: Visit) -> Form:
    lesson = visit.incoming.args.get("l", "")
    about = title_of(lesson, shelf=visit.house.shelf) if lesson else ""
    intro = (paragraph(Text("For the lesson “{title}”", {"title": about})),) if about else ()
    return Form(
        title=Text("Add a site"),
        submit=Text("Put it on the list"),
        verb="sites.add",
        args={"l": lesson} if about else {},
        intro=Document(Text("Add a site"), (*intro, paragraph(SEARCH))),
        fields=(
            FormField(
                name="address",
                label=Text("Its address"),
                kind=Kind.LONG_TEXT,
                hint=Text("Copy it from the browser. What stands after a ? or # is left out: it may name somebody."),
                private=True,
                max_length=2000,
            ),
            FormField(
                name="purpose",
                label=Text("What is it for?"),
                kind=Kind.LONG_TEXT,
                hint=Text("In a few words, such as: maps of rivers. No child's name, please."),
                private=True,
                max_length=PURPOSE_LENGTH,
            ),
            *_year_fields(visit),
            *(() if about else _lesson_field(visit)),
            FormField(
                name="looked",
                label=Text("Have you looked?"),
                kind=Kind.CHOICE,
                options=(Option(value=LOOKED, label=Text("Yes, today, as a pupil would see it")),),
                hint=Text("On a pupil's device or account, behind the pupils' filter, with its adverts and its links."),
            ),
        ),
    )


def _year_fields(visit: Visit) -> Iterator[FormField]:
    years = visit.school.years
    theirs = [
        year
        for klass in visit.school.classes
        if visit.person and klass.id in visit.person.classes
        for year in klass.years
    ] or list(years)
    for name, label, first in (
        ("youngest", Text("The youngest year it is for"), min(theirs)),
        ("oldest", Text("The oldest year it is for"), max(theirs)),
    ):
        yield FormField(
            name=name,
            label=label,
            kind=Kind.CHOICE,
            options=tuple(Option(value=year.code, label=called(year)) for year in years),
            initial=first.code,
            compact=True,
        )


def _lesson_field(visit: Visit) -> Iterator[FormField]:
    here = [each for each in visit.house.plan if each.year in visit.school.years][:MOST_LESSONS]
    titled = {each.lesson: title_of(each.lesson, shelf=visit.house.shelf) for each in here}
    yield FormField(
        name="lesson",
        label=Text("Is it for one of our lessons?"),
        kind=Kind.CHOICE,
        options=(
            Option(value=NO_LESSON, label=Text("For no lesson here, or for several")),
            *(Option(value=lesson, label=Text("{title}", {"title": title})) for lesson, title in titled.items()),
        ),
        initial=NO_LESSON,
        compact=True,
    )


def added(visit: Visit) -> Answer:
    """On the list. What can't be taken is said above the form, which keeps what was typed."""
    try:
        cut = _add(visit)
    except Refusal as refusal:
        return once_more(Answer(form=_form(visit), show=Show.FORM), refusal)
    said = Text("It is on the list. Thank you for looking.")
    if cut:
        said = Text(
            "It is on the list, without what stood after the ? or # in its address. If the page needs that, list "
            "the page that leads to it."
        )
    return _list(visit, said, Show.REPLACE)


def _add(visit: Visit) -> bool:
    """Whether something was cut off its address."""
    args, words = visit.incoming.args, visit.incoming.words
    address = tidied((words.get("address") or Sensitive("")).reveal())
    lesson = args.get("l") or args.get("lesson", "")
    add_site(
        Site(
            id=visit.house.new_id(visit.now),
            address=address.address,
            purpose=" ".join((words.get("purpose") or Sensitive("")).reveal().split()).removesuffix("."),
            years=_years_meant(visit),
            lesson=lesson if title_of(lesson, shelf=visit.house.shelf) else "",
            checked=visit.now,
            checked_by=_who(visit),
        ),
        looked_at=args.get("looked") == LOOKED,
        sites=visit.unit.sites,
        evidence=visit.unit.evidence,
    )
    return address.cut


def _years_meant(visit: Visit) -> tuple[YearGroup, YearGroup]:
    try:
        youngest, oldest = (YearGroup.parse(visit.incoming.args.get(name, "")) for name in ("youngest", "oldest"))
    except ValueError as error:
        raise MixedYearsError from error
    if youngest > oldest:
        raise MixedYearsError
    return youngest, oldest


def _who(visit: Visit) -> str:
    return visit.person.id if visit.person else ""


def _meant(visit: Visit) -> UUID:
    """The site that a button carries; one that there is none of where it carries none."""
    return id_carried(visit, "s") or UUID(int=0)


def fine(visit: Visit) -> Answer:
    """One tap: looked at again today."""
    site = check_site(
        _meant(visit), by=_who(visit), sites=visit.unit.sites, evidence=visit.unit.evidence, now=visit.now
    )
    said = Text("Kept: you have looked at {site} today.", {"site": short_address(site.address)})
    return _list(visit, said, Show.REPLACE)


def off_form(visit: Visit) -> Answer:
    """Why it comes off the list."""
    site = visit.unit.sites.get(_meant(visit))
    if site is None:
        return _list(visit, show=Show.REPLACE)
    fields = (
        FormField(
            name="why",
            label=Text("Why?"),
            kind=Kind.CHOICE,
            options=tuple(Option(value=why, label=label) for why, label in WHY.items()),
        ),
    )
    title = Text("Take it off the list")
    intro = Document(title, (paragraph(short_address(site.address)),))
    made = Form(title=title, submit=title, verb="sites.off.send", args={"s": site.id.hex}, fields=fields, intro=intro)
    return Answer(form=made, show=Show.FORM)


def taken_off(visit: Visit) -> Answer:
    """Off the list; where it isn't fit for pupils, the way to tell whoever owns the filter."""
    try:
        why = OffBecause(visit.incoming.args.get("why", ""))
    except ValueError as error:
        raise NoReasonError from error
    site = take_site_off(
        _meant(visit), why=why, by=_who(visit), sites=visit.unit.sites, evidence=visit.unit.evidence, now=visit.now
    )
    answer = _list(visit, Text("{site} is off the list.", {"site": short_address(site.address)}), Show.REPLACE)
    if why is not OffBecause.UNFIT:
        return answer
    tell = button(Text("Tell whoever looks after the filter"), "found.form", Look.PRIMARY)
    return replace(answer, choices=((tell,), *answer.choices))


def for_lesson(visit: Visit, lesson: str) -> tuple[Document, tuple[tuple[Choice, ...], ...]]:
    """What a lesson's card says of its sites, and how to add one. With sites, it is a lesson online."""
    add = (button(Text("Add a site for it"), "sites.form", args={"l": lesson}), button(TITLE, "sites"))
    found = visit.unit.sites.of_lesson(lesson)
    if not found:
        return Document(""), (add,)
    blocks: list[Block] = [Heading(says(Text("Sites for this lesson")), 3)]
    for site in found:
        link = Span(short_address(site.address), strong=True, href=site.address)
        blocks += [Paragraph((link, Span(" – "), Span(site.purpose))), *standing(visit, site)]
    due = tuple(_buttons(each)[0] for each in found if is_due(each, school=visit.school, on=visit.today))
    return Document("", tuple(blocks)), (*((due,) if due else ()), add)
