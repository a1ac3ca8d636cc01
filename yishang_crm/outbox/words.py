"""Text that comes from people, made safe for a letter: one line, placeholders, paragraphs."""

import re
import unicodedata
from collections.abc import Mapping
from html import escape

PLACEHOLDER = re.compile(r"\[\[([a-z][a-z0-9_]{0,39})\]\]")
LINK = re.compile(r"https?://[^\s<>\"'，。；、）（]+")
ADDRESS = re.compile(r"[^\s@<>,;:\"'()\[\]\\]{1,64}@[^\s@<>,;:\"'()\[\]\\]{1,190}")


class NoValue(ValueError):
    """A placeholder of a letter has no value."""


def one_line(text: str) -> str:
    """A name or subject without line breaks, control marks, marks that turn the direction of writing, or a hidden header."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    visible = "".join(c for c in kept if unicodedata.category(c) not in ("Cf", "Cs", "Co"))
    # `=?utf-8?b?…?=` is text to us and a header in disguise to a mail program.
    return re.sub(r"\s+", " ", visible).strip().replace("=?", "= ?")


def inert(text: str) -> str:
    """A value typed by a person, put so that it can never be taken for a placeholder."""
    return text.replace("[[", "［［").replace("]]", "］］")


def looks_like_address(text: str) -> bool:
    """Whether mail can be sent there at all: one @, no space, no separator, nothing unprintable."""
    return bool(ADDRESS.fullmatch(text)) and one_line(text) == text and not is_lookalike(text)


_OF_HOSTS = ("CJK ", "HIRAGANA ", "KATAKANA", "HANGUL ", "BOPOMOFO ")


def is_lookalike(address: str) -> bool:
    """Whether the host of an address has letters that only look like ours, such as a Cyrillic `а` in `exаmple.com`.

    Hosts in Chinese, Japanese or Korean are fine; any other is written as the DNS has it, `xn--…`.
    """
    host = address.rpartition("@")[2]
    return any(
        sign.isalpha() and not sign.isascii() and not unicodedata.name(sign, "").startswith(_OF_HOSTS)
        for sign in host
    )


def placeholders_in(*texts: str) -> list[str]:
    """The names of placeholders, each once, in their order."""
    return list(dict.fromkeys(name for text in texts for name in PLACEHOLDER.findall(text)))


def filled(text: str, values: Mapping[str, str], *, is_html: bool = False) -> str:
    """Placeholders replaced once: a value that looks like a placeholder stays as it is. Raises `NoValue`."""

    def value_of(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in values:
            raise NoValue(name)
        return escape(values[name]) if is_html else values[name]

    return PLACEHOLDER.sub(value_of, text)


def html_of(text: str) -> str:
    """A plain letter as simple HTML: paragraphs, and links that can be pressed."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(f"<p>{_linked(line)}</p>" for line in lines if line)


def _linked(line: str) -> str:
    parts, at = [], 0
    for found in LINK.finditer(line):
        link = escape(found.group())
        parts += [escape(line[at : found.start()]), f'<a href="{link}">{link}</a>']
        at = found.end()
    return "".join([*parts, escape(line[at:])])


def paragraphs(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """A plain letter for the page: each line with its place (`flush`, `indent`, `sign`) and its parts.

    Parts are `("text", …)`, `("placeholder", name)` or `("link", address)`.
    """
    return [(_place(line), _parts(line.strip())) for line in text.splitlines() if line.strip()]


def _place(line: str) -> str:
    lead = len(line) - len(line.lstrip())
    if lead >= 8:
        return "sign"
    return "indent" if lead else "flush"


def _parts(line: str) -> list[tuple[str, str]]:
    parts: list[tuple[str, str]] = []
    at = 0
    for found in re.finditer(f"{PLACEHOLDER.pattern}|{LINK.pattern}", line):
        if found.start() > at:
            parts.append(("text", line[at : found.start()]))
        parts.append(("placeholder", found.group(1)) if found.group(1) else ("link", found.group()))
        at = found.end()
    return [*parts, ("text", line[at:])] if at < len(line) else parts
