"""`/agree` in a family's chat: what waits for this adult, what they answered, a page and one tap. Of nobody else."""

from collections.abc import Mapping, Sequence

from bot.desk.letters import by_letter, letters_linked, letters_typed, no_letter, whose
from bot.desk.visit import Visit, button, day_of
from bot.wire import Answer, Choice, Look, Show
from pages import Block, Bullets, Document, Facts, Note, Tone, note, says
from parents import (
    PARENT,
    PHOTOS,
    PUPIL,
    AdultAnswer,
    FamilyCode,
    NotYoursError,
    Said,
    Sheet,
    Use,
    adult_of,
    asked_of,
    children_of,
    heard,
    last_said,
    note_answer,
    sheets_of,
    still_open,
)
from school.words import Text

# What a button calls each page, and each use of a photo: it has room for a letter.
LETTERS: Mapping[str, str] = {"k": PUPIL, "p": PARENT, "f": PHOTOS}
USES: Mapping[str, Use] = {"s": Use.SCHOOL, "w": Use.WEB, "m": Use.MEDIA}
USED_FOR: Mapping[Use, Text] = {
    Use.SCHOOL: Text("In school: displays and work books"),
    Use.WEB: Text("The school's website and newsletter"),
    Use.MEDIA: Text("Social media and newspapers"),
}
SHORT: Mapping[Use, Text] = {Use.SCHOOL: Text("In school"), Use.WEB: Text("Website"), Use.MEDIA: Text("Social media")}
TITLE = Text("About your child")
BACK = button(Text("Back"), "agree", args={"again": "1"})
CHANGED = Text("This page has changed since that button was made. Please read it and answer again.")


def mine(visit: Visit) -> Answer:
    """`/agree`, or `/agree CODE`: a letter's code, or the children that this chat may be asked about."""
    typed = visit.incoming.args.get("code", "").strip()
    if typed:
        return by_letter(visit, letters_linked(visit, typed) or letters_typed(typed) or "")
    family = visit.unit.families.by_address(via=visit.incoming.via, address=visit.incoming.sender)
    theirs = children_of(family, children=visit.unit.children) if family else ()
    if not theirs:
        return no_letter()
    blocks: list[Block] = []
    rows: list[tuple[Choice, ...]] = []
    for child in theirs:
        code, sheets, log = _asked(visit, child.pupil)
        blocks.append(whose(visit, child))
        blocks.append(_stands(visit, code, sheets, log))
        rows += [(_open_it(visit, each, code, log, several=len(theirs) > 1),) for each in sheets]
    show = Show.REPLACE if "again" in visit.incoming.args else Show.REPLY
    return Answer(document=Document(TITLE, tuple(blocks)), choices=tuple(rows), show=show)


def _asked(visit: Visit, pupil: str) -> tuple[FamilyCode, tuple[Sheet, ...], tuple[AdultAnswer, ...]]:
    """By which letter, what was asked, and what was said about the child. Raises NotYoursError."""
    family = visit.unit.families.by_address(via=visit.incoming.via, address=visit.incoming.sender)
    if family is None:
        raise NotYoursError
    code = adult_of(family, pupil, children=visit.unit.children)
    klass = next((klass for klass in visit.school.classes if klass.id == code.class_id), None)
    log = _log(visit, pupil)
    sheets = asked_of(klass, answers=visit.unit.answers, shelf=visit.house.shelf)
    if not any(each.name == PHOTOS for each in sheets):
        # What was said of photos can be changed at any time: also in a new class, or one that was not asked yet.
        photos = sheets_of(klass, [PHOTOS], shelf=visit.house.shelf)
        said = any((each.page, each.adult) == (PHOTOS, code.adult) and each.use for each in log)
        sheets += photos if said else ()
    return code, sheets, log


def _log(visit: Visit, pupil: str) -> tuple[AdultAnswer, ...]:
    return heard(visit.unit.children.of_pupil(pupil), answers=visit.unit.answers)


def _title(visit: Visit, sheet: Sheet) -> str:
    return visit.house.shelf.get(sheet.page, visit.incoming.lang).front.title


def _stands(visit: Visit, code: FamilyCode, sheets: Sequence[Sheet], log: Sequence[AdultAnswer]) -> Block:
    if not sheets:
        return note(Text("Nothing waits for you just now. We write to you when there is something."), Tone.GOOD)
    return Bullets(tuple(says(_line(visit, each, code, log)) for each in sheets))


def _line(visit: Visit, sheet: Sheet, code: FamilyCode, log: Sequence[AdultAnswer]) -> Text:
    values: dict[str, str | int | Text] = {"title": _title(visit, sheet)}
    if still_open(sheet, log, pupil=code.pupil, adult=code.adult):
        return Text("{title}: waits for your answer", values)
    said = [last_said(log, pupil=code.pupil, adult=code.adult, page=sheet.page, use=use) for use in sheet.uses]
    values["date"] = day_of(visit, max(each.when for each in said if each))
    if sheet.name == PHOTOS:
        return Text("{title}: you answered on {date}; you can change it at any time", values)
    return Text("{title}: you agreed on {date}", values)


def _open_it(visit: Visit, sheet: Sheet, code: FamilyCode, log: Sequence[AdultAnswer], *, several: bool) -> Choice:
    waits = still_open(sheet, log, pupil=code.pupil, adult=code.adult)
    values = {"title": _title(visit, sheet)[:50], "pupil": code.pupil}
    label = Text("{pupil}: {title}", values) if several else Text("{title}", values)
    return button(label, "agree.read", Look.PRIMARY if waits else Look.PLAIN, _at(code, sheet))


