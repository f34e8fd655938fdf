"""Which schools are served: those that were loaded, or the one whose file stands beside the settings; with what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.school_file import SchoolFile, SchoolFileError
from bot.settings import Settings, Tokens
from bot.storage import LoadedSchool, SqlSchools, current, newest, open_engines
from school.school import School
from school.words import Refusal, Text


class SharedTokenError(Refusal):
    """One bot, or one workspace, for two schools: their families and pupils could not be told apart."""

    text = Text(
        "{school} and {other} have the same {platform} token ({names}). A bot belongs to one school: make one for "
        "each, and let each school file name its own variable under [tokens].",
    )


@dataclass(frozen=True, kw_only=True)
class Served:
    """A school as this process serves it."""

    school: School
    tokens: Tokens


def parsed(kept: LoadedSchool) -> SchoolFile:
    """A loaded school's file. Raises SchoolFileError, where a newer Lollipop asks for more than was written then."""
    return SchoolFile.parse(kept.text, place=f"school {kept.id}")


def loaded_schools(settings: Settings) -> tuple[LoadedSchool, ...]:
    """None where the database is not there, or is of another version: whoever needs it says so."""
    if current(settings.database_url) != newest():
        return ()
    engines = open_engines(settings.database_url)
    try:
        return SqlSchools(engines).loaded()
    finally:
        engines.close()


def files_of(settings: Settings) -> tuple[SchoolFile, ...]:
    """The files of all schools that are to be served. Raises SchoolFileError with all faults."""
    loaded = loaded_schools(settings)
    return tuple(parsed_all(loaded)) if loaded else (SchoolFile.read(settings.school_file),)


def parsed_all(loaded: Sequence[LoadedSchool]) -> list[SchoolFile]:
    """Raises SchoolFileError with the faults of every school."""
    files, faults = [], []
    for kept in loaded:
        try:
            files.append(parsed(kept))
        except SchoolFileError as error:
            faults.append(str(error.text.values["faults"]))
    if faults:
        raise SchoolFileError(faults="\n".join(faults))
    return files


def served(settings: Settings, files: Sequence[SchoolFile]) -> Mapping[str, Served]:
    """Each school with its tokens. Raises SharedTokenError."""
    found = {
        file.id: Served(school=file.school(), tokens=settings.tokens(file.token_names))
        for file in sorted(files, key=lambda file: file.id)
    }
    if fault := shared_token(list(found.values())):
        raise fault
    return found


def shared_token(schools: Sequence[Served]) -> SharedTokenError | None:
    """The first two schools that share a bot; the tokens themselves are not in the sentence."""
    for one, two in combinations(schools, 2):
        mine, theirs = one.tokens, two.tokens
        for platform, first, second, names in (
            ("Telegram", mine.telegram, theirs.telegram, (mine.names.telegram, theirs.names.telegram)),
            ("Slack bot", mine.slack_bot, theirs.slack_bot, (mine.names.slack_bot, theirs.names.slack_bot)),
        ):
            if first and first == second:
                return SharedTokenError(
                    school=one.school.name,
                    other=two.school.name,
                    platform=platform,
                    names=", ".join(dict.fromkeys(names)),
                )
    return None
