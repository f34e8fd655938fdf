"""An author asks whether the links of all content still lead somewhere: what is said, and when it counts as a fault."""

from datetime import date
from functools import partial
from pathlib import Path

from click.testing import CliRunner, Result

from bot.__main__ import cli
from bot.commands import content
from bot.commands.cited import Cited, cited, report
from bot.library import load_library
from bot.links import Seen, Verdict, see
from tests.channels.http_double import http, listening

LIBRARY = load_library()
TODAY = date(2026, 11, 28)
WELL = Seen(Verdict.ANSWERS)


def here(address: object) -> bool:
    return str(address) == "127.0.0.1"


def moved(status: int, to: str) -> bytes:
    return b"HTTP/1.1 %d Moved\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % (status, to.encode())


def said_of(*links: Cited, seen: dict[str, Seen] | None = None) -> tuple[str, bool]:
    known = {link.address: WELL for link in links} | (seen or {})
    lines, any_dead = report(links, known, on=TODAY)
    return "\n".join(lines), any_dead


def test_every_source_every_link_in_a_page_and_every_help_line_is_among_those_that_are_asked():
    addresses = {each.address for each in cited(LIBRARY)}

    assert {source.url for page in LIBRARY.shelf.all() for source in page.front.sources} <= addresses
    assert {"https://www.childline.org.uk"} <= addresses
    assert {each.url for each in LIBRARY.framework.published.values()} <= addresses
    assert all(each.startswith("https://") for each in addresses)


async def test_an_address_that_has_moved_for_good_says_where_to_and_one_that_is_away_for_a_while_does_not():
    async with listening() as server:
        server.answers.extend([moved(301, "/new"), moved(302, "/today"), http(200, b"")])
        seen = await see([server.url + "/old"], allowed=here, seconds=5.0, at_one_host=1)
        assert seen[server.url + "/old"] == Seen(Verdict.ANSWERS, server.url + "/new")

        server.answers.extend([moved(302, "/today"), moved(301, "/new"), http(200, b"")])
        seen = await see([server.url + "/old"], allowed=here, seconds=5.0, at_one_host=1)
        assert seen[server.url + "/old"] == WELL


async def test_one_site_is_asked_one_thing_at_a_time():
    async with listening() as server:
        server.always = http(404, b"")
        seen = await see([f"{server.url}/{page}" for page in range(4)], allowed=here, seconds=5.0, at_one_host=1)

    assert {each.verdict for each in seen.values()} == {Verdict.GONE}
    assert len(server.heard) == 4


def test_an_author_is_told_what_leads_nowhere_what_moved_and_what_only_a_person_can_open():
    links = [
        Cited(f"https://{name}.example", f"lesson-{name}") for name in ("gone", "silent", "moved", "closed", "well")
    ]
    seen = {
        "https://gone.example": Seen(Verdict.GONE),
        "https://silent.example": Seen(Verdict.SILENT),
        "https://moved.example": Seen(Verdict.ANSWERS, "https://new.example/"),
        "https://closed.example": Seen(Verdict.KEEPS_OUT),
    }

    said, any_dead = said_of(*links, seen=seen)

    assert any_dead
    assert said.splitlines() == [
        "Lead nowhere (2):",
        "  https://gone.example: the site says that there is no such page. In lesson-gone",
        "  https://silent.example: no answer. In lesson-silent",
        "Have moved for good; write down where to (1):",
        "  https://moved.example -> https://new.example/. In lesson-moved",
        "Do not answer a program; open them yourself (1):",
        "  https://closed.example. In lesson-closed",
        "3 of 5 addresses lead somewhere.",
    ]


def test_an_address_of_many_pages_is_told_once():
    said, _ = said_of(
        *(Cited("https://gone.example", f"lesson-{number}") for number in range(5)),
        seen={"https://gone.example": Seen(Verdict.GONE)},
    )

    assert said.count("https://gone.example") == 1
    assert "In lesson-0, lesson-1, lesson-2 and 2 more" in said


def test_where_nothing_answers_an_author_is_told_to_look_at_the_line_first():
    said, any_dead = said_of(
        Cited("https://well.example", "lesson-a"), seen={"https://well.example": Seen(Verdict.SILENT)}
    )

    assert any_dead
    assert "Look at your own line" in said


def test_a_source_that_nobody_has_read_for_a_year_is_told_and_is_no_fault():
    said, any_dead = said_of(
        Cited("https://well.example", "lesson-a", date(2025, 11, 27)),
        Cited("https://new.example", "lesson-b", date(2025, 11, 28)),
        Cited("https://leap.example", "lesson-c", date(2024, 2, 29)),
    )

    assert not any_dead
    assert "(2):\n  https://leap.example, read on 2024-02-29. In lesson-c\n  https://well.example" in said
    assert "https://new.example" not in said


def test_the_command_asks_nobody_unless_it_is_told_to_and_ends_with_1_where_a_link_is_dead(monkeypatch, tmp_path: Path):
    asked: list[str] = []

    async def scripted(addresses: list[str], *, at_one_host: int, first: Seen) -> dict[str, Seen]:
        asked.extend(addresses)
        assert at_one_host == 1
        return dict.fromkeys(addresses, WELL) | {addresses[0]: first}

    monkeypatch.setattr(content, "read_all", lambda where, *, on: (LIBRARY, []))

    def run(*flags: str, first: Seen = WELL) -> Result:
        monkeypatch.setattr(content, "see", partial(scripted, first=first))
        return CliRunner().invoke(cli, ["--school-file", str(tmp_path / "school.toml"), "content", "check", *flags])

    plain = run()
    assert (plain.exit_code, asked) == (0, [])
    assert run("--links").exit_code == 0
    assert len(asked) == len(set(asked)) > 10
    assert run("--links", first=Seen(Verdict.GONE)).exit_code == 1
