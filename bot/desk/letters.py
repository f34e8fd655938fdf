"""An adult's letter in the chat: a code that works once, a language, one tap. Nothing is said of any other adult."""

import re

from bot.desk.tongues import chosen_lang, language_rows
from bot.desk.visit import Visit, button, says_only
from bot.tokens import CHILD, ForgedTokenError
from bot.wire import Answer, Look, Show, Via
from pages import Document, Facts, Heading, Paragraph, Span, Tone, note, says
from parents import CHILD_ASKED, CODE_LETTERS, Child, Family, FamilyState, code_for, redeem
from safeguarding import ALPHABET, READ_AS
from school.words import Refusal, Text

# Eight letters, as they are printed or without what stands between. One of them is a digit: two words are no code.
_TYPED = re.compile(r"(?=.*\d)[A-Za-z0-9]{4}[ -]?[A-Za-z0-9]{4}")
# As a message of its own, nothing but what is printed is taken for one: other words may be somebody's worry.
_PRINTED = re.compile(r"(?=.*\d)[A-Z0-9]{4}-[A-Z0-9]{4}")
MINE = button(Text("What waits for me"), "agree")


class TooManyCodesError(Refusal):
    """Somebody tries one code after another."""

    text = Text(
        "That was a lot of codes in a short while. Please wait ten minutes and try again, or ask the school office: "
        "they are glad to help.",
    )


def letters_typed(typed: str) -> str | None:
    """The eight letters of a code, however it is spelt; None where it is none."""
    said = typed.strip()
    if not _TYPED.fullmatch(said):
        return None
    letters = re.sub("[ -]", "", said).upper().translate(READ_AS)
    return letters if len(letters) == CODE_LETTERS and all(each in ALPHABET for each in letters) else None


def letters_linked(visit: Visit, token: str) -> str | None:
    """The letters in the link of a letter that this school signed; None for any other token."""
    try:
        content, _ = visit.house.signers[visit.school.id].read(CHILD, token)
        return letters_typed(content.decode("ascii"))
    except (ForgedTokenError, UnicodeDecodeError):
        return None


def letter_said(visit: Visit, typed: str) -> Answer | None:
    """Where a whole message is a code as it is printed; None for anything else."""
    code = letters_typed(typed) if _PRINTED.fullmatch(typed.strip()) and visit.incoming.via is Via.TELEGRAM else None
    return by_letter(visit, code) if code else None


def by_letter(visit: Visit, code: str) -> Answer:
    """What a letter is for, and which language; who has joined already is asked in theirs. Nothing is stored."""
    incoming = visit.incoming
    if not visit.house.senders.may_try(school=visit.school.id, via=incoming.via, address=incoming.sender):
        raise TooManyCodesError
    family = visit.unit.families.by_address(via=incoming.via, address=incoming.sender)
    found = visit.unit.children.by_code(code)
    if family and found and found.family == family.id and found.binds:
        return _already(visit, family, found.child)
    child = code_for(code, children=visit.unit.children).child
    if family and family.state is FamilyState.ACTIVE:
        return _asked(visit, code, child, lang=family.lang, show=Show.REPLY)
    blocks = (whose(visit, child), Heading(says(Text("Which language?")), 3))
    return Answer(document=Document(Text("Your letter"), blocks), choices=language_rows(visit, "child.lang", c=code))


def in_language(visit: Visit) -> Answer:
    """The language is chosen; one tap is left. Nothing is stored."""
    code = visit.incoming.args.get("c", "")
    child = code_for(code, children=visit.unit.children).child
    return _asked(visit, code, child, lang=chosen_lang(visit), show=Show.REPLACE)


def _asked(visit: Visit, code: str, child: Child, *, lang: str, show: Show) -> Answer:
    kept = Span(Text("What we keep about you and your child"), href="page:privacy-parent")
    page = visit.page(CHILD_ASKED, lang=lang)
    document = Document(page.title, (whose(visit, child), *page.blocks), page.lang)
    row = (
        button(Text("Yes, join"), "child.join", Look.PRIMARY, {"c": code, "g": lang}),
        button(Text("No, thanks"), "child.no", args={"g": lang}),
    )
    return Answer(document=document + Document("", (Paragraph((kept,)),)), choices=(row,), show=show, lang=lang)


def no_thanks(visit: Visit) -> Answer:
    """The other tap. Nothing is stored, and the letter stays good."""
    words = Text(
        "That's fine. Nothing was changed, and your letter stays good. You can ask the office for paper instead."
    )
    lang = chosen_lang(visit) if "g" in visit.incoming.args else ""
    return Answer(document=Document(Text("No, thanks"), (note(words),)), show=Show.REPLACE, lang=lang)


def join(visit: Visit) -> Answer:
    """The tap that binds this chat to the child, and to the news of the class."""
    lang = chosen_lang(visit)
    page = visit.house.shelf.get(CHILD_ASKED, lang)
    child, fresh = redeem(
        visit.incoming.args.get("c", ""),
        school=visit.school,
        families=visit.unit.families,
        children=visit.unit.children,
        evidence=visit.unit.evidence,
        via=visit.incoming.via,
        address=visit.incoming.sender,
        lang=lang,
        wording=f"{CHILD_ASKED}:{page.version}:{page.lang}",
        family_id=visit.house.new_id(visit.now),
        now=visit.now,
    )
    thanks = visit.page("child-thanks", lang=lang)
    blocks = (whose(visit, child), *thanks.blocks)
    if not fresh:
        blocks = (*blocks, note(Text("You had joined already. Nothing was changed.")))
    document = Document(thanks.title, blocks, thanks.lang)
    return Answer(document=document, choices=((MINE,),), show=Show.REPLACE, lang=lang)


def no_letter() -> Answer:
    """What somebody reads whose chat is bound to no child."""
    words = Text(
        "Here you answer what the school asks about your own child. For that you need the letter from the office. "
        "Scan its code, or send /agree and the code, for example: /agree K7QM-4TXP",
    )
    return says_only(words, title=Text("About your child"))


def _already(visit: Visit, family: Family, child: Child) -> Answer:
    words = note(Text("You had joined already. Nothing was changed."), Tone.GOOD)
    document = Document(Text("Your letter"), (whose(visit, child), words))
    return Answer(document=document, choices=((MINE,),), lang=family.lang)


def whose(visit: Visit, child: Child) -> Facts:
    """The class, and the school's own code for the child."""
    return Facts(
        ((Text("Class"), class_name(visit, child.class_id)), (Text("The school's code for your child"), child.pupil))
    )


def class_name(visit: Visit, class_id: str) -> str | Text:
    """What a class is called."""
    found = next((klass.name for klass in visit.school.classes if klass.id == class_id), None)
    return found or Text("a class of an earlier year")
