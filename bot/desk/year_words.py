"""The sentences of the yearly report: each is ours, counts one thing, and says so plainly where there was none."""

from collections.abc import Iterator, Sequence

from bot.desk.year_book import Asked, YearBook
from parents import SMALLEST_SHOWN
from school.words import Text, counted
from staff import Ask, Sort

# As many as SMALLEST_SHOWN, in words. None at all is told so too: of one the other could be guessed.
FEW = Text("fewer than five")


def teaching(book: YearBook) -> Iterator[Text]:
    """Lessons, what was asked again, assemblies and starters, and the agreements of classes."""
    made = book.made
    lessons = {"count": made["lessons"]}
    yield _or_none(
        counted("Teachers taught 1 online safety lesson.", "Teachers taught {count} online safety lessons.", lessons),
        Text("No lesson was marked as taught."),
    )
    asked = made["again"] + made["knowledge"]
    if asked:
        yield counted(
            "Once they asked a class what it still knew.",
            "{count} times they asked a class what it knew or still knew.",
            {"count": asked},
        )
    yield _or_none(
        counted("There was 1 assembly.", "There were {count} assemblies.", {"count": made["assemblies"]}),
        Text("No assembly was asked for."),
    )
    starters = made["starters"] + made["routines"]
    if starters:
        yield counted(
            "Once a lesson in another subject began with two minutes on online safety.",
            "{count} times a lesson in another subject began with a few minutes on online safety.",
            {"count": starters},
        )
    if made["rolls"]:
        yield counted(
            "One class talked about its agreement and signed it.",
            "{count} times a class talked about its agreement and signed it.",
            {"count": made["rolls"]},
        )


def told(book: YearBook) -> Iterator[Text]:
    """Newsletters, campaigns, lessons, events; of what families themselves did a small number is not told."""
    made = book.made
    yield _or_none(
        counted(
            "Families were sent 1 newsletter on online safety.",
            "Families were sent {count} newsletters on online safety.",
            {"count": made["newsletters"]},
        ),
        Text("No newsletter went out."),
    )
    if made["campaigns"]:
        yield counted(
            "The school took part in campaigns with 1 message to families or staff.",
            "The school took part in campaigns with {count} messages to families and staff.",
            {"count": made["campaigns"]},
        )
    if made["home"]:
        yield counted(
            "Once the families of a class heard of a lesson on the day it was taught.",
            "{count} times the families of a class heard of a lesson on the day it was taught.",
            {"count": made["home"]},
        )
    yield _or_none(
        counted(
            "One parents' evening had its talking points on online safety.",
            "{count} parents' evenings had their talking points on online safety.",
            {"count": book.evenings},
        ),
        Text("No parents' evening has been held yet for which families had talking points."),
    )
    if book.events:
        yield counted(
            "Families were told of 1 event beforehand.",
            "Families were told of {count} events beforehand.",
            {"count": book.events},
        )
    yield _few_or(
        made["joined"], Text("Fewer than five families joined the news."), Text("{count} families joined the news.")
    )
    yield _few_or(
        made["permissions"],
        Text("Fewer than five answers about photos came in."),
        Text("{count} answers about photos came in."),
    )


def trained(book: YearBook) -> Iterator[Text]:
    """Training, signatures and meetings."""
    yield from _duties(
        book.duties[Sort.MODULE],
        counted(
            "Staff were asked to work through 1 module of training.",
            "Staff were asked to work through modules of training {count} times.",
            {"count": book.duties[Sort.MODULE].asked},
        ),
        none=Text("No training was asked for."),
    )
    yield from _duties(
        book.duties[Sort.SIGN],
        counted(
            "1 signature under the agreements of staff was asked for.",
            "{count} signatures under the agreements of staff were asked for.",
            {"count": book.duties[Sort.SIGN].asked},
        ),
        none=Text("No signature was asked for."),
    )
    if scenarios := book.duties[Sort.SCENARIO].done:
        yield counted(
            "1 answer was given to the scenario of the month.",
            "{count} answers were given to the scenarios of the month.",
            {"count": scenarios},
        )
    if meetings := book.made["meetings"]:
        yield counted(
            "The policy stood on the agenda of 1 meeting.",
            "The policy stood on the agenda of {count} meetings.",
            {"count": meetings},
        )
    if learning := book.made["learning"]:
        yield counted(
            "The e-safety lead wrote down 1 piece of learning of their own.",
            "The e-safety lead wrote down {count} pieces of learning of their own.",
            {"count": learning},
        )


def checked(book: YearBook) -> Iterator[Text]:
    """Checks of the calendar, and the sites that were looked at before lessons."""
    yield from _duties(
        book.duties[Sort.CHECK],
        counted(
            "1 check of the network, the filter, the website and the like was asked for.",
            "{count} checks of the network, the filter, the website and the like were asked for.",
            {"count": book.duties[Sort.CHECK].asked},
        ),
        none=Text("No check was asked for."),
    )
    if sites := book.made["sites"]:
        yield counted(
            "Once a site was looked at before pupils used it.",
            "{count} times a site was looked at before pupils used it.",
            {"count": sites},
        )


def _duties(asked: Asked, begins: Text, *, none: Text) -> Iterator[Text]:
    """What was asked for, what was done and when, and what still waits."""
    if not asked.asked:
        yield none
        return
    yield begins
    yield counted("1 is done.", "{count} are done.", {"count": asked.done})
    if asked.late:
        yield counted(
            "Of these, 1 was done after its day.", "Of these, {count} were done after their day.", {"count": asked.late}
        )
    elif asked.done:
        yield Text("All of these were done in time.")
    if asked.over:
        yield counted(
            "1 still waits although its day is over.",
            "{count} still wait although their day is over.",
            {"count": asked.over},
        )
    if asked.wrong:
        yield counted(
            "In 1, something was found wrong that is not put right yet.",
            "In {count}, something was found wrong that is not put right yet.",
            {"count": asked.wrong},
        )


