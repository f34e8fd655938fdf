"""Which characters the bundled fonts draw. To write it down anew: run this file and keep what it prints."""

import sys
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont

from bot.paper.glyphs import COVERED, FONTS


def covered() -> list[str]:
    """Every character that some font has a glyph for, as ranges of hexadecimal numbers."""
    codes = sorted({code for file in FONTS.glob("*.ttf") for code in TTFont(file).getBestCmap()})
    runs = []
    for _, found in groupby(enumerate(codes), key=lambda each: each[1] - each[0]):
        run = [code for _, code in found]
        runs.append(f"{run[0]:04X}" if len(run) == 1 else f"{run[0]:04X}-{run[-1]:04X}")
    return runs


def test_what_is_said_to_be_drawn_is_what_the_fonts_have():
    assert COVERED.read_text("ascii").splitlines() == covered()


def test_every_font_may_be_passed_on_and_put_into_a_document():
    for file in FONTS.glob("*.ttf"):
        font = TTFont(file)
        assert "SIL Open Font License" in str(font["name"].getDebugName(13)), file.name
        assert font["OS/2"].fsType == 0, file.name
    assert "SIL OPEN FONT LICENSE" in Path(FONTS / "OFL.txt").read_text("utf-8")


if __name__ == "__main__":
    sys.stdout.write("\n".join(covered()) + "\n")
