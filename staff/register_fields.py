"""What each register asks of whoever fills it in, from a form or from a file: looked at here, and said why not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from school.people import Person, Role
from school.school import School
from school.words import Refusal, Text
from staff.addresses import tidied
from staff.days import day_typed
from staff.finds import MARK_LENGTH, label_of
from staff.register_hand import Drafted
from staff.registers import Entry, Register

TITLE_LENGTH, DOES_LENGTH, LINK_LENGTH = 160, 600, 300
# How many characters there is room for, by the field.
LENGTHS: Mapping[str, int] = {
    "label": MARK_LENGTH,
    "place": 60,
    "risk": TITLE_LENGTH,
    "title": TITLE_LENGTH,
    "does": DOES_LENGTH,
    "link": LINK_LENGTH,
}
# Reviews further off than that are a slip of the pen; so is a policy that was approved longer ago.
FURTHEST, LONGEST_AGO = timedelta(days=3 * 366), timedelta(days=10 * 366)
SCALE = ("1", "2", "3", "4", "5")
# What may be chosen, by the field, in the order in which it is offered.
OFFERED: Mapping[str, tuple[str, ...]] = {
    "sort": ("camera", "tablet", "laptop", "phone", "drive", "other"),
    "encrypted": ("yes", "no", "not_sure"),
    "likelihood": SCALE,
    "impact": SCALE,
    "legal": ("no", "yes"),
    "area": ("behaviour", "bullying", "curriculum", "data", "security", "safeguarding", "ict", "other"),
}
GOVERNORS = (Role.CHAIR_OF_GOVERNORS, Role.GOVERNOR)
# The columns of a register's file, and the names of the fields of its form.
COLUMNS: Mapping[Register, tuple[str, ...]] = {
    Register.DEVICE: ("label", "sort", "encrypted", "place"),
    Register.RISK: ("risk", "likelihood", "impact", "does", "owner", "legal", "review"),
    Register.POLICY: ("area", "title", "link", "owner", "approved", "review"),
}


class NoLabelError(Refusal):
    """A device without its label."""

    text = Text("Give the school's own label on the device, such as iPad 14. No serial number, and no name.")


class NoTitleError(Refusal):
    """No words, or too many."""

    text = Text("Say in at most {most} characters which risk or policy it is. No pupil's name, please.")


class TooLongError(Refusal):
    """Too many words in another field."""

    text = Text("“{field}” has room for {most} characters. Please make it shorter; what you wrote is still here.")


class NoMeasureError(Refusal):
    """It is not said what the school does."""

    text = Text("Say what the school does about the risk, in a sentence or two.")


class NotOfferedError(Refusal):
    """None of the answers that there are."""

    text = Text("“{field}” has to be one of: {offered}.")


class NoOwnerError(Refusal):
    """Nobody in the school file."""

    text = Text("“{field}” has to be somebody on the school's staff or its chair of governors: choose from the list.")


class NoDayError(Refusal):
    """No day, or one that can't be meant."""

    text = Text("“{field}” has to be a day such as {day}, not more than three years ahead or ten years ago.")


class ApprovedLaterError(Refusal):
    """Approved on a day to come, or reviewed before it was approved."""

    text = Text("A policy was approved today or before, and its next review comes after that day. Please look again.")


class NoLinkError(Refusal):
    """No link that opens safely."""

    text = Text(
        "The link has to begin with https:// and have no name or password in it, such as "
        "https://www.example.org/policies/behaviour.pdf"
    )


def may_own(school: School) -> tuple[Person, ...]:
    """Who may own a risk or a policy: staff and governors, in the order of the school file."""
    return tuple(person for person in school.people if person.on_staff or person.holds(*GOVERNORS))


