"""A Form's values: read, checked, sorted into a person's own words and the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.web import words
from bot.web.body import Posted
from bot.wire import Form, FormField, Kind
from school.sensitive import Sensitive
from school.words import Text


@dataclass(frozen=True)
class Fault:
    """What is wrong with a field; `name` is its name in HTML."""

    name: str
    text: Text


@dataclass(frozen=True)
class Filled:
    """A form as somebody filled it in. `typed` is by name in HTML, to be shown again in the same response only."""

    args: Mapping[str, str]
    words: Mapping[str, Sensitive]
    faults: tuple[Fault, ...] = ()
    typed: Mapping[str, Sensitive] = field(default_factory=dict, repr=False)


def html_name(asked: FormField) -> str:
    """`w-` before a private field and `f-` before the others, so that a form without memory comes back sorted."""
    return f"{'w' if asked.private else 'f'}-{asked.name}"


def sorted_out(posted: Posted) -> Filled:
    """A form whose definition is gone: sorted by name alone; the desk checks it."""
    return Filled(
        args={name[2:]: posted.plain(name) for name in posted.fields if name.startswith("f-")},
        words={name[2:]: value for name, value in posted.fields.items() if name.startswith("w-")},
        typed=posted.fields,
    )


def filled(form: Form, posted: Posted) -> Filled:
    """A form whose definition is at hand, checked against it."""
    faults = tuple(
        Fault(html_name(asked), fault) for asked in form.fields if (fault := _fault(asked, posted)) is not None
    )
    return Filled(
        args={asked.name: posted.plain(html_name(asked)) for asked in form.fields if not asked.private},
        words={asked.name: posted.words(html_name(asked)) for asked in form.fields if asked.private},
        faults=faults,
        typed=posted.fields,
    )


def wrote(form: Form, typed: Mapping[str, Sensitive]) -> bool:
    """Whether somebody wrote anything into a form; an answer that was only chosen is not their words."""
    written = {html_name(asked) for asked in form.fields if asked.kind is not Kind.CHOICE}
    return any(name in written and value.reveal().strip() for name, value in typed.items())


def _fault(asked: FormField, posted: Posted) -> Text | None:
    value = posted.words(html_name(asked))
    if not value:
        return None if asked.optional else asked.missing or Text(words.MISSING.msgid, {"label": asked.label})
    if len(value) > asked.max_length:
        values: dict[str, str | int | Text] = {"label": asked.label, "length": len(value), "most": asked.max_length}
        return Text(words.TOO_LONG.msgid, values)
    if asked.kind is Kind.NUMBER and not posted.plain(html_name(asked)).isdecimal():
        return Text(words.NOT_A_NUMBER.msgid, {"label": asked.label})
    if asked.kind is Kind.CHOICE and posted.plain(html_name(asked)) not in {option.value for option in asked.options}:
        return Text(words.NOT_AN_OPTION.msgid, {"label": asked.label})
    return None