def _at(code: FamilyCode, sheet: Sheet, **rest: str) -> dict[str, str]:
    letter = next(letter for letter, name in LETTERS.items() if name == sheet.name)
    return {"p": code.pupil, "s": letter, **rest}


def _meant(visit: Visit, name: str) -> tuple[FamilyCode, Sheet, tuple[AdultAnswer, ...]]:
    """Raises NotYoursError, also for a page that the class was never asked about."""
    code, sheets, log = _asked(visit, visit.incoming.args.get("p", ""))
    sheet = next((each for each in sheets if each.name == name), None)
    if sheet is None:
        raise NotYoursError
    return code, sheet, log


def opened(visit: Visit) -> Answer:
    """The page, in this adult's language, and the tap below it. That it was shown is kept."""
    code, sheet, _ = _meant(visit, LETTERS.get(visit.incoming.args.get("s", ""), ""))
    return _page(visit, code, sheet)


def _page(visit: Visit, code: FamilyCode, sheet: Sheet, *above: Note) -> Answer:
    _keep(visit, code, sheet, Said.SHOWN)
    page = visit.page(sheet.page)
    log = _log(visit, code.pupil)
    blocks: list[Block] = [*above, whose(visit, code.child), *page.blocks]
    if sheet.name == PHOTOS:
        blocks.append(_photos_now(code, sheet, log))
        rows = (*_photo_rows(code, sheet), (BACK,))
    elif still_open(sheet, log, pupil=code.pupil, adult=code.adult):
        agree = _at(code, sheet, v=str(sheet.version))
        rows = ((button(Text("I have read it and I agree"), "agree.yes", Look.PRIMARY, agree),), (BACK,))
    else:
        blocks.append(note(_line(visit, sheet, code, log), Tone.GOOD))
        rows = ((BACK,),)
    return Answer(document=Document(page.title, tuple(blocks), page.lang), choices=rows, show=Show.REPLACE)


def _photos_now(code: FamilyCode, sheet: Sheet, log: Sequence[AdultAnswer]) -> Facts:
    """What this adult said, and no other."""
    return Facts(tuple((USED_FOR[use], _in_words(_said(code, sheet, log, use))) for use in Use))


def _said(code: FamilyCode, sheet: Sheet, log: Sequence[AdultAnswer], use: Use) -> Said | None:
    last = last_said(log, pupil=code.pupil, adult=code.adult, page=sheet.page, use=use)
    return last.said if last and (last.version == sheet.version or last.said is Said.NO) else None


def _in_words(said: Said | None) -> Text:
    if said is None:
        return Text("you have not said yet: until then it is no")
    return Text("you said yes") if said is Said.YES else Text("you said no")


def _photo_rows(code: FamilyCode, sheet: Sheet) -> tuple[tuple[Choice, ...], ...]:
    """Yes and no stand side by side, and look alike: giving is as easy as taking back."""
    rows = []
    for letter, use in USES.items():
        args = {"p": code.pupil, "v": str(sheet.version)}
        name = {"use": SHORT[use]}
        rows.append(
            (
                button(Text("{use}: yes", name), "agree.pic", args={**args, "a": f"{letter}y"}),
                button(Text("{use}: no", name), "agree.pic", args={**args, "a": f"{letter}n"}),
            ),
        )
    return tuple(rows)


def agreed(visit: Visit) -> Answer:
    """The tap that agrees, to the version that was read."""
    code, sheet, _ = _meant(visit, LETTERS.get(visit.incoming.args.get("s", ""), ""))
    if sheet.name == PHOTOS:
        raise NotYoursError
    if visit.incoming.args.get("v") != str(sheet.version):
        return _page(visit, code, sheet, note(CHANGED))
    fresh = _keep(visit, code, sheet, Said.AGREED)
    said = Text("Thank you. That is kept, and you have nothing more to do here.")
    again = Text("You had agreed already. Nothing was changed.")
    document = Document(_title(visit, sheet), (whose(visit, code.child), note(said if fresh else again, Tone.GOOD)))
    return Answer(document=document, choices=((BACK,),), show=Show.REPLACE)


def photo(visit: Visit) -> Answer:
    """One tap on one use of photos: yes, or no. It holds at once."""
    code, sheet, _ = _meant(visit, PHOTOS)
    letter, yes = visit.incoming.args.get("a", "")[:1], visit.incoming.args.get("a", "")[1:]
    if letter not in USES or yes not in {"y", "n"}:
        raise NotYoursError
    # A no is a no to whatever was read; a yes is to this very page.
    if yes == "y" and visit.incoming.args.get("v") != str(sheet.version):
        return _page(visit, code, sheet, note(CHANGED))
    _keep(visit, code, sheet, Said.YES if yes == "y" else Said.NO, use=USES[letter])
    kept = Text("Kept: {use}: {said}.", {"use": SHORT[USES[letter]], "said": Text("yes") if yes == "y" else Text("no")})
    return _page(visit, code, sheet, note(kept, Tone.GOOD))


def _keep(visit: Visit, code: FamilyCode, sheet: Sheet, said: Said, *, use: str = "") -> bool:
    return note_answer(
        sheet,
        said,
        code=code,
        use=use,
        lang=visit.incoming.lang,
        source=visit.incoming.via.value,
        answer_id=visit.house.new_id(visit.now),
        shelf=visit.house.shelf,
        children=visit.unit.children,
        answers=visit.unit.answers,
        editions=visit.unit.editions,
        evidence=visit.unit.evidence,
        now=visit.now,
    )
