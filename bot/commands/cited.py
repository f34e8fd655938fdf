"""Every link of all content, and what a look at each of them shows: for `lollipop content check --links`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.library import Library
from bot.links import Seen, Verdict
from pages import inlines
from safeguarding import load_help_lines

# Only web addresses are asked; `tel:` and `page:` lead elsewhere, and `content check` looks at the latter.
ASKED = ("https://", "http://")
# What each verdict is to whoever keeps the page, in the order in which they are told.
SAID: Mapping[Verdict, str] = {
    Verdict.GONE: "the site says that there is no such page",
    Verdict.IN_CIRCLES: "it sends on and on",
    Verdict.FAILS: "the site says that it is out of order",
    Verdict.SILENT: "no answer",
    Verdict.NOT_ASKED: "no public web address, so it was not asked",
}


@dataclass(frozen=True)
class Cited:
    """An address, and where it stands: a page's id with its language, or the name of a file of data.

    `checked` is the day on which somebody read it as a source; None where it is a link like any other.
    """

    address: str
    place: str
    checked: date | None = None


def cited(found: Library) -> tuple[Cited, ...]:
    """Every web address of every page in each language, of the published documents and of the help lines."""
    shelf = found.shelf
    pages = [shelf.get(page.id, lang) for page in shelf.all() for lang in shelf.langs(page.id)]
    all_of_them: list[Cited] = []
    for page in pages:
        place = page.id if page.lang == "en" else f"{page.id} ({page.lang})"
        all_of_them += [Cited(source.url, place, source.checked) for source in page.front.sources]
        spans = (span for block in page.document.blocks for inline in inlines(block) for span in inline)
        all_of_them += [Cited(span.href, place) for span in spans if span.href]
    all_of_them += [Cited(each.url, "published.toml", each.checked) for each in found.framework.published.values()]
    all_of_them += [Cited(line.web, "helplines.toml") for line in load_help_lines() if line.web]
    return tuple(dict.fromkeys(each for each in all_of_them if each.address.startswith(ASKED)))


def report(links: Sequence[Cited], seen: Mapping[str, Seen], *, on: date) -> tuple[list[str], bool]:
    """What to mend, a line each under a line for each kind; and whether any link leads nowhere just now.

    Only a link that leads nowhere is a fault: one that has moved still arrives, and a source that nobody has read for
    a year may be as it was.
    """
    places: dict[str, list[str]] = defaultdict(list)
    for link in links:
        if link.place not in places[link.address]:
            places[link.address].append(link.place)
    dead = [address for address in places if seen[address].verdict.dead]
    lines = [*_dead(dead, places, seen), *_moved(places, seen), *_by_hand(places, seen), *_stale(links, on=on)]
    if dead and len(dead) == len(places):
        lines.append("Not one address answered. Look at your own line, or at a filter on it, before you change a page.")
    lines.append(f"{len(places) - len(dead)} of {len(places)} addresses lead somewhere.")
    return lines, bool(dead)


def _dead(dead: list[str], places: Mapping[str, list[str]], seen: Mapping[str, Seen]) -> Iterator[str]:
    if dead:
        yield f"Lead nowhere ({len(dead)}):"
    for verdict, said in SAID.items():
        for address in dead:
            if seen[address].verdict is verdict:
                yield f"  {address}: {said}. In {_in(places[address])}"


def _moved(places: Mapping[str, list[str]], seen: Mapping[str, Seen]) -> Iterator[str]:
    moved = [address for address in places if not seen[address].verdict.dead and seen[address].moved_to]
    if moved:
        yield f"Have moved for good; write down where to ({len(moved)}):"
    for address in moved:
        yield f"  {address} -> {seen[address].moved_to}. In {_in(places[address])}"


def _by_hand(places: Mapping[str, list[str]], seen: Mapping[str, Seen]) -> Iterator[str]:
    closed = [address for address in places if seen[address].verdict is Verdict.KEEPS_OUT]
    if closed:
        yield f"Do not answer a program; open them yourself ({len(closed)}):"
    for address in closed:
        yield f"  {address}. In {_in(places[address])}"


def _stale(links: Sequence[Cited], *, on: date) -> Iterator[str]:
    old = [link for link in links if link.checked is not None and _a_year_after(link.checked) < on]
    if old:
        yield f"Sources that nobody has read for a year; read them again and write the new day ({len(old)}):"
    for link in sorted(old, key=lambda each: (each.checked or on, each.place)):
        yield f"  {link.address}, read on {link.checked}. In {link.place}"


def _in(places: list[str]) -> str:
    return ", ".join(places[:3]) + (f" and {len(places) - 3} more" if len(places) > 3 else "")


def _a_year_after(day: date) -> date:
    """The same day a year on; 28 February after a 29th."""
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + 1, day.month, 28 if leap else day.day)
