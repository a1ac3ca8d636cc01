"""QR codes as SVG and PNG. The mask is fixed: trying all eight takes eight times as long."""

import io
from functools import lru_cache
from html import escape
from itertools import groupby

import segno

INK = "#1f2933"
QUIET = 4  # modules of white around the code that ISO/IEC 18004 asks for


def qr_svg(text: str, *, label: str = "", quiet: int = QUIET, ink: str = INK) -> str:
    """An `<svg>` of one path, without style or script; `label` is read to those who cannot see it."""
    code = _code(text)
    side = len(code.matrix) + 2 * quiet
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" {named} '
        f'viewBox="{-quiet} {-quiet} {side} {side}" shape-rendering="crispEdges">'
        f'<rect x="{-quiet}" y="{-quiet}" width="{side}" height="{side}" fill="#fff"/>'
        f'<path fill="{ink}" d="{_outline(code)}"/></svg>'
    )


def qr_png(text: str, *, scale: int = 8) -> bytes:
    """A PNG, `scale` pixels per module, black on white with its quiet zone."""
    out = io.BytesIO()
    _code(text).save(out, kind="png", scale=scale, border=QUIET)
    return out.getvalue()


def entry_qr(token: str, *, label: str) -> str:
    """The SVG of an entry pass. `token` must be opaque: who photographs a badge learns nothing."""
    return qr_svg(token, label=label)


@lru_cache(maxsize=64)
def _code(text: str) -> segno.QRCode:
    return segno.make(text, micro=False, error="m", boost_error=False, mask=4)


def _outline(code: segno.QRCode) -> str:
    """Each run of dark modules in a row as one rectangle."""
    strokes = []
    for y, row in enumerate(code.matrix):
        x = 0
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                strokes.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return "".join(strokes)
