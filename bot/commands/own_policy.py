"""`lollipop policy load`, `export` and `versions`: a school's own policy comes in as a file, and goes out as one."""

from pathlib import Path

import click

from bot.clock import MachineClock
from bot.commands.house import Where, pass_where, say, say_json, stores
from bot.commands.policy_file import differences, text_of, who_agrees
from school.words import Refusal, Text
from staff import Version, default_text, in_force, load_version, policy_of, read_policy


class TakenError(Refusal):
    """A file stands there already."""

    text = Text("{file} is there already, and nothing was written over it. Give another name.")


@click.command("load", epilog="Example: lollipop policy load our-policy.toml")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what is wrong with it, or that nothing is; keep nothing.")
@pass_where
def load(where: Where, file: Path, dry_run: bool) -> None:  # noqa: FBT001
    """Bring in the school's own policy as a new version. The head and the chair of governors are asked to agree."""
    text = text_of(file)
    with stores(where) as at, at.units.write(at.school.id) as unit:
        goes_by, waited = policy_of(unit.policies), unit.policies.newest()
        version = load_version(
            text,
            by="",
            school=at.school,
            policies=unit.policies,
            outbox=unit.outbox,
            now=MachineClock().now(),
        )
        found = read_policy(text)
        if not dry_run:
            unit.commit()
    counts = f"{len(found.clauses)} clauses and {len(found.checks)} checks"
    if dry_run:
        say(f"Nothing is wrong with it: {counts}. Nothing was kept.")
    else:
        say(f"Version {version.number} ({version.short}) has {counts}.")
    for line in differences(goes_by, found):
        say(line)
    if dry_run:
        return
    if waited is not None and not waited.agreed:
        say(f"It takes the place of version {waited.number}, which waited. Whoever agreed to that one is asked again.")
    say(who_agrees(at.school, version))


@click.command("export", epilog="Example: lollipop policy export our-policy.toml")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@pass_where
def export(where: Where, file: Path) -> None:
    """Write the policy that is in force, or else the newest, to FILE, to be changed and loaded again.

    A clause is changed by changing its words, added as one more [[clause]], and dropped by taking its lines out.
    """
    with stores(where) as at, at.units.read(at.school.id) as unit:
        version = in_force(unit.policies) or unit.policies.newest()
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(version.text if version else default_text())
    except FileExistsError as error:
        raise TakenError(file=str(file)) from error
    which = f"Version {version.number}" if version else "The clauses that come with Lollipop"
    say(f"{which}: written to {file}. Change it in a text editor; its first lines say what each word means.")
    say(f"Then: lollipop policy load --dry-run {file} says what is wrong; without --dry-run it is kept.")


@click.command("versions", epilog="Example: lollipop policy versions --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
@pass_where
def versions(where: Where, as_json: bool) -> None:  # noqa: FBT001
    """Every version that was loaded, by whom it was agreed, and which one is in force."""
    with stores(where) as at, at.units.read(at.school.id) as unit:
        every, now = unit.policies.every(), in_force(unit.policies)
        names = {person.id: person.name for person in at.school.people}
    if as_json:
        say_json(
            [
                {
                    "number": each.number,
                    "digest": each.digest,
                    "loaded": each.loaded.isoformat(),
                    "agreed": each.agreed.isoformat() if each.agreed else None,
                    "in_force": each == now,
                    "by": [{"person": yes.person, "at": yes.at.isoformat()} for yes in each.yeses],
                }
                for each in every
            ]
        )
        return
    if not every:
        say("No policy of your own is loaded. Begin with: lollipop policy export our-policy.toml")
    for each in every:
        said = ", ".join(names.get(yes.person, yes.person) for yes in each.yeses) or "nobody yet"
        state = _state(each, newest=each == every[0], in_force=each == now)
        say(f"{each.number:3}  {each.short}  {each.loaded:%d/%m/%Y}  {state}; agreed by: {said}")


def _state(version: Version, *, newest: bool, in_force: bool) -> str:
    if version.agreed:
        return "in force" if in_force else "was in force"
    return "waits" if newest else "never agreed, a newer one took its place"