def requests_of(book: YearBook) -> Iterator[Text]:
    """Every kind of request that there was, by its number alone, and the questions that were answered."""
    asked = dict(book.requests)
    yield _or_none(
        counted(
            "Staff made 1 request, or told of a fault or a breach.",
            "Staff made requests or told of faults and breaches {count} times.",
            {"count": sum(asked.values())},
        ),
        Text("Nobody made a request, or told of a fault or a breach."),
    )
    kinds = (
        (Ask.UNBLOCK, counted("1 was to unblock a site.", "{count} were to unblock a site.", _of(book, Ask.UNBLOCK))),
        (
            Ask.RESEARCH,
            counted(
                "1 was to open a hard topic for research for a while.",
                "{count} were to open a hard topic for research for a while.",
                _of(book, Ask.RESEARCH),
            ),
        ),
        (
            Ask.INSTALL,
            counted("1 was to install a program.", "{count} were to install a program.", _of(book, Ask.INSTALL)),
        ),
        (
            Ask.FILTER_OFF,
            counted(
                "1 was to turn the filter off for a short time.",
                "{count} were to turn the filter off for a short time.",
                _of(book, Ask.FILTER_OFF),
            ),
        ),
        (
            Ask.FILTER_FAULT,
            counted(
                "1 told of a fault in the filter.",
                "{count} told of a fault in the filter.",
                _of(book, Ask.FILTER_FAULT),
            ),
        ),
        (
            Ask.BREACH,
            counted(
                "1 told of a breach of security that was suspected.",
                "{count} told of a breach of security that was suspected.",
                _of(book, Ask.BREACH),
            ),
        ),
    )
    yield from (sentence for ask, sentence in kinds if asked[ask])
    yield from _questions(book)


def _questions(book: YearBook) -> Iterator[Text]:
    yield _or_none(
        counted(
            "The e-safety lead answered 1 question of a colleague.",
            "The e-safety lead answered {count} questions of colleagues.",
            {"count": book.made["staff_answers"]},
        ),
        Text("No question of a colleague was answered in writing."),
    )
    yield _few_or(
        book.made["family_answers"],
        Text("Fewer than five questions of families were answered in writing."),
        Text("{count} questions of families were answered in writing."),
    )


def concerns(book: YearBook) -> Iterator[Text]:
    """How many were received, and what that number is not."""
    yield _few_or(
        book.made["concerns"], Text("Fewer than five concerns were received."), Text("{count} concerns were received.")
    )
    yield Text("Each went to the safeguarding team, who decide what is to be done and who has to know.")
    yield _few_or(
        book.made["finds"],
        Text("Fewer than five times something unsuitable turned up in a lesson."),
        Text("{count} times something unsuitable turned up in a lesson."),
    )
    yield Text("A number below five is not told, so that nobody can be found behind it.")
    yield Text("More concerns can mean that pupils and staff know better how to speak up.")


def compared(book: YearBook, before: YearBook) -> Iterator[Text]:
    """Where there was more, less, or as much; of what families and children did nothing, as a number could be small."""
    pairs = [(name, then, now) for name, then, now in _beside(book, before) if then or now]
    more = [_then(name, then, now) for name, then, now in pairs if now > then]
    less = [_then(name, then, now) for name, then, now in pairs if now < then]
    same = [_then(name, then, now) for name, then, now in pairs if now == then]
    if more:
        yield Text("There was more of this: {list}.", {"list": _listed(more)})
    if less:
        yield Text("There was less of this: {list}.", {"list": _listed(less)})
    if same:
        yield Text("There was as much of this: {list}.", {"list": _listed(same)})
    yield Text("A number alone does not say how well something was done.")


def _beside(book: YearBook, before: YearBook) -> Iterator[tuple[Text, int, int]]:
    made = (
        ("lessons", Text("lessons")),
        ("assemblies", Text("assemblies")),
        ("starters", Text("starters in other subjects")),
        ("newsletters", Text("newsletters")),
        ("campaigns", Text("messages of campaigns")),
        ("sites", Text("sites looked at")),
        ("staff_answers", Text("questions of colleagues answered")),
    )
    yield from ((words, before.made[name], book.made[name]) for name, words in made)
    duties = (
        (Sort.MODULE, Text("modules of training finished")),
        (Sort.SIGN, Text("agreements signed")),
        (Sort.CHECK, Text("checks done")),
    )
    yield from ((words, before.duties[sort].done, book.duties[sort].done) for sort, words in duties)
    yield Text("requests, faults and breaches"), sum(before.requests.values()), sum(book.requests.values())


def _then(name: Text, then: int, now: int) -> Text:
    return Text("{what} ({then} then, {now} now)", {"what": name, "then": then, "now": now})


def _listed(some: Sequence[Text]) -> Text:
    first, *rest = some
    for each in rest:
        first = Text("{some}, {other}", {"some": first, "other": each})
    return first


def _of(book: YearBook, ask: Ask) -> dict[str, str | int | Text]:
    return {"count": book.requests[ask]}


def _or_none(sentence: Text, none: Text) -> Text:
    return sentence if sentence.values["count"] else none


def _few_or(number: int, few: Text, many: Text) -> Text:
    """Of what a family or a child did, a small number might say who it was."""
    return Text(many.msgid, {"count": number}) if number >= SMALLEST_SHOWN else few


def guarded(number: int) -> str | Text:
    """The same where a number stands alone."""
    return str(number) if number >= SMALLEST_SHOWN else FEW
