"""Families at the desk: a link, a language, one tap; a language again; one word to stop."""

from dataclasses import replace
from datetime import date

from bot.addresses import picture_path
from bot.desk import leaving
from bot.desk.event_words import facts_of
from bot.desk.letters import by_letter, letters_linked, letters_typed
from bot.desk.reports import by_poster
from bot.desk.tongues import chosen_lang, language_rows
from bot.desk.visit import Visit, button, says_only
from bot.desk.whatif import with_door
from bot.tokens import LINK, ForgedTokenError
from bot.undernews import under_news
from bot.wire import SILENCE, Answer, Look, Show
from pages import Document, Heading, NewsletterFront, Paragraph, Picture, Span, Tone, note, paragraph, says
from parents import (
    PREFIX,
    Family,
    asks_to_stop,
    choose_language,
    confirm,
    held_back,
    invitation,
    leave,
    picture_of,
    unreachable,
    wants,
)
from school.events import SchoolEvent
from school.people import YearGroup
from school.school import School
from school.words import Text
from staff import Asker

WORDING = "join-ask"


def family_of(visit: Visit) -> Family | None:
    """The family behind the chat, whether it still gets the news or not."""
    return visit.unit.families.by_address(via=visit.incoming.via, address=visit.incoming.sender)


def start(visit: Visit) -> Answer:
    """`/start CODE`: what it is for and which language. Nothing is stored."""
    typed = visit.incoming.args.get("code", "").strip()
    if not typed:
        return says_only(
            Text(
                "Hello! This is the school's online safety news. To join, use the link or poster from the school. "
                "To tell someone about a worry, type /report.",
            ),
            title=Text("Welcome"),
        )
    year = visit.house.signers[visit.school.id].poster_year(typed)
    if year is not None:
        return by_poster(visit, YearGroup(year))
    letter = letters_linked(visit, typed) or letters_typed(typed)
    if letter is not None:
        return by_letter(visit, letter)
    content, _ = visit.house.signers[visit.school.id].read(LINK, typed)
    try:
        code = content.decode("ascii")
    except UnicodeDecodeError as error:
        raise ForgedTokenError from error
    invited = invitation(code, school=visit.school, families=visit.unit.families)
    if invited.event:
        return Answer(document=_to_event(visit, invited.event), choices=language_rows(visit, "join.lang", c=code))
    what = (
        Text("Online safety news from {school} for families of {name}", _names(visit, invited.class_name))
        if invited.class_name
        else Text("Online safety news from {school}", {"school": visit.school.name})
    )
    document = Document(Text("Welcome"), (paragraph(what), Heading(says(Text("Which language?")), 3)))
    return Answer(document=document, choices=language_rows(visit, "join.lang", c=code))


def _to_event(visit: Visit, event: SchoolEvent) -> Document:
    """The event first, then what joining is for."""
    news = Text("Online safety news from {school}", {"school": visit.school.name})
    asked = (
        facts_of(event, school=visit.school, lang=visit.incoming.lang),
        paragraph(Text("Join here to hear of it, and of life online:")),
        paragraph(news),
        Heading(says(Text("Which language?")), 3),
    )
    return Document(event.name, asked)


def _names(visit: Visit, class_name: str) -> dict[str, str | int | Text]:
    return {"school": visit.school.name, "name": class_name}


def join_in_language(visit: Visit) -> Answer:
    """The language is chosen; one tap is left. Nothing is stored."""
    code, lang = visit.incoming.args.get("c", ""), chosen_lang(visit)
    invitation(code, school=visit.school, families=visit.unit.families)
    kept = Span(Text("What we keep about you and your child"), href="page:privacy-parent")
    document = visit.page(WORDING, lang=lang) + Document("", (Paragraph((kept,)),))
    row = (
        button(Text("Yes, join"), "join", Look.PRIMARY, {"c": code, "g": lang}),
        button(Text("No, thanks"), "join.no", args={"g": lang}),
    )
    return Answer(document=document, choices=(row,), show=Show.REPLACE, lang=lang)


def no_thanks(visit: Visit) -> Answer:
    """The other tap. Nothing is stored."""
    words = Text(
        "That's fine. You have not joined, and we kept nothing. You can still read our news on the school's website. "
        "If you change your mind, use the link or poster from the school again.",
    )
    return replace(says_only(words, title=Text("No, thanks"), show=Show.REPLACE), lang=chosen_lang(visit))


def join(visit: Visit) -> Answer:
    """The tap that subscribes."""
    lang = chosen_lang(visit)
    page = visit.house.shelf.get(WORDING, lang)
    _, fresh = confirm(
        visit.incoming.args.get("c", ""),
        school=visit.school,
        families=visit.unit.families,
        evidence=visit.unit.evidence,
        via=visit.incoming.via,
        address=visit.incoming.sender,
        lang=lang,
        wording=f"{WORDING}:{page.version}:{page.lang}",
        family_id=visit.house.new_id(visit.now),
        now=visit.now,
    )
    document = visit.page("join-thanks", lang=lang)
    event = invitation(visit.incoming.args.get("c", ""), school=visit.school, families=visit.unit.families).event
    if event:
        shown = (Heading(says(event.name), 3), facts_of(event, school=visit.school, lang=lang), *document.blocks)
        document = Document(document.title, shown, document.lang)
    if not fresh:
        document = document + Document("", (note(Text("You had joined already. Nothing was changed.")),))
    return with_door(Answer(document=document, show=Show.REPLACE, lang=lang), visit=visit)


