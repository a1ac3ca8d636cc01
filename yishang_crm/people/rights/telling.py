"""All that is known of somebody as one readable file: a page without scripts, the same as JSON, and the files kept of them, in a zip."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Sequence
from html import escape
from typing import Any

from yishang_crm.core.known import Enclosure

_STYLE = (
    "body{font:16px/1.7 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%;margin:0 0 2em}"
    "th,td{border:1px solid #999;padding:4px 8px;text-align:left;vertical-align:top;white-space:pre-wrap}"
    "h1{font-size:24px}h2{font-size:18px}"
)


def own_file(name: str, chapters: Sequence[dict[str, Any]], *, at: dt.datetime, by: str) -> bytes:
    """The bytes of the zip. `chapters`: title, heads, rows of plain values and enclosures, all in Chinese."""
    chapters, enclosed = _with_paths(chapters)
    page = _page(name, chapters, at=at, by=by)
    data = {
        "name": name,
        "made_at": at.isoformat(timespec="seconds"),
        "chapters": [
            {
                "title": chapter["title"],
                "rows": [dict(zip(chapter["heads"], row, strict=True)) for row in chapter["rows"]],
            }
            for chapter in chapters
        ],
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("个人信息.html", page)
        archive.writestr("个人信息.json", json.dumps(data, ensure_ascii=False, indent=2, default=str))
        for path, content in enclosed.items():
            archive.writestr(path, content)
    return file.getvalue()


def _with_paths(
    chapters: Sequence[dict[str, Any]],
) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """The chapters with the path of each enclosure in its cell, and the bytes by path; two of one name stay two."""
    enclosed: dict[str, bytes] = {}

    def cell(value: Any) -> Any:
        if not isinstance(value, Enclosure):
            return value
        path = f"文件/{len(enclosed) + 1} {value.name}"
        enclosed[path] = value.content
        return path

    told = [
        {**chapter, "rows": [[cell(one) for one in row] for row in chapter["rows"]]} for chapter in chapters
    ]
    return told, enclosed


def _page(name: str, chapters: Sequence[dict[str, Any]], *, at: dt.datetime, by: str) -> str:
    parts = [
        f'<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>{escape(name)}</title><style>{_STYLE}</style>',
        f"<h1>{escape(name)}的个人信息</h1>",
        f"<p>这里是安庆市投资促进局宜商通系统里关于您的全部记录。{at:%Y年%m月%d日 %H:%M}由{escape(by)}应您的要求整理。</p>",
        "<p>有不对的，请告诉我们更正；不愿再保留的，可以要求删除（《个人信息保护法》第四十五条至第四十七条）。</p>",
    ]
    for chapter in chapters:
        heads = "".join(f"<th>{escape(head)}</th>" for head in chapter["heads"])
        rows = "".join(
            f"<tr>{''.join(f'<td>{_said(cell)}</td>' for cell in row)}</tr>" for row in chapter["rows"]
        )
        parts.append(f"<h2>{escape(chapter['title'])}</h2><table><tr>{heads}</tr>{rows}</table>")
    return "\n".join(parts)


def _said(cell: Any) -> str:
    return "" if cell is None else escape(str(cell))