@dataclass(frozen=True)
class _Typed:
    """What was typed, by the field's name, with the school and its day."""

    said: Mapping[str, str]
    school: School
    on: date

    def words(self, name: str) -> str:
        """In one line, without spaces round it."""
        return " ".join(self.said.get(name, "").split())

    def title(self, name: str) -> str:
        """Raises NoTitleError."""
        if not 0 < len(title := self.words(name).removesuffix(".")) <= TITLE_LENGTH:
            raise NoTitleError(most=TITLE_LENGTH)
        return title

    def short(self, name: str) -> str:
        """Raises TooLongError."""
        if len(words := self.words(name)) > LENGTHS[name]:
            raise TooLongError(field=name, most=LENGTHS[name])
        return words

    def chosen(self, name: str) -> str:
        """Raises NotOfferedError."""
        offered = OFFERED[name]
        given = self.words(name).casefold().replace(" ", "_")
        if given not in offered:
            raise NotOfferedError(field=name, offered=", ".join(offered))
        return given

    def owner(self) -> str:
        """By id or by name. Raises NoOwnerError."""
        given = self.words("owner").casefold()
        found = [each.id for each in may_own(self.school) if given in {each.id.casefold(), each.name.casefold()}]
        if len(found) != 1:
            raise NoOwnerError(field="owner")
        return found[0]

    def day(self, name: str) -> date:
        """Raises NoDayError."""
        found = day_typed(self.words(name))
        if found is None or not self.on - LONGEST_AGO <= found <= self.on + FURTHEST:
            raise NoDayError(field=name, day=f"{self.on:%d/%m/%Y}")
        return found

    def link(self) -> str:
        """Raises NoLinkError or TooLongError."""
        typed = self.said.get("link", "").strip()
        if len(typed) > LINK_LENGTH:
            raise TooLongError(field="link", most=LINK_LENGTH)
        odd = any(not each.isprintable() or each in "<>\"'\\^`{|}" for each in typed)
        if odd or not typed.casefold().startswith("https://"):
            raise NoLinkError
        try:
            tidied(typed)
        except Refusal as refusal:
            raise NoLinkError from refusal
        return typed


def drafted(register: Register, said: Mapping[str, str], *, school: School, on: date) -> Drafted:
    """What was typed, as it is kept. Raises a Refusal that says what is to be mended."""
    return _DRAFTS[register](_Typed(said, school, on))


def _device(typed: _Typed) -> Drafted:
    label = label_of(typed.said.get("label", ""))
    if not label:
        raise NoLabelError
    fields = {
        "sort": typed.chosen("sort"),
        "encrypted": typed.chosen("encrypted"),
        "place": typed.short("place"),
    }
    return Drafted(title=label, fields=fields)


def _risk(typed: _Typed) -> Drafted:
    title, does = typed.title("risk"), typed.short("does")
    if not does:
        raise NoMeasureError
    fields = {
        "likelihood": typed.chosen("likelihood"),
        "impact": typed.chosen("impact"),
        "does": does,
        "legal": typed.chosen("legal"),
    }
    return Drafted(title=title, fields=fields, holder=typed.owner(), due=typed.day("review"))


def _policy(typed: _Typed) -> Drafted:
    title, link = typed.title("title"), typed.link()
    approved, review = typed.day("approved"), typed.day("review")
    if approved > typed.on or review <= approved:
        raise ApprovedLaterError
    fields = {"area": typed.chosen("area"), "link": link, "approved": approved.isoformat()}
    return Drafted(title=title, fields=fields, holder=typed.owner(), due=review)


_DRAFTS: Mapping[Register, Callable[[_Typed], Drafted]] = {
    Register.DEVICE: _device,
    Register.RISK: _risk,
    Register.POLICY: _policy,
}


def cell_of(entry: Entry, name: str) -> str:
    """A column of an entry as a form takes it again: days as people write them, an owner by id."""
    match name:
        case "label" | "risk" | "title":
            return entry.title
        case "owner":
            return entry.holder
        case "review":
            return f"{entry.due:%d/%m/%Y}" if entry.due else ""
        case "approved":
            return f"{date.fromisoformat(entry.fields['approved']):%d/%m/%Y}" if "approved" in entry.fields else ""
        case _:
            return entry.fields.get(name, "")
