"""Joining by e-mail, from a page of the school's: an address, one letter, one tap in it."""

import secrets
import string
from uuid import UUID

from bot.desk.visit import Visit, button
from bot.family_links import pending_of
from bot.tokens import LINK, ForgedTokenError
from bot.wire import Answer, Look, Via
from pages import Document, Paragraph, Span, note, paragraph
from parents import (
    Pending,
    ask_by_email,
    confirm_by_email,
    invitation,
    invite,
    waiting,
)
from school.sensitive import Sensitive
from school.words import Refusal, Text

ASKED, THANKS = "join-ask-email", "join-thanks-email"
# Letters and digits of an invitation's code, as the office's command makes them.
CODE = string.ascii_letters + string.digits
NO_LETTERS = Text(
    "Our school doesn't send e-mail yet. You can get the same news on Telegram: use the link or poster from the "
    "school. All of it is on this website too, for anybody to read."
)


class NoLettersError(Refusal):
    """There is no mail server."""

    text = NO_LETTERS


def door(visit: Visit) -> Answer:
    """What one joins by this link, and what is kept. Nothing is stored."""
    code = _code(visit)
    if not visit.house.letters:
        return Answer(document=Document(Text("The school's news"), (note(NO_LETTERS),)), refused=True)
    name = invitation(code, school=visit.school, families=visit.unit.families).class_name if code else ""
    named: dict[str, str | int | Text] = {"school": visit.school.name, "name": name}
    what = (
        Text("Online safety news from {school} for families of {name}", named)
        if name
        else Text("Online safety news from {school}", {"school": visit.school.name})
    )
    page = visit.page(ASKED)
    return Answer(document=Document(page.title, (paragraph(what), *page.blocks, _kept()), page.lang))


def ask(visit: Visit) -> Answer:
    """An address was typed: one letter goes there. Who has joined already, and who has not, is told the same."""
    if not visit.house.letters:
        raise NoLettersError
    ask_by_email(
        _code(visit) or _whole_school(visit),
        typed=visit.incoming.words.get("address", Sensitive("")),
        school=visit.school,
        families=visit.unit.families,
        pendings=visit.unit.pendings,
        outbox=visit.unit.outbox,
        via=Via.EMAIL,
        lang=visit.incoming.lang,
        pending_id=visit.house.new_id(visit.now),
        now=visit.now,
    )
    said = (
        paragraph(
            Text("We have written a letter to that address. Open it, and tap the link in it: then you have joined.")
        ),
        paragraph(Text("The link works for two days. If you do nothing, we delete the address, and write no more.")),
        note(Text("No letter after some minutes? Please look in the folder for junk mail.")),
    )
    return Answer(document=Document(Text("Please look at your e-mail"), said))


def look(visit: Visit) -> Answer:
    """The link in the letter: what it would do, and a button. Mail programs open links by themselves."""
    pending = _waiting(visit)
    page = visit.page(ASKED, lang=pending.lang)
    yes = button(Text("Yes, join"), "mail.join", Look.PRIMARY)
    return Answer(document=page + Document("", (_kept(),)), choices=((yes,),), lang=pending.lang)


def join(visit: Visit) -> Answer:
    """The tap that subscribes."""
    pending = _waiting(visit)
    page = visit.house.shelf.get(ASKED, pending.lang)
    _, fresh = confirm_by_email(
        pending,
        school=visit.school,
        families=visit.unit.families,
        pendings=visit.unit.pendings,
        evidence=visit.unit.evidence,
        via=Via.EMAIL,
        wording=f"{ASKED}:{page.version}:{page.lang}",
        family_id=visit.house.new_id(visit.now),
        now=visit.now,
    )
    document = visit.page(THANKS, lang=pending.lang)
    if not fresh:
        document = document + Document("", (note(Text("You had joined already. Nothing was changed.")),))
    return Answer(document=document, lang=pending.lang)


def _kept() -> Paragraph:
    return Paragraph((Span(Text("What we keep about you and your child"), href="page:privacy-parent"),))


def _code(visit: Visit) -> str:
    """The invitation's code in a link; empty without one. Raises ForgedTokenError."""
    token = visit.incoming.args.get("t", "")
    if not token:
        return ""
    content, _ = visit.house.signers[visit.school.id].read(LINK, token)
    try:
        return content.decode("ascii")
    except UnicodeDecodeError as error:
        raise ForgedTokenError from error


def _whole_school(visit: Visit) -> str:
    """The code of the whole school's news, which is open to everybody; made where the office never needed one."""
    fresh = "".join(secrets.choice(CODE) for _ in range(8))
    return invite(None, families=visit.unit.families, code=fresh, now=visit.now).code


def _waiting(visit: Visit) -> Pending:
    pending: UUID = pending_of(visit.incoming.args.get("t", ""), signer=visit.house.signers[visit.school.id])
    return waiting(pending, pendings=visit.unit.pendings, now=visit.now)
