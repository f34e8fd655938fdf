"""Draws slides in a process of its own: from what stands on its standard input to its standard output.

It is run by path and imports nothing of ours, so that a start never waits for the library that knows the format. The
library's own template gives the parts that every reader of the format expects; its size, colours, letters and places
are ours.
"""

import io
import json
import resource
import sys
from collections.abc import Sequence
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.util import Pt

TITLE_LAYOUT, BODY_LAYOUT = 0, 1
# 13 1/3 by 7 1/2 inches, in points. What the body has room for stands in slides.py as well.
WIDE, HIGH = 960, 540
BAR = 18
TITLE_PLACE = (60, 24, 840, 66)
BODY_PLACE = (60, 110, 840, 400)
FIRST_TITLE, FIRST_UNDER = (60, 120, 840, 190), (60, 330, 840, 140)
TITLE_PT, FIRST_TITLE_PT, UNDER_PT = 32, 54, 32
INDENT = 66
# On every machine, or one of the same widths; it has Arabic letters too.
LETTERS = "Arial"
INK = "141414"
MARKS = {"letter": "alphaUcPeriod", "number": "arabicPeriod"}

Told = dict[str, Any]


def keep_off_the_disk() -> None:
    """From now on this process can write not one byte to a file, and leaves none behind when it dies."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """0; whatever goes wrong ends the process otherwise, and says nothing."""
    keep_off_the_disk()
    told = json.loads(sys.stdin.buffer.read())
    deck = Presentation()
    _dress(deck, told)
    first = deck.slides.add_slide(deck.slide_layouts[TITLE_LAYOUT])
    _fill(first.shapes.title, [told["title"]])
    _fill(first.placeholders[1], told["under"])
    _fill(first.notes_slide.notes_placeholder, told["notes"])
    for each in told["slides"]:
        slide = deck.slides.add_slide(deck.slide_layouts[BODY_LAYOUT])
        _fill(slide.shapes.title, [each["title"]])
        _fill(slide.placeholders[1], each["body"], size=each["size"])
        _fill(slide.notes_slide.notes_placeholder, each["notes"])
    made = io.BytesIO()
    deck.save(made)
    sys.stdout.buffer.write(made.getvalue())
    return 0


def _dress(deck: Deck, told: Told) -> None:
    """Make the library's own template ours: 16:9, two layouts, our letters, the strand's colour."""
    deck.slide_width, deck.slide_height = Pt(WIDE), Pt(HIGH)
    deck.element.find(qn("p:sldSz")).attrib.pop("type", None)
    for number in reversed(range(len(deck.slide_layouts))):
        if number not in {TITLE_LAYOUT, BODY_LAYOUT}:
            deck.slide_layouts.remove(deck.slide_layouts[number])
    _drop(deck)
    core = deck.core_properties
    core.title = "".join(span["text"] for span in told["title"]["spans"])
    core.author = core.last_modified_by = told["author"]
    core.language, core.comments = told["lang"], ""
    for name in ("dcterms:created", "dcterms:modified"):
        for date in core._element.findall(qn(name)):  # noqa: SLF001 - the template's own; it has no other way out
            date.getparent().remove(date)
    _theme(deck.slide_master.part.part_related_by(RT.THEME), told["accent"])
    _master(deck)
    for element in deck.element.iter(qn("a:defRPr")):
        element.attrib.pop("lang", None)


def _drop(deck: Deck) -> None:
    """What the template has of the machine on which it was made: a printer, a picture of itself, its program."""
    package = deck.part.package
    for relation in list(package.iter_rels()):
        if relation.reltype in {RT.THUMBNAIL, RT.EXTENDED_PROPERTIES}:
            package.drop_rel(relation.rId)
        if relation.reltype == RT.PRINTER_SETTINGS:
            deck.part.drop_rel(relation.rId)


def _theme(part: Any, accent: str) -> None:
    tree = etree.fromstring(part.blob)
    for slot, colour in (("dk1", INK), ("lt1", "FFFFFF"), ("accent1", accent)):
        place = next(tree.iter(qn(f"a:{slot}")))
        place[:] = [etree.Element(qn("a:srgbClr"), val=colour)]
    for slot in ("majorFont", "minorFont"):
        for script in ("latin", "cs"):
            next(tree.iter(qn(f"a:{slot}"))).find(qn(f"a:{script}")).set("typeface", LETTERS)
    part._blob = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001


def _master(deck: Deck) -> None:
    master, first, body = deck.slide_master, deck.slide_layouts[TITLE_LAYOUT], deck.slide_layouts[BODY_LAYOUT]
    for holder in (master, first, body):
        for shape in list(holder.placeholders):
            if shape.element.ph.get("type") in {"dt", "ftr", "sldNum"}:
                shape.element.getparent().remove(shape.element)
        for fits in list(holder.element.iter(qn("a:normAutofit"))):
            # Nothing may shrink below what is read from the back of the room.
            fits.getparent().replace(fits, etree.Element(qn("a:noAutofit")))
    styles = master.element.find(qn("p:txStyles"))
    title = styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    title.set("algn", "l")
    title.find(qn("a:defRPr")).set("sz", str(TITLE_PT * 100))
    title.find(qn("a:defRPr")).set("b", "1")
    next(title.iter(qn("a:schemeClr"))).set("val", "accent1")
    for level in styles.find(qn("p:bodyStyle")):
        level.find(qn("a:defRPr")).set("sz", str(UNDER_PT * 100))
    for shape, place, anchor in zip(master.placeholders, (TITLE_PLACE, BODY_PLACE), ("b", "t"), strict=True):
        _place(shape, place, anchor)
    for shape, place, anchor in zip(first.placeholders, (FIRST_TITLE, FIRST_UNDER), ("b", "t"), strict=True):
        _place(shape, place, anchor)
        _white(shape, FIRST_TITLE_PT if place is FIRST_TITLE else UNDER_PT)
    _paint(body, (0, 0, BAR, HIGH))
    _paint(first, (0, 0, WIDE, HIGH))


def _place(shape: Any, place: Sequence[int], anchor: str) -> None:
    shape.left, shape.top, shape.width, shape.height = map(Pt, place)
    shape.element.txBody.bodyPr.set("anchor", anchor)


def _white(shape: Any, size: int) -> None:
    """The letters of a placeholder of a layout in white: strands' colours are dark enough for it."""
    style = shape.element.txBody.find(qn("a:lstStyle"))
    style[:] = []
    level = etree.SubElement(style, qn("a:lvl1pPr"), marL="0", indent="0", algn="l")
    etree.SubElement(level, qn("a:buNone"))
    letters = etree.SubElement(level, qn("a:defRPr"), sz=str(size * 100))
    fill = etree.SubElement(letters, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:schemeClr"), val="bg1")


def _paint(layout: Any, place: Sequence[int]) -> None:
    """A patch of the strand's colour, behind all else. In a layout it is no part of what is read aloud."""
    left, top, width, height = (str(int(Pt(each))) for each in place)
    patch = etree.fromstring(f"""
      <p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"
            xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
        <p:nvSpPr><p:cNvPr id="90" name="Colour" descr=""/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>
        <p:spPr>
          <a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>
          <a:prstGeom prst="rect"><a:avLst/></a:prstGeom>
          <a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln>
        </p:spPr>
      </p:sp>""")
    layout.shapes.element.insert(2, patch)


def _fill(shape: Any, paragraphs: Sequence[Told], *, size: int | None = None) -> None:
    """The words of a shape, a paragraph each; in the size of its layout where none is given."""
    body = shape.element.txBody
    for first in body.p_lst:
        body.remove(first)
    for number, told in enumerate(paragraphs or [{"spans": [], "rtl": False}]):
        paragraph = body.add_p()
        place = paragraph.get_or_add_pPr()
        if told["rtl"]:
            place.set("rtl", "1")
            place.set("algn", "r")
        if size is not None:
            before = etree.SubElement(place, qn("a:spcBef"))
            etree.SubElement(before, qn("a:spcPts"), val=str(0 if number == 0 else round(size * 35)))
            _mark(place, told)
        for span in told["spans"]:
            letters = paragraph.add_r(span["text"]).get_or_add_rPr()
            letters.set("lang", told["lang"])
            if span["strong"]:
                letters.set("b", "1")
            if size is not None:
                letters.set("sz", str(size * 100))


def _mark(place: Any, told: Told) -> None:
    """A sign, number or letter of a list that the reader of the file draws and a screen reader says; or none."""
    mark = told.get("mark", "")
    indent = int(Pt(INDENT)) if mark else 0
    place.set("marR" if told["rtl"] else "marL", str(indent))
    place.set("indent", str(-indent))
    if mark == "bullet":
        etree.SubElement(place, qn("a:buChar"), char="•")
    elif mark:
        etree.SubElement(place, qn("a:buAutoNum"), type=MARKS[mark], startAt=str(told["number"]))
    else:
        etree.SubElement(place, qn("a:buNone"))


if __name__ == "__main__":
    sys.exit(main())
