"""Pages as a browser reads them: forms with what stands in them, elements with their attributes; walking all of them."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Form:
    """A form of a page: where it goes, and the name and value of each field as they would be sent.

    `buttons` are names and values of buttons, of which a browser sends the one that was pressed.
    """

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    empty: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    has_file: bool = False

    @property
    def names(self) -> set[str]:
        return {name for name, _ in [*self.fields, *self.empty]}

    def filled(self, answers: dict[str, str]) -> dict[str, list[str]]:
        """What a browser would send after somebody filled the empty fields in."""
        sent: dict[str, list[str]] = {}
        for name, value in self.fields:
            sent.setdefault(name, []).append(value)
        for name, kind in self.empty:
            if kind == "unticked" and name not in answers:
                continue
            sent.setdefault(name, []).append(answers.get(name, "2026-09-30" if kind == "date" else ""))
        return sent


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]


class Read(HTMLParser):
    """One page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.forms: list[Form] = []
        self.texts: list[str] = []
        self.comments: list[str] = []
        self._form: Form | None = None
        self._select: dict[str, Any] | None = None
        self._area: tuple[str, list[str]] | None = None
        self._loose: list[tuple[str, dict[str, str]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, said))
        if tag == "form":
            self._form = Form(said.get("action", ""), said.get("method", "get").lower())
            self._form_id = said.get("id", "")
            self.forms.append(self._form)
        elif tag == "select":
            self._select = {"said": said, "options": []}
        elif tag == "option" and self._select is not None:
            self._select["options"].append(said)
        elif tag == "textarea":
            self._area = (said.get("name", ""), [])
        elif tag in ("input", "button"):
            self._control(tag, said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select is not None:
            self._chosen(**self._select)
            self._select = None
        elif tag == "textarea" and self._area is not None:
            name, parts = self._area
            if self._form is not None and name:
                text = "".join(parts).lstrip("\n")
                self._form.fields.append((name, text)) if text.strip() else self._form.empty.append(
                    (name, "text")
                )
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def _control(self, tag: str, said: dict[str, str]) -> None:
        form, name = self._form, said.get("name", "")
        kind = said.get("type", "submit" if tag == "button" else "text")
        if form is None or "disabled" in said:
            return
        if kind in ("submit", "image"):
            self._button(form, said)
        elif kind == "file":
            form.has_file = True
        elif name and kind in ("checkbox", "radio"):
            _ticked(form, name, said)
        elif name and said.get("value"):
            form.fields.append((name, said["value"]))
        elif name:
            form.empty.append((name, kind))

    def _button(self, form: Form, said: dict[str, str]) -> None:
        if "formaction" in said:
            self.forms.append(Form(said["formaction"], "post", list(form.fields), list(form.empty)))
        elif said.get("name"):
            form.buttons.append((said["name"], said.get("value", "")))

    def _chosen(self, said: dict[str, str], options: list[dict[str, str]]) -> None:
        name = said.get("name", "")
        if self._form is None or not name or not options:
            return
        chosen = next((one for one in options if "selected" in one), options[0])
        self._form.fields.append((name, chosen.get("value", "")))


def _ticked(form: Form, name: str, said: dict[str, str]) -> None:
    if "checked" in said:
        form.fields.append((name, said.get("value", "on")))
        form.empty = [one for one in form.empty if one != (name, "unticked")]
    elif name not in form.names:
        form.empty.append((name, "unticked"))


def is_page(answer: Any) -> bool:
    return answer.status_code == 200 and answer.mimetype == "text/html"


def endpoint_of(app: Flask, address: str, method: str) -> str:
    """Which door an address leads to; empty for one that leads nowhere."""
    try:
        return str(app.url_map.bind("localhost").match(urlsplit(address).path, method=method)[0])
    except Exception:  # noqa: BLE001 - no such address
        return ""


def walk(client: FlaskClient, starts: list[str], *, most: int = 400) -> Iterator[tuple[str, Any]]:
    """Every page that can be reached from some addresses by links of our own, one per path, each with its answer."""
    waiting, seen = list(starts), set()
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        path = urlsplit(address).path
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(address)
        yield address, answer
        if is_page(answer):
            links = [one.attributes.get("href", "") for one in Read(answer.text).elements if one.tag == "a"]
            waiting += [link for link in links if link.startswith("/") and not link.startswith("//")]


def raw_address(rule: Rule, values: dict[str, str]) -> str:
    """The address of a rule with values that its converters would refuse to write."""
    parts = [str(values[data]) if is_dynamic else data for is_dynamic, data in rule._trace]
    return "".join(parts).lstrip("|")


def said_by(answer: Any) -> str:
    """What an answer says: a page's text, or all the parts of a workbook."""
    if not answer.data.startswith(b"PK"):
        return str(answer.text)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        return "\n".join(book.read(part).decode() for part in book.namelist())