def languages(visit: Visit) -> Answer:
    """`/language`."""
    if family_of(visit) is None:
        return not_joined()
    document = Document(Text("Which language?"), (paragraph(Text("Choose the language for news from the school.")),))
    return Answer(document=document, choices=language_rows(visit, "language.set"))


def set_language(visit: Visit) -> Answer:
    """The tap on a language."""
    family = family_of(visit)
    if family is None:
        return not_joined()
    changed = choose_language(family, lang=chosen_lang(visit), families=visit.unit.families, now=visit.now)
    words = Text("Done. News from the school will come in this language where we have it.")
    return Answer(
        document=Document(Text("Language"), (note(words, Tone.GOOD),)),
        show=Show.REPLACE,
        lang=changed.lang,
    )


def not_joined() -> Answer:
    """What somebody is told who has not joined."""
    return says_only(Text("You haven't joined the school's news. Use the link or poster from the school to join."))


def stop(visit: Visit) -> Answer:
    """`/stop`: at once, with all that was waiting."""
    family = family_of(visit)
    if family is None:
        return not_joined()
    just_left = leave(
        family,
        families=visit.unit.families,
        outbox=visit.unit.outbox,
        now=visit.now,
        source=f"{visit.incoming.via}:/stop",
    )
    visit.unit.questions.forget_of(Asker.FAMILY, str(family.id))
    if not just_left:
        return Answer(document=visit.page("stop-done"))
    leaving.count_left(visit)
    return Answer(document=visit.page("stop-done") + leaving.ASKED, choices=leaving.ROWS)


def said_stop(visit: Visit, typed: str) -> Answer | None:
    """Where a family's whole message is the word that ends the news; None for anything else, and anybody else."""
    return stop(visit) if asks_to_stop(typed) and family_of(visit) else None


def news(visit: Visit) -> Answer:
    """`/news`: the newest newsletter that is out, and when the next one comes, as far as both are known."""
    issues = _issues(visit, family_of(visit))
    out = _out(visit, issues)
    coming = min((day for day, _ in issues if day > visit.today), default=None)
    when = {"date": f"{coming:%d/%m/%Y}"} if coming else {}
    if not out:
        none_yet = Text("There is no newsletter out yet. The first one comes about {date}.", when)
        said = none_yet if coming else Text("There is no newsletter out yet, and no day is set for one.")
        return with_door(says_only(said), visit=visit)
    _, newest = max(out)
    following = Document("", (note(Text("The next newsletter comes about {date}.", when)),) if coming else ())
    rows = under_news(newest, shelf=visit.house.shelf, in_chat=True)
    lead = picture_of(newest, shelf=visit.house.shelf, lang=visit.incoming.lang)
    picture = Picture(visit.address(picture_path(newest)), lead.alt, lead.lang) if lead else None
    return Answer(document=replace(visit.page(newest) + following, picture=picture), choices=rows)


def _issues(visit: Visit, family: Family | None) -> list[tuple[date, str]]:
    """The newsletters meant for a family, or all of them for whoever has not joined: day of sending and page."""
    return [
        (page.front.send_on, page.id)
        for page in visit.house.shelf.all(kind="newsletter", lang=visit.incoming.lang)
        if isinstance(page.front, NewsletterFront) and (family is None or _meant_for(family, page.front, visit.school))
    ]


def newest_out(visit: Visit, family: Family | None) -> str:
    """The id of the newest newsletter that is out; empty where none is."""
    return max(_out(visit, _issues(visit, family)), default=(visit.today, ""))[1]


def _out(visit: Visit, issues: list[tuple[date, str]]) -> list[tuple[date, str]]:
    """Those whose day has come, and that do not wait for two people's look."""
    held = held_back(
        visit.house.shelf.all(kind="newsletter"),
        visit.unit.mailings.unlaid(PREFIX),
        shelf=visit.house.shelf,
        school=visit.school,
        approvals=visit.unit.approvals,
    )
    return [issue for issue in issues if issue[0] <= visit.today and issue[1] not in held]


def _meant_for(family: Family, front: NewsletterFront, school: School) -> bool:
    return wants(family, years=frozenset(map(YearGroup.parse, front.years)), school=school)


def blocked(visit: Visit) -> Answer:
    """They blocked the bot: write no more."""
    if family := family_of(visit):
        unreachable(
            family,
            families=visit.unit.families,
            outbox=visit.unit.outbox,
            now=visit.now,
            source=f"{visit.incoming.via}:blocked",
        )
        visit.unit.questions.forget_of(Asker.FAMILY, str(family.id))
    return SILENCE


def unblocked(visit: Visit) -> Answer:
    """They may be written to again, once they join again: being unblocked is not consent."""
    del visit
    return SILENCE


def moved(visit: Visit) -> Answer:
    """The platform gave a chat another address."""
    args = visit.incoming.args
    visit.unit.families.moved(via=visit.incoming.via, old=args.get("old", ""), new=args.get("new", ""))
    return SILENCE
