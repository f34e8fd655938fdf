"""How the policy stands: each clause with its colour and its trail, as a card in a chat, a page, and a pack."""

from collections.abc import Callable, Mapping, Sequence

from bot.desk.evidence_sheet import HEAD, NEWEST, SIGNS, TitleOf, clause_page, cover, pack, rows, sheet, summary
from bot.desk.standings import standings_in
from bot.desk.visit import Visit, button
from bot.wire import Answer, Card, Choice, Look, Paper, Via
from pages import Block, Bullets, Document, Inline, Tone, note, paragraph, says
from school.words import Text, counted
from staff import Colour, Standing, titles_of

PDF, PICTURE, TABLE = "pdf", "png", "csv"
ALL_OF_ONE = 50
# In a chat as many as are read in a message.
MOST_LINES = 10
TITLE = Text("The policy, clause by clause")
SHOWN: Mapping[Colour, Text] = {
    Colour.RED: Text("Red alone"),
    Colour.AMBER: Text("Amber alone"),
    Colour.GREEN: Text("Green alone"),
}
ALL = Text("All clauses")
ONLY: Mapping[Colour, Text] = {
    Colour.RED: Text("Clauses that are red"),
    Colour.AMBER: Text("Clauses that are amber"),
    Colour.GREEN: Text("Clauses that are green"),
}


def standings_of(visit: Visit) -> tuple[Standing, ...]:
    """The visitor's school today."""
    return standings_in(visit.unit, now=visit.now)


def shown(visit: Visit) -> Answer:
    """The map, and each clause with its trail; in a chat what is not green. On the web one colour or clause alone."""
    found = standings_of(visit)
    if visit.incoming.via is not Via.WEB:
        return _in_chat(visit, found)
    wanted = visit.incoming.args.get("c", "")
    if one := [each for each in found if each.clause.id == wanted]:
        return _one(visit, one[0])
    if wanted in SHOWN:
        return _of_colour(visit, found, Colour(wanted))
    document, grid = sheet(found, school=visit.school, on=visit.today, address=_address(visit))
    # All clauses are a long page: what it can be taken away as stands above it as well.
    return Answer(
        document=document, grid=grid, cards=_cards(visit, found), choices=(_filters(), files()), both_ends=True
    )


def _titles(visit: Visit) -> TitleOf:
    return titles_of(visit.house.shelf, policies=visit.unit.policies, releases=visit.unit.releases).by_id


def _address(visit: Visit) -> Callable[[str], str]:
    return lambda clause: visit.address(f"/evidence?c={clause}")


def _of_colour(visit: Visit, found: Sequence[Standing], colour: Colour) -> Answer:
    """What stands in one colour: without the map, so that it is the first thing on a phone."""
    here = [each for each in found if each.colour is colour]
    many = counted("{state}. 1 clause.", "{state}. {count} clauses.", {"count": len(here), "state": SIGNS[colour][2]})
    document = Document(ONLY[colour], (paragraph(many), paragraph(summary(found, on=visit.today))))
    return Answer(document=document, cards=_cards(visit, here), choices=(_filters(),))


def _cards(visit: Visit, found: Sequence[Standing]) -> tuple[Card, ...]:
    trails, title_of = visit.unit.evidence.trails(limit=NEWEST), _titles(visit)
    return tuple(
        Card(clause_page(each, trails.get(each.clause.id, ()), school=visit.school, title_of=title_of), _more(each))
        for each in found
    )


def _more(standing: Standing) -> tuple[tuple[Choice, ...], ...]:
    if standing.records <= NEWEST:
        return ()
    label = Text("All that was done for {clause}", {"clause": standing.clause.id})
    return ((button(label, "evidence", args={"c": standing.clause.id}),),)


def _one(visit: Visit, standing: Standing) -> Answer:
    """A clause by itself, under a title of its own, with the newest that was done for it."""
    trail = visit.unit.evidence.trails(limit=ALL_OF_ONE, clause=standing.clause.id).get(standing.clause.id, ())
    drawn = clause_page(standing, trail, school=visit.school, title_of=_titles(visit))
    title = Text("Clause {clause} of the policy", {"clause": standing.clause.id})
    return Answer(document=Document(title, drawn.blocks), choices=(_filters(),))


def _filters() -> tuple[Choice, ...]:
    """A line of links above everything else."""
    shown_ = (button(words, "evidence", Look.QUIET, {"c": colour.value}) for colour, words in SHOWN.items())
    return (button(ALL, "evidence", Look.QUIET), *shown_)


def files() -> tuple[Choice, ...]:
    """What it can be taken away as."""
    return (
        button(Text("Download the pack as a PDF"), "evidence.paper", Look.PRIMARY, {"as": PDF}),
        button(Text("Download the map as a picture (PNG)"), "evidence.paper", args={"as": PICTURE}),
        button(Text("Download it as a CSV"), "evidence.paper", args={"as": TABLE}),
    )


def taken(visit: Visit) -> Answer:
    """The same as a file: the pack, a picture of the map, or a table."""
    found, name = standings_of(visit), f"evidence-{visit.today.isoformat()}"
    asked = visit.incoming.args.get("as")
    if asked == TABLE:
        return Answer(paper=Paper(name=name, head=HEAD, rows=tuple(rows(found, school=visit.school))))
    document, grid = sheet(found, school=visit.school, on=visit.today)
    if asked == PICTURE:
        return Answer(paper=Paper(name=name, document=document, grid=grid, picture=True))
    trails = visit.unit.evidence.trails(limit=NEWEST)
    after = pack(found, trails, school=visit.school, title_of=_titles(visit))
    front = cover(found, school=visit.school, on=visit.today)
    return Answer(paper=Paper(name=name, document=front, grid=grid, after=after))


def _in_chat(visit: Visit, found: Sequence[Standing]) -> Answer:
    blocks: list[Block] = [paragraph(summary(found, on=visit.today))]
    waits = sorted(
        (each for each in found if each.colour is not Colour.GREEN), key=lambda each: each.colour is not Colour.RED
    )
    lines: list[Inline] = [says(_line(each)) for each in waits[:MOST_LINES]]
    if len(waits) > MOST_LINES:
        more = {"count": len(waits) - MOST_LINES}
        lines.append(says(Text("and {count} more", more)))
    blocks += [Bullets(tuple(lines))] if lines else [note(Text("Every clause is green."), Tone.GOOD)]
    page = Choice(label=Text("Open the page"), href=visit.address("/evidence"))
    rows_ = ((page,),) if visit.house.open_web else ()
    return Answer(document=Document(TITLE, tuple(blocks)), choices=rows_)


def _line(standing: Standing) -> Text:
    values: dict[str, str | int | Text] = {
        "clause": standing.clause.id,
        "sign": SIGNS[standing.colour][0],
        "next": standing.clause.next,
    }
    return Text("{sign} {clause}: {next}", values)
