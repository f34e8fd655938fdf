"""The policy at the desk: its versions, what changed, and the head's and the chair's yes to the very text."""

from collections.abc import Iterator

from bot.desk.visit import Visit, button, day_of, name_of, says_only
from bot.wire import Answer, Choice, Look, Show
from pages import Block, Bullets, Document, Facts, Heading, Inline, Tone, note, paragraph, says
from school.people import Role
from school.words import Text
from staff import (
    OFFICES,
    Policy,
    Version,
    Yes,
    agree_to,
    default_text,
    in_force,
    load_version,
    policy_of,
    read_policy,
    review_by,
)

TITLE = Text("The school's policy")
NONE_YET = Text("No policy of your own is loaded. Until then Lollipop goes by the {count} clauses that come with it.")
# More than so many changes are not read in a message.
MOST = 12
OFFICE: dict[Role, Text] = {Role.HEAD: Text("head teacher"), Role.CHAIR_OF_GOVERNORS: Text("chair of governors")}


def shown(visit: Visit) -> Answer:
    """Which version is in force and until when; one that waits, with what changes in it and who has agreed."""
    return _card(visit)


def _card(visit: Visit, said: Text | None = None) -> Answer:
    policies = visit.unit.policies
    newest, now = policies.newest(), in_force(policies)
    blocks: list[Block] = [note(said, Tone.GOOD)] if said else []
    if newest is None:
        count = {"count": len(policy_of(policies).clauses)}
        blocks.append(paragraph(Text(NONE_YET.msgid, count)))
    if now is not None:
        blocks += _in_force(visit, now)
    if newest is not None and not newest.agreed:
        blocks += _waits(visit, newest)
    show = Show.REPLY if visit.incoming.args.get("topic") else Show.REPLACE
    return Answer(document=Document(TITLE, tuple(blocks)), choices=tuple(_rows(visit, newest)), show=show)


def _in_force(visit: Visit, version: Version) -> Iterator[Block]:
    assert version.agreed is not None
    last = review_by(visit.unit.policies, calendar=visit.school.calendar)
    yield Facts(
        (
            (Text("In force"), Text("Version {number}, {digest}", {"number": version.number, "digest": version.short})),
            (Text("Agreed on"), day_of(visit, version.agreed)),
            (Text("To be reviewed by"), f"{last:%d/%m/%Y}" if last else Text("not said")),
            (Text("Clauses"), str(len(read_policy(version.text).clauses))),
        )
    )


def _waits(visit: Visit, version: Version) -> Iterator[Block]:
    values: dict[str, str | int | Text] = {
        "number": version.number,
        "digest": version.short,
        "day": day_of(visit, version.loaded),
        "name": name_of(visit, version.loaded_by) if version.loaded_by else Text("the office"),
    }
    yield Heading(says(Text("Version {number} waits for agreement", values)), 3)
    yield paragraph(Text("Loaded on {day} by {name}. Its mark is {digest}: it changes with every letter.", values))
    changed = tuple(changes(policy_of(visit.unit.policies), read_policy(version.text)))
    if changed:
        yield paragraph(Text("What is different from what you go by now:"))
        yield Bullets(changed[:MOST])
        if len(changed) > MOST:
            yield paragraph(Text("and {count} more", {"count": len(changed) - MOST}))
    else:
        yield paragraph(Text("Its clauses and checks are the same as those that you go by now."))
    given = {office for yes in version.yeses for office in yes.offices}
    lines: list[Inline] = [
        says(_agreed_line(visit, yes, office)) for yes in version.yeses for office in sorted(yes.offices)
    ]
    missing = (OFFICE[each] for each in OFFICES if each not in given)
    lines += [says(Text("The {office} has not agreed yet", {"office": each})) for each in missing]
    yield Bullets(tuple(lines))


def _agreed_line(visit: Visit, yes: Yes, office: Role) -> Text:
    values: dict[str, str | int | Text] = {
        "name": name_of(visit, yes.person),
        "office": OFFICE[office],
        "day": day_of(visit, yes.at),
    }
    return Text("{name} ({office}) agreed on {day}", values)


