"""Bytes for the mail server: nothing that a person typed can add a header."""

import datetime as dt
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yishang_crm.outbox import mime, words
from yishang_crm.outbox.mime import Envelope
from yishang_crm.outbox.registry import Attachment

AT = dt.datetime(2026, 9, 8, 1, 30, tzinfo=dt.UTC)
USUAL = {
    "sender": "中国宜商大会组委会 <yishang@example.cn>",
    "to_name": "余秉衡",
    "to_address": "yu@example.com",
    "subject": "邀请函",
    "body_text": "尊敬的余秉衡先生：",
    "message_id": "<0a1b@example.cn>",
}
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Content-Language", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
}  # fmt: skip

CORPUS = [
    "余秉衡\r\nBcc: x@example.com", "余\nX-Evil: 1", "余\rX-Evil: 1", "余\x0bX-Evil: 1", "余\u2028X-Evil: 1", "余\u0085X-Evil: 1",
    "余\x00秉衡", "=?utf-8?b?DQpCY2M6IHhAZXhhbXBsZS5jb20=?=", "余\r\n\r\n<h1>body</h1>", "\"a\" <boss@example.com>, 余",
    "余\u202emoc.elpmaxe", "a" * 3000, "宜" * 500, "余%0d%0aBcc: x@example.com", "\ud800", ";<>@,:\\\"()[]", "",
]  # fmt: skip


@pytest.mark.parametrize("text", CORPUS)
@pytest.mark.parametrize("where", ["to_name", "subject"])
def test_no_text_adds_a_header_or_a_recipient(where, text):
    mail = parsed(Envelope(**USUAL | {where: words.one_line(text)}))
    assert set(mail.keys()) == HEADERS
    assert [to.addr_spec for to in mail["To"].addresses] == ["yu@example.com"]


@pytest.mark.parametrize("text", [c for c in CORPUS if "\r" in c or "\n" in c])
@pytest.mark.parametrize("where", ["to_name", "subject", "message_id", "to_address", "reply_to"])
def test_a_line_break_that_got_so_far_stops_the_letter(where, text):
    with pytest.raises(ValueError):  # noqa: PT011 - the library words it differently for each header
        mime.built(Envelope(**USUAL | {where: text}), at=AT)


@given(st.text(max_size=80), st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_name_and_subject_come_back_as_they_were(name, subject):
    name, subject = words.one_line(name), words.one_line(subject)
    mail = parsed(Envelope(**USUAL | {"to_name": name, "subject": subject}))
    assert set(mail.keys()) == HEADERS
    assert (
        str(
            make_header(
                decode_header(
                    message_from_bytes(mime.built(Envelope(**USUAL | {"subject": subject}), at=AT))["Subject"]
                )
            )
        )
        == subject
    )
    assert [to.addr_spec for to in mail["To"].addresses] == ["yu@example.com"]


@pytest.mark.parametrize("name", ["龘", "𠮷野", "汪砚舟（桐城）", "O'Brien, Wáng", "江望之" * 10])
def test_names_of_every_kind_are_read_back(name):
    content = mime.built(Envelope(**USUAL | {"to_name": name, "subject": f"致{name}的信"}), at=AT)
    mail = message_from_bytes(content)  # the newer parser puts a space between two encoded words of a name
    assert str(make_header(decode_header(mail["To"]))).startswith((f"{name} <", f'"{name}" <'))
    assert str(make_header(decode_header(mail["Subject"]))) == f"致{name}的信"


def test_the_wire_carries_ascii_only_with_short_lines():
    content = mime.built(
        Envelope(**USUAL | {"body_text": "宜" * 5000, "body_html": "<p>" + "商" * 5000}), at=AT
    )
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) < 998
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "name",
    [
        "邀请函417号（正本）.pdf",
        "a b.pdf",
        '"; x="y.pdf',
        "../../etc/passwd",
        "函\r\nX-Evil: 1.pdf",
        "宜" * 60,
    ],
)
def test_a_paper_arrives_with_its_name_and_bytes(name):
    content = bytes(range(256)) * 40
    mail = parsed(
        Envelope(
            **USUAL
            | {"body_html": "<p>函</p>", "attachments": [Attachment(name, "application/pdf", content)]}
        )
    )
    (paper,) = mail.iter_attachments()
    assert (paper.get_filename(), paper.get_content(), paper.get_content_type()) == (
        words.one_line(name),
        content,
        "application/pdf",
    )
    assert set(paper.keys()) == {"Content-Type", "Content-Disposition", "Content-Transfer-Encoding"}


@given(st.text(max_size=600), st.text(max_size=600))
@settings(max_examples=150, deadline=None)
def test_any_body_comes_back_as_it_was(text, html):
    mail = parsed(Envelope(**USUAL | {"body_text": text, "body_html": html and f"<p>{html}"}))
    assert mail.defects == []
    wanted = text.encode("utf-8", "replace").decode().splitlines() or [""]
    assert mail.get_body(("plain",)).get_content().splitlines() == wanted


@pytest.mark.parametrize("kind", ["application/pdf\r\nX: 1", "x", "text/html; charset=x", ""])
def test_a_content_type_brings_nothing_along(kind):
    with pytest.raises(ValueError, match="content type"):
        parsed(Envelope(**USUAL | {"attachments": [Attachment("a.pdf", kind, b"x")]}))


def test_a_host_in_chinese_is_written_for_the_dns():
    assert mime.wire_address("yu@例子.中国") == "yu@xn--fsqu00a.xn--fiqs8s"


def test_plain_text_comes_first_and_html_second():
    mail = parsed(Envelope(**USUAL | {"body_html": "<p>您好</p>"}))
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


# Placeholders


@pytest.mark.parametrize(
    "text",
    ["{{7*7}}", "{name.__class__}", "${x}", "%(x)s", "[[A]]", "[[a.b]]", "[[ a ]]", "[[a|safe]]", "[[[a]"],
)
def test_only_plain_names_in_double_brackets_are_placeholders(text):
    assert words.filled(text, {"a": "!", "x": "!"}) == text


def test_a_value_that_looks_like_a_placeholder_is_not_filled_again():
    assert words.filled("[[name]] [[link]]", {"name": "[[link]]", "link": "L"}) == "[[link]] L"


def test_a_missing_value_is_an_error():
    with pytest.raises(words.NoValue):
        words.filled("[[link]]", {})


def test_values_are_escaped_in_html():
    assert words.filled("<b>[[name]]</b>", {"name": "<script>"}, is_html=True) == "<b>&lt;script&gt;</b>"


def test_a_typed_value_can_be_made_inert():
    assert words.filled(words.inert("[[reply_url]]"), {"reply_url": "L"}) == "［［reply_url］］"


def test_ten_thousand_placeholders_are_quick():
    assert len(words.filled("[[a]]" * 10_000, {"a": "x"})) == 10_000


def parsed(envelope):
    return message_from_bytes(mime.built(envelope, at=AT), policy=default)
