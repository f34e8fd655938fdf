"""A QR code for the screen."""

import segno


def qr_svg(text: str) -> str:
    """An SVG to stand in a page: dark on white whatever the page's colours, for a camera needs the contrast."""
    code = segno.make(text, error="m", micro=False)
    return str(code.svg_inline(border=4, scale=5, dark="#000", light="#fff", svgclass="qr", lineclass=None))
