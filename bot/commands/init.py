"""`lollipop init`: the files of a new school; never written over."""

import secrets
from pathlib import Path

import click

from bot.channels.slack.http import PATH, path_of
from bot.channels.slack.manifest import manifest_text
from bot.commands.house import say
from bot.commands.sample import ENV, SCHOOL, TOKENS
from bot.keys import load_keys
from school.words import Refusal, Text


class AlreadyThereError(Refusal):
    """A file of that name is there."""

    text = Text("{path} is there already and is not written over. Move it away first, or choose another folder.")


@click.command(epilog="Example: lollipop init oakfield --name 'Oakfield Primary School'")
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", prompt="The school's name", help="The school's name, as parents know it.")
@click.option("--public-url", default="", help="Where people will reach the web pages, such as https://lollipop.school")
@click.option("--one-more", is_flag=True, help="One more school for a Lollipop that is there: no .env and no keys.")
def init(folder: Path, name: str, public_url: str, one_more: bool) -> None:  # noqa: FBT001
    """Write school.toml, .env, keys and slack-manifest.yaml into FOLDER."""
    id_ = _id(name)
    school = SCHOOL.format(id=id_, name=name.replace('"', "'").replace("\\", "/"))
    path = path_of(id_) if one_more else PATH
    files = {
        folder / "school.toml": school,
        folder / ".env": ENV.format(public_url=public_url),
        folder / "slack-manifest.yaml": manifest_text(public_url=public_url, path=path),
    }
    if one_more:
        del files[folder / ".env"]
        prefix = id_.replace("-", "_").upper()
        files[folder / "school.toml"] += TOKENS.format(prefix=prefix if prefix[0].isalpha() else f"SCHOOL_{prefix}")
    for file in files:
        if file.exists():
            raise AlreadyThereError(path=str(file))
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        file.touch(mode=0o600)
        file.write_text(text, "utf-8")
    say(f"Wrote {', '.join(file.name for file in files)} into {folder}.")
    if one_more:
        say("Next: put its people and classes into school.toml, and its tokens into the .env that is there, under the")
        say(f"names at the end of school.toml. Then run: lollipop school load {folder / 'school.toml'}")
        return
    load_keys(folder / "var")
    say("Next: put your people and classes into school.toml, your tokens into .env, then run: lollipop check")
    say("For several schools in one Lollipop, see docs/several-schools.md.")


def _id(name: str) -> str:
    letters = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.casefold())
    words = [word for word in letters.split("-") if word]
    return "-".join(words)[:32].strip("-") or f"school-{secrets.token_hex(3)}"
