"""Prints one file in a process of its own: from what stands on its standard input to its standard output.

After its path it is told the template, `page`, `grid`, `pack`, `letters` or `poster`, and what is made of it, `pdf` or
`png`.
It is run by path and imports nothing of ours. What it was given ends with it: the engine keeps what it has laid out in
memory for the next page, and a fault of its own cannot stop the bot. It says nothing of a fault, whose message would
hold the words.
"""

import resource
import sys
from pathlib import Path

import typst

HERE = Path(__file__).parent
CANNOT_DRAW = 3
# Of a sheet of A4 across: 1,754 pixels, as wide as a large screen and sharp on a printed agenda.
PIXELS_PER_INCH = 150


def keep_off_the_disk() -> None:
    """From now on this process can write not one byte to a file, and leaves none behind when it dies."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """0, or CANNOT_DRAW where some character has no glyph: PDF/UA does not allow that."""
    keep_off_the_disk()
    told = sys.stdin.buffer.read().decode()
    template, kind = sys.argv[1:]
    ours = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"])
    try:
        made = typst.compile(
            (HERE / f"{template}.typ").read_bytes(),
            format="png" if kind == "png" else "pdf",
            font_paths=ours,
            sys_inputs={"told": told, "kind": kind},
            ppi=PIXELS_PER_INCH if kind == "png" else None,
            pdf_standards="ua-1" if kind == "pdf" else [],
        )
    except typst.TypstError:
        return CANNOT_DRAW
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
