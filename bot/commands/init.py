"""`lollipop init`: the files of a new school; never written over."""

import secrets
from pathlib import Path

import click

from bot.channels.slack.manifest import manifest_text
from bot.commands.house import say
from bot.commands.sample import ENV, SCHOOL
from bot.keys import load_keys
from school.words import Refusal, Text


class AlreadyThereError(Refusal):
    """A file of that name is there."""

    text = Text("{path} is there already and is not written over. Move it away first, or choose another folder.")


@click.command(epilog="Example: lollipop init oakfield --name 'Oakfield Primary School'")
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", prompt="The school's name", help="The school's name, as parents know it.")
@click.option("--public-url", default="", help="Where people will reach the web pages, such as https://lollipop.school")
def init(folder: Path, name: str, public_url: str) -> None:
    """Write school.toml, .env, keys and slack-manifest.yaml into FOLDER."""
    files = {
        folder / "school.toml": SCHOOL.format(id=_id(name), name=name.replace('"', "'").replace("\\", "/")),
        folder / ".env": ENV.format(public_url=public_url),
        folder / "slack-manifest.yaml": manifest_text(public_url=public_url),
    }
    for path in files:
        if path.exists():
            raise AlreadyThereError(path=str(path))
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        path.touch(mode=0o600)
        path.write_text(text, "utf-8")
    load_keys(folder / "var")
    say(f"Wrote {', '.join(path.name for path in files)} into {folder}.")
    say("Next: put your people and classes into school.toml, your tokens into .env, then run: lollipop check")


def _id(name: str) -> str:
    letters = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.casefold())
    words = [word for word in letters.split("-") if word]
    return "-".join(words)[:32].strip("-") or f"school-{secrets.token_hex(3)}"
