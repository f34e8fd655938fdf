"""`lollipop init`: the files of a new school; asked for at a terminal, or given as flags; never written over."""

import json
import re
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import available_timezones

import click

from bot.channels.slack.http import PATH, path_of
from bot.channels.slack.manifest import manifest_text
from bot.commands.house import say
from bot.commands.sample import ENV, SCHOOL, TOKENS
from bot.keys import load_keys
from school.people import LANGUAGES
from school.words import Refusal, Text

# Who stands for whom in the sample: the role, and the id of the person to put in their place.
IN_THE_SAMPLE = {"dsl": "dilys", "head": "hannah", "chair_of_governors": "grace"}
ZONE, EVERY_LANGUAGE = "Europe/London", "en, pl, ro, ur, ar"
FILES = ("school.toml", ".env", "slack-manifest.yaml")


class AlreadyThereError(Refusal):
    """A file of that name is there."""

    text = Text("{path} is there already and is not written over. Move it away first, or choose another folder.")


def _zone(typed: str) -> str:
    if typed not in available_timezones():
        raise click.BadParameter(f"there is no time zone “{typed}”: write one such as {ZONE}.")
    return typed


def _languages(typed: str) -> str:
    if strange := [code for code in _codes(typed) if code not in LANGUAGES]:
        raise click.BadParameter(f"there is no “{strange[0]}”; the languages are {', '.join(LANGUAGES)}.")
    return typed


def _checked(check: Callable[[str], str]) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    return lambda _context, _option, typed: None if typed is None else check(typed)


def _codes(typed: str) -> list[str]:
    """As typed, with a comma between them; English is always among them, since the others fall back to it."""
    codes = [code.strip().lower() for code in typed.split(",") if code.strip()]
    return list(dict.fromkeys(["en", *codes]))


@click.command(epilog="Example: lollipop init oakfield --name 'Oakfield Primary School' --lead 'Dilys Morgan'")
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", help="The school's name, as parents know it.")
@click.option("--lead", help="The designated safeguarding lead's name.")
@click.option("--head", help="The head teacher's name.")
@click.option("--chair", help="The chair of governors' name.")
@click.option("--timezone", callback=_checked(_zone), help=f"The school's time zone; {ZONE} where it is not given.")
@click.option("--languages", callback=_checked(_languages), help=f"Families' languages; else {EVERY_LANGUAGE}.")
@click.option("--public-url", help="Where people will reach the web pages, such as https://lollipop.school")
@click.option("--one-more", is_flag=True, help="One more school for a Lollipop that is there: no .env and no keys.")
@click.pass_context
def init(
    context: click.Context,
    folder: Path,
    name: str | None,
    lead: str | None,
    head: str | None,
    chair: str | None,
    timezone: str | None,
    languages: str | None,
    public_url: str | None,
    one_more: bool,  # noqa: FBT001 - click hands it over so
) -> None:
    """Write school.toml, .env, keys and slack-manifest.yaml into FOLDER."""
    names = [file for file in FILES if not (one_more and file == ".env")]
    for path in (folder / file for file in names):
        if path.exists():
            raise AlreadyThereError(path=str(path))
    name = name or _ask("The school's name")
    if not name:
        raise click.UsageError("Missing option '--name'.", context)
    people = {
        "dsl": _ask("The safeguarding lead's name (Enter to fill in later)") if lead is None else lead,
        "head": _ask("The head teacher's name (Enter to fill in later)") if head is None else head,
        "chair_of_governors": _ask("The chair of governors' name (Enter to fill in later)") if chair is None else chair,
    }
    zone = timezone or _ask("Time zone", ZONE, check=_zone)
    spoken = languages or _ask("Families' languages, with a comma between them", EVERY_LANGUAGE, check=_languages)
    url = _ask("The web pages' address, such as https://lollipop.school (Enter for none)") if public_url is None else ""
    url = public_url or url
    texts = {
        "school.toml": school_text(name, people, zone, _codes(spoken)) + (_own_tokens(name) if one_more else ""),
        ".env": ENV.format(public_url=url),
        "slack-manifest.yaml": manifest_text(public_url=url, path=path_of(_id(name)) if one_more else PATH),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for file in names:
        (folder / file).touch(mode=0o600, exist_ok=False)
        (folder / file).write_text(texts[file], "utf-8")
    say(f"Wrote {', '.join(names)} into {folder}.")
    if one_more:
        say("Next: put its people and classes into school.toml, and its tokens into the .env that is there, under the")
        say(f"names at the end of school.toml. Then run: lollipop school load {folder / 'school.toml'}")
        return
    load_keys(folder / "var")
    say("Next: put your people and classes into school.toml, your tokens into .env, then run: lollipop check")
    say("For several schools in one Lollipop, see docs/several-schools.md.")


def _ask(question: str, default: str = "", *, check: Callable[[str], str] = str) -> str:
    """At a terminal, until the answer passes; elsewhere nobody could answer, and the default it is."""
    if not sys.stdin.isatty():
        return default
    return str(click.prompt(question, default=default, show_default=bool(default), value_proc=check)).strip()


def school_text(name: str, people: Mapping[str, str], zone: str, codes: list[str]) -> str:
    """The sample school file with what is known of this school; somebody with two roles stands in it once."""
    text = SCHOOL.format(id=_id(name), name=_plain(name))
    text = text.replace(f'timezone = "{ZONE}"', f"timezone = {json.dumps(zone)}", 1)
    text = re.sub(r"^languages = .*$", f"languages = {json.dumps(codes)}", text, count=1, flags=re.MULTILINE)
    roles: dict[str, list[str]] = {}
    for role, person in people.items():
        if person.strip():
            roles.setdefault(_plain(person), []).append(role)
    taken = set(re.findall(r'^id = "(.*)"$', text, flags=re.MULTILINE)) - set(IN_THE_SAMPLE.values())
    for person, held in roles.items():
        known, fresh = _person(person, held, taken)
        for role in held:
            # Whoever stands in for a role by the id of an example stands there by their own.
            text = text.replace(f', "{IN_THE_SAMPLE[role]}"', f', "{known}"').replace(
                f'["{IN_THE_SAMPLE[role]}"', f'["{known}"'
            )
            before, head, rest = text.partition(f'[[people]]\nid = "{IN_THE_SAMPLE[role]}"\n')
            _, _, after = rest.partition("\n\n") if head else ("", "", rest)
            text, fresh = before + fresh + after, ""
    return text


def _person(name: str, roles: list[str], taken: set[str]) -> tuple[str, str]:
    """The id that they get, and their table."""
    first = _id(name.split(" ", maxsplit=1)[0])
    known = next(each for each in (first, _id(name), f"{first[:28]}-2") if each not in taken)
    taken.add(known)
    return known, (
        f'[[people]]\nid = "{known}"\nname = "{name}"\nroles = {json.dumps(roles)}\n'
        "# Their member id is in their Slack profile, under the three dots:\n"
        '# slack = "U0123456789"\n\n'
    )


def _own_tokens(name: str) -> str:
    """The table that names the variables of this school's own tokens."""
    prefix = _id(name).replace("-", "_").upper()
    return TOKENS.format(prefix=prefix if prefix[0].isalpha() else f"SCHOOL_{prefix}")


def _plain(name: str) -> str:
    """As it may stand between quotes in the school file."""
    return " ".join(name.replace('"', "'").replace("\\", "/").split())


def _id(name: str) -> str:
    letters = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.casefold())
    words = [word for word in letters.split("-") if word]
    return "-".join(words)[:32].strip("-") or f"school-{secrets.token_hex(3)}"