def changes(before: Policy, after: Policy) -> Iterator[Inline]:
    """What was added, changed and dropped, by clause, and then by check."""
    was, now = {each.id: each for each in before.clauses}, {each.id: each for each in after.clauses}
    for name, clause in now.items():
        values: dict[str, str | int | Text] = {"clause": name, "text": clause.text}
        if name not in was:
            yield says(Text("{clause} is new: {text}", values))
        elif was[name].text != clause.text:
            yield says(Text("{clause} says now: {text}", values))
        elif was[name] != clause:
            yield says(Text("{clause}: who, how often or what counts has changed", values))
    for name in sorted(was.keys() - now.keys()):
        yield says(Text("{clause} is dropped: {text}", {"clause": name, "text": was[name].text}))
    yield from _changed_checks(before, after)


def _changed_checks(before: Policy, after: Policy) -> Iterator[Inline]:
    """Of the school's own, and of ours those that are not asked any more, or again: they go with their clauses."""
    was, now = {each.id: each for each in before.checks}, {each.id: each for each in after.checks}
    for name, check in now.items():
        values: dict[str, str | int | Text] = {"check": name, "title": check.title}
        if name not in was:
            yield says(Text("The check “{title}” ({check}) is new", values))
        elif was[name] != check:
            yield says(Text("The check “{title}” ({check}) has changed", values))
    for name in sorted(was.keys() - now.keys()):
        yield says(Text("The check “{title}” ({check}) is dropped", {"check": name, "title": was[name].title}))


def _rows(visit: Visit, newest: Version | None) -> Iterator[tuple[Choice, ...]]:
    person = visit.person
    if person is None or not person.holds(*OFFICES):
        return
    if newest is not None and not newest.agreed:
        if person.id not in {yes.person for yes in newest.yeses}:
            at = {"n": str(newest.number), "h": newest.short}
            label = Text("I agree to version {number}", {"number": newest.number})
            yield (button(label, "policy.yes", Look.PRIMARY, at),)
    elif newest is None:
        yield (button(Text("Take these clauses as our policy"), "policy.take", Look.PRIMARY),)
    else:
        yield (button(Text("Reviewed: nothing has to change"), "policy.again", Look.PLAIN),)
    yield (button(Text("How each clause stands"), "evidence"),)


def agreed(visit: Visit) -> Answer:
    """One of the two agrees to the text that was shown."""
    assert visit.person is not None
    given = visit.incoming.args.get("n", "")
    version = agree_to(
        int(given) if given.isdecimal() else 0,
        visit.incoming.args.get("h", ""),
        person=visit.person,
        policies=visit.unit.policies,
        evidence=visit.unit.evidence,
        now=visit.now,
    )
    if version.agreed:
        return _card(visit, Text("Agreed: version {number} is in force.", {"number": version.number}))
    return _card(visit, Text("Thank you. It is in force once the other of you two has agreed as well."))


def taken(visit: Visit) -> Answer:
    """The clauses that come with Lollipop become version 1, and wait for both."""
    return _loaded(visit, default_text(), again=False)


def again(visit: Visit) -> Answer:
    """It was reviewed, and nothing has to change: the same text for another year, once both agree."""
    newest = visit.unit.policies.newest()
    if newest is None or not newest.agreed:
        return says_only(Text("A version waits for agreement already. Open it with /lollipop policy."))
    return _loaded(visit, newest.text, again=True)


def _loaded(visit: Visit, text: str, *, again: bool) -> Answer:
    assert visit.person is not None
    version = load_version(
        text,
        by=visit.person.id,
        school=visit.school,
        policies=visit.unit.policies,
        outbox=visit.unit.outbox,
        now=visit.now,
        again=again,
    )
    return _card(visit, Text("Version {number} waits for both of you now.", {"number": version.number}))
