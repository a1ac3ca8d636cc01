"""The floor: what Flask, SQLite and a ledger of 50 rows take, with nothing of ours in between."""

import os
import sqlite3
import threading

from flask import Flask, render_template
from jinja2 import DictLoader

ROWS = 50
_PAGE = """<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><title>人脉</title></head><body>
<form method="get"><input name="q"><button>查找</button></form>
<table><thead><tr><th>姓名</th><th>级</th><th>单位职务</th><th>常驻</th><th>籍贯</th></tr></thead><tbody>
{% for row in rows %}
<tr data-id="{{ row[0] }}"><td><a href="/people/{{ row[0] }}">{{ row[1] }}</a></td><td>{{ row[2] }}</td><td>{{ row[3] }}</td><td>{{ row[4] }}</td><td>{{ row[5] }}</td></tr>
{% endfor %}
</tbody></table></body></html>"""

_own = threading.local()


def make_app(address: str) -> Flask:
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"ledger.html": _PAGE})  # type: ignore[assignment] - compiled once, as files are
    with _connection(address) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS person (id INTEGER PRIMARY KEY, name, tier, post, residence, place)")
        rows = [(n, f"余秉衡{n}", "C", "沪上精密机械有限公司 董事长", "上海", "桐城市") for n in range(1, 5001)]
        connection.executemany("INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?, ?, ?)", rows)

    @app.get("/")
    def ledger() -> str:
        found = _connection(address).execute("SELECT * FROM person ORDER BY id DESC LIMIT ?", (ROWS,)).fetchall()
        return render_template("ledger.html", rows=found)

    @app.get("/healthz")
    def alive() -> str:
        return "ok"

    return app


def _connection(address: str) -> sqlite3.Connection:
    if not hasattr(_own, "connection"):
        _own.connection = sqlite3.connect(address)
        _own.connection.execute("PRAGMA journal_mode = WAL")
    return _own.connection


if "BENCH_FLOOR" in os.environ:
    app = make_app(os.environ["BENCH_FLOOR"])
