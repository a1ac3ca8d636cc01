"""The floor: what Flask, SQLite and a ledger of 50 rows take, written as Flask's own tutorial writes it, and nothing of ours."""

import os
import sqlite3

from flask import Flask, g, render_template
from jinja2 import DictLoader

ROWS = 50
_LAYOUT = """<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title>
<link rel="stylesheet" href="{{ url_for('static', filename='style.css') }}"></head>
<body><nav><a href="{{ url_for('ledger') }}">人脉</a></nav><main>{% block content %}{% endblock %}</main></body></html>"""
_LEDGER = """{% extends "layout.html" %}
{% block title %}人脉{% endblock %}
{% block content %}
<form method="get"><input name="q"><button>查找</button></form>
<table><thead><tr><th>姓名</th><th>级</th><th>单位职务</th><th>常驻</th><th>籍贯</th></tr></thead><tbody>
{% for row in rows %}
<tr data-id="{{ row.id }}"><td><a href="{{ url_for('show', person_id=row.id) }}">{{ row.name }}</a></td><td>{{ row.tier }}</td><td>{{ row.post }}</td><td>{{ row.residence }}</td><td>{{ row.place }}</td></tr>
{% endfor %}
</tbody></table>
{% endblock %}"""


def make_app(address: str) -> Flask:
    """`/` is the ledger."""
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"layout.html": _LAYOUT, "ledger.html": _LEDGER})  # type: ignore[assignment]
    _fill(address)

    @app.get("/")
    def ledger() -> str:
        g.connection = sqlite3.connect(address)
        g.connection.row_factory = sqlite3.Row
        rows = g.connection.execute("SELECT * FROM person ORDER BY id DESC LIMIT ?", (ROWS,)).fetchall()
        return render_template("ledger.html", rows=rows)

    @app.get("/people/<int:person_id>")
    def show(person_id: int) -> str:
        return str(person_id)

    @app.get("/healthz")
    def alive() -> str:
        return "ok"

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        if "connection" in g:
            g.pop("connection").close()

    return app


def _fill(address: str) -> None:
    with sqlite3.connect(address) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS person (id INTEGER PRIMARY KEY, name, tier, post, residence, place)"
        )
        rows = [
            (n, f"余秉衡{n}", "C", "沪上精密机械有限公司 董事长", "上海", "桐城市") for n in range(1, 5001)
        ]
        connection.executemany("INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?, ?, ?)", rows)


if "BENCH_FLOOR" in os.environ:
    app = make_app(os.environ["BENCH_FLOOR"])
