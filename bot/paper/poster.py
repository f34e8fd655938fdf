"""A poster with a QR code: an SVG of A4 size that prints as it is."""

from xml.sax.saxutils import escape

import segno

# A4 in millimetres; level M bears a fifteenth of damage, which a corridor wall needs (ISO/IEC 18004).
WIDTH_MM, HEIGHT_MM = 210, 297
CODE_MM = 120


def poster(*, title: str, lines: tuple[str, ...], address: str) -> str:
    """The SVG's text. The address stands below the code in letters too, for whoever has no camera to hand."""
    code = segno.make(address, error="m", micro=False)
    modules = code.symbol_size(border=4)[0]
    scale = CODE_MM / modules
    path = code.svg_inline(border=4, scale=scale, unit="", svgclass=None, lineclass=None, omitsize=True)
    left, top = (WIDTH_MM - CODE_MM) / 2, 90
    words = "".join(
        f'<text x="{WIDTH_MM / 2}" y="{62 + 9 * number}" font-size="7">{escape(line)}</text>'
        for number, line in enumerate(lines[:3])
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_MM}mm" height="{HEIGHT_MM}mm" '
        f'viewBox="0 0 {WIDTH_MM} {HEIGHT_MM}" role="img" aria-label="{escape(title, {chr(34): "&quot;"})}">'
        f'<rect width="{WIDTH_MM}" height="{HEIGHT_MM}" fill="#fff"/>'
        '<g font-family="system-ui, sans-serif" text-anchor="middle" fill="#111">'
        f'<text x="{WIDTH_MM / 2}" y="42" font-size="15" font-weight="700">{escape(title)}</text>{words}'
        f'<text x="{WIDTH_MM / 2}" y="{top + CODE_MM + 16}" font-size="6">{escape(address)}</text></g>'
        f'<svg x="{left}" y="{top}" width="{CODE_MM}" height="{CODE_MM}" '
        f'viewBox="0 0 {modules * scale} {modules * scale}">{path}</svg></svg>'
    )
