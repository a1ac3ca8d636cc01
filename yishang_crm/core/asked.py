"""What a request asks, read so that nobody's typing breaks a page: whole numbers that a row can have, texts without NUL."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict, iter_multi_items
from werkzeug.routing import BaseConverter, ValidationError
from wtforms import HiddenField

from yishang_crm.core.digits import number_in

FARTHEST_PAGE = 100_000
NOTHING_READABLE = "\ufffd"  # what HTML makes of a NUL, too


def number(said: Mapping[str, str], name: str) -> int | None:
    """One number of a query or a form."""
    return number_in(said.get(name))


def numbers(said: MultiDict[str, str], name: str) -> list[int]:
    """Several under one name, such as ticked rows; each once, in their order, what is no number left out."""
    found = (number_in(text) for text in said.getlist(name))
    return list(dict.fromkeys(one for one in found if one is not None))


def page_number(said: Mapping[str, str]) -> int:
    """Which page of a list: from 1, and no farther than any list reaches."""
    return min(number(said, "page") or 1, FARTHEST_PAGE)


def version(said: Mapping[str, str]) -> int:
    """Which version of a row a small form was drawn from; 0, which is never the newest, when it does not say."""
    return number(said, "version") or 0


class NumberField(HiddenField):
    """A number that a page carries along unseen: 0 when it was not sent or is none."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.type = "HiddenField"  # what templates ask for

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = (number_in(valuelist[0]) if valuelist else None) or 0


class VersionField(NumberField):
    """Which version of a row the form was drawn from; a form that does not say is never the newest."""


class RowNumber(BaseConverter):
    """`<int:person_id>` in an address; a number that no row can have is not found."""

    regex = r"[0-9]{1,10}"

    def to_python(self, value: str) -> int:
        found = number_in(value)
        if found is None:
            raise ValidationError
        return found

    def to_url(self, value: Any) -> str:
        return str(int(value))


class Word(BaseConverter):
    """`<slug>` in an address."""

    regex = r"[^/\x00]+"


class Said(ImmutableMultiDict[str, Any]):
    """What a query or a form says; a NUL, which nobody means and PostgreSQL does not take, stands as `�`."""

    def __init__(self, mapping: Any = None) -> None:
        pairs = iter_multi_items(mapping) if mapping is not None else ()
        super().__init__([(_cleaned(name), _cleaned(value)) for name, value in pairs])


class Asked(Request):
    """A request that says what it says without NUL."""

    parameter_storage_class = Said


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", NOTHING_READABLE)
    if isinstance(value, FileStorage) and value.filename:
        value.filename = value.filename.replace("\x00", NOTHING_READABLE)
    return value


def open_asking(app: Flask) -> None:
    """Before the first room hangs its addresses on the app."""
    app.request_class = Asked
    app.url_map.converters |= {"int": RowNumber, "default": Word, "string": Word}
