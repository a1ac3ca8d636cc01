"""A unit's sheet, fetched by page, corrected with openpyxl or LibreOffice, brought back."""

import io
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
from flask import Flask
from flask.testing import FlaskClient

from yishang_crm.core.actor import Actor
from yishang_crm.people.bringing import About, bring, keep
from yishang_crm.people.importing.returned import ID_HEAD
from yishang_crm.people.models.brought import ImportBatch
from yishang_crm.people.queries import imports as kept

HEADS = 3  # title, 填报单位, heads


class Paper:
    """A workbook in hand: cells by the head above them and the name beside them."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.page = self.book.active
        self.heads = {cell.value: cell.column for cell in self.page[HEADS]}

    @property
    def names(self) -> list[str]:
        column = self.heads["姓名"]
        rows = range(HEADS + 1, self.page.max_row + 1)
        return [name for row in rows if (name := self.page.cell(row, column).value)]

    def row_of(self, name: str) -> int:
        return HEADS + 1 + self.names.index(name)

    def cell(self, name: str, head: str) -> Any:
        return self.page.cell(self.row_of(name), self.heads[head])

    def said(self, name: str) -> dict[str, str]:
        return {head: self.cell(name, head).value for head in self.heads if head not in (ID_HEAD, "序号")}

    def write(self, name: str, **cells: str) -> None:
        """`cells`: head → text; the name last, so that the row is found."""
        row = self.row_of(name)
        for head, text in cells.items():
            (found,) = [column for said, column in self.heads.items() if said.startswith(head)]
            self.page.cell(row, found).value = text

    def add(self, **cells: str) -> None:
        """A person written by hand in the first free row."""
        row = HEADS + 1 + len(self.names)
        for head, text in cells.items():
            self.page.cell(row, self.heads[head]).value = text

    @property
    def content(self) -> bytes:
        file = io.BytesIO()
        self.book.save(file)
        return file.getvalue()


def fetched(client: FlaskClient, round_id: int, **fields: Any) -> Paper:
    """Asked for and fetched by page."""
    asked = client.post(f"/people/rounds/{round_id}/return", data=fields)
    assert asked.status_code == 303, asked.text
    file = client.post(f"{asked.location}/file")
    assert file.status_code == 200, file.text
    content = file.data
    file.close()
    return Paper(content)


def came_back(app: Flask, actor: Actor, content: bytes) -> ImportBatch:
    """Read, assessed, kept; inside an app context that may write."""
    about = About(source="年度报送")
    return keep(actor, bring(actor, content, "年度报送表.xlsx", about=about), about=about, with_file=True)


def rows_by_name(actor: Actor, batch: ImportBatch) -> dict[str, Any]:
    return {row.fields.get("name", ""): row for row in kept.batch_rows(actor, batch, most=500)}


def through_libreoffice(content: bytes, folder: Path) -> bytes:
    """Opened and saved by another program than ours."""
    (folder / "in").mkdir()
    source = folder / "in" / "sheet.xlsx"
    source.write_bytes(content)
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx",
         "--outdir", str(folder / "out"), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return (folder / "out" / "sheet.xlsx").read_bytes()
