"""QR codes for letters, pages and passes."""

import segno

from yishang_crm.conference.papers.qr import entry_qr, qr_png, qr_svg

REPLY = "https://yishang.example/r/Qm7xK2vN8sTfLw3RzYb5Hd"


def test_the_drawing_has_exactly_the_dark_modules_of_the_code() -> None:
    code = segno.make(REPLY, micro=False, error="m", boost_error=False, mask=4)
    drawn = set()
    for stroke in qr_svg(REPLY).split(' d="')[1].split('"')[0].split("M")[1:]:
        corner, rest = stroke.split("h", 1)
        x, y = map(int, corner.split())
        drawn |= {(x + step, y) for step in range(int(rest.split("v")[0]))}
    assert drawn == {(x, y) for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark}


def test_a_code_on_a_page_needs_no_inline_style_and_has_a_name_for_those_who_cannot_see_it() -> None:
    drawing = entry_qr("E7-9f2c", label='入场码 <"417">')
    assert "style" not in drawing
    assert 'role="img" aria-label="入场码 &lt;&quot;417&quot;&gt;"' in drawing
    assert 'viewBox="-4 -4 ' in drawing


def test_the_png_is_a_png_and_the_same_each_time() -> None:
    assert qr_png(REPLY).startswith(b"\x89PNG")
    assert qr_png(REPLY) == qr_png(REPLY)
