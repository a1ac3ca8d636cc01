"""Files and papers, each measured in a process of its own: import, accuracy of reading, letters, sending."""

import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from tests.bench.figures import Figure, at_least, at_most
from tests.bench.instance import PASSWORD, ROOT
from yishang_crm.core.db import is_writing

ROWS = 20_000
LETTERS, SAMPLE = 2000, 200
_HEADS = (
    "序号",
    "姓名",
    "性别",
    "籍贯",
    "现居住地",
    "工作单位",
    "职务",
    "所属行业",
    "手机号码",
    "电子邮箱",
    "出生年月",
    "备注",
)


def measured(what: str) -> list[Figure]:
    """The figures of one of `MEASURES`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.files", what],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    print(done.stderr, end="", file=sys.stderr, flush=True)
    return [Figure(**told) for told in json.loads(done.stdout.splitlines()[-1])]


def bringing() -> Iterator[Figure]:
    """20,000 rows as a county would send them: read (in a process of its own), checked, kept, written, undone."""
    from yishang_crm.accounts import actors
    from yishang_crm.core.apart import unswept
    from yishang_crm.core.db import db
    from yishang_crm.people import actions, queries
    from yishang_crm.people import bringing as people

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "名册.xlsx"
        subprocess.run(
            [sys.executable, "-m", "tests.bench.files", "workbook", str(file)], cwd=ROOT, check=True
        )
        with _empty_house(folder):
            bare = _bare_import(file, folder / "bare.db")
            bureau, about, content = (
                actors.of_login("bureau"),
                people.About(source="bench"),
                file.read_bytes(),
            )
            at_rest = psutil.Process().memory_info().rss
            with _Peak() as peak, _Holding(db.engine) as holding:
                begun = time.perf_counter()
                told = people._read(content, file.name, {}, queries.place_rows())
                read = time.perf_counter()
                rows = people.assessed(bureau, told)
                checked = time.perf_counter()
                brought = people.Brought(told, rows, content, {})
                batch = people.keep(bureau, brought, about=about, with_file=True)
                kept = time.perf_counter()
                with unswept():
                    counts = actions.write_batch(bureau, batch)
                written = time.perf_counter()
            with _Holding(db.engine) as holding_undo:
                actions.undo_batch(bureau, batch)
            undone = time.perf_counter()
            db.session.commit()
    if sum(counts.values()) != len(rows):
        raise RuntimeError(f"{counts} of {len(rows)}")
    many = f"{len(rows):,} rows"
    yield at_most(f"import: {many} checked and written", written - begun, "s", 10, floor=round(bare, 2))
    yield at_most(f"import: {many} read from the workbook", read - begun, "s")
    yield at_most(f"import: {many} checked", checked - read, "s")
    yield at_most(f"import: {many} kept for looking at", kept - checked, "s")
    yield at_most(f"import: {many} written", written - kept, "s")
    yield at_most("import: write lock held by a portion, middle", holding.middle, "ms", 50)
    yield at_most("import: write lock held by a portion, 95 of 100", holding.ninety_five, "ms")
    yield at_most(f"import: {many} undone", undone - written, "s")
    yield at_most("import: write lock held by a portion of an undo, middle", holding_undo.middle, "ms", 50)
    yield at_most("import: peak of memory above rest", (peak.highest - at_rest) / 1e6, "MB", 300)


def _bare_import(file: Path, database: Path) -> float:
    """Seconds that reading the cells and putting them into one table takes, in the portions and with the syncs of ours."""
    from python_calamine import CalamineWorkbook

    from yishang_crm.people.actions.imports.writing import CHUNK

    begun = time.perf_counter()
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()[2:]
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"CREATE TABLE bare ({', '.join(f'c{n}' for n in range(len(_HEADS)))})")
    for column in ("c1", "c3", "c8"):
        connection.execute(f"CREATE INDEX bare_{column} ON bare ({column})")
    for first in range(0, len(rows), CHUNK):
        slots = ", ".join("?" * len(_HEADS))
        connection.executemany(f"INSERT INTO bare VALUES ({slots})", rows[first : first + CHUNK])
        connection.commit()
    connection.close()
    return time.perf_counter() - begun


def accuracy() -> Iterator[Figure]:
    """Right fields of all fields of the sample workbooks, read with no manual mapping."""
    from tests.people.importing.truth import overall_accuracy

    found = overall_accuracy()
    yield at_least(f"import: right fields of {found.total:,} in the samples", found.share * 100, "%", 98)


def letters() -> Iterator[Figure]:
    """A sample of letters, and what 2,000 would take: the press warmed once, then each one alone."""
    from tests.conference.papers.conftest import COMMITTEE, REPLY
    from yishang_crm.conference.papers.letters import LetterPaper, letter_pdfs
    from yishang_crm.conference.papers.seal import placeholder_seal

    seal = placeholder_seal(COMMITTEE)
    papers = [
        LetterPaper(
            organization=COMMITTEE, number=f"宜商邀〔2026〕{number}号", salutation="尊敬的潘岳霖先生：",
            paragraphs=["金风送爽，丹桂飘香。为叙乡谊、聚乡贤、话发展，兹定于2026年9月24日上午9时举办中国宜商大会。"] * 3,
            closing="专此函达，敬候佳音。", signatory=COMMITTEE, date_line="2026年9月8日", reply_url=f"{REPLY}{number}",
            reply_host="yishang.example/r", reply_code=f"{417206 + number}", liaison="联络员：汪澄　199-0000-0556", seal=seal,
        )
        for number in range(1, SAMPLE + 2)
    ]  # fmt: skip
    begun = time.perf_counter()
    next(letter_pdfs(papers[:1]))
    warm = time.perf_counter()
    made = sum(1 for _pdf in letter_pdfs(papers[1:]))
    each = (time.perf_counter() - warm) / made
    yield at_most(
        f"letters: {LETTERS:,} PDFs, by a sample of {made}", warm - begun + each * (LETTERS - 1), "s", 60
    )


def sending() -> Iterator[Figure]:
    """Beside bare building and sending in the same run."""
    from tests.bench.sending import measure

    told = measure(600)
    yield at_least(
        "sending over one SMTP connection", told["value"], told["unit"], told["bar"], floor=told["floor"]
    )


def duplicates() -> Iterator[Figure]:
    """As many people as the bench has (PEOPLE)."""
    from tests.bench.duplicates import measure

    yield from measure(int(os.environ.get("PEOPLE") or 200_000))


MEASURES: dict[str, Callable[[], Iterator[Figure]]] = {
    "bringing": bringing, "accuracy": accuracy, "letters": letters, "sending": sending, "duplicates": duplicates,
}  # fmt: skip


def workbook(file: Path) -> None:
    """A county's list: a title, one header row, people; every 500th without a name."""
    import xlsxwriter

    from yishang_crm.demo.people import Keeper, newcomers

    chance = random.Random(11)
    people = newcomers(ROWS, keepers=[Keeper(unit_id=1, county="", user_ids=(), share=1)], chance=chance)
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名册")
        sheet.write_row(0, 0, ["安庆籍在外企业家信息库"])
        sheet.write_row(1, 0, _HEADS)
        for number, one in enumerate(people, 1):
            told = one.columns
            gender = {"male": "男", "female": "女"}.get(told["gender"] or "", "")
            birth = f"{told['birth_year']}-{told['birth_month']:02d}" if told.get("birth_year") else ""
            row = [
                number,
                told["name"] if number % 500 else "",
                gender,
                told["native_place"],
                told["residence"],
            ]
            row += [
                one.organization,
                one.title,
                told["industry"],
                one.phones[0].removeprefix("+86"),
                one.email,
                birth,
                told["source"],
            ]
            sheet.write_row(number + 1, 0, row)


class _Peak:
    """The highest memory of this process and those it began, while it was watched; looked at every 20 ms."""

    def __init__(self) -> None:
        self.highest = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "_Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        process = psutil.Process()
        while not self._done.wait(0.02):
            self.highest = max(self.highest, sum(map(_rss, [process, *process.children(recursive=True)])))


def _rss(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:  # it has just ended
        return 0


class _Holding:
    """How long each transaction held the write lock, from its BEGIN to its COMMIT, in milliseconds."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._times: list[float] = []
        self._begun = 0.0
        self._writes = False

    def __enter__(self) -> "_Holding":
        import sqlalchemy as sa

        sa.event.listen(self._engine, "begin", self._begin)
        sa.event.listen(self._engine, "commit", self._commit)
        return self

    def __exit__(self, *_: object) -> None:
        import sqlalchemy as sa

        sa.event.remove(self._engine, "begin", self._begin)
        sa.event.remove(self._engine, "commit", self._commit)

    def _begin(self, _connection: Any) -> None:
        self._begun = time.perf_counter()
        self._writes = is_writing()

    def _commit(self, connection: Any) -> None:
        # SQLAlchemy tells of a commit before it is done: what the disk takes is measured by committing here.
        connection.connection.driver_connection.commit()
        if self._writes:
            self._times.append((time.perf_counter() - self._begun) * 1000)

    @property
    def middle(self) -> float:
        return statistics.median(self._times)

    @property
    def ninety_five(self) -> float:
        return sorted(self._times)[int(len(self._times) * 0.95)]


@contextmanager
def _empty_house(folder: Path) -> Iterator[None]:
    """A scratch database with units, places and one user, open for writing."""
    from sqlmodel import SQLModel

    from yishang_crm.accounts import actions as accounts
    from yishang_crm.accounts import queries as units
    from yishang_crm.accounts.models import Role
    from yishang_crm.app import create_app
    from yishang_crm.core.actor import HOUSE
    from yishang_crm.core.config import Settings
    from yishang_crm.core.db import db, writing
    from yishang_crm.people.actions import seed_places

    app = create_app(Settings(instance=folder, _env_file=None))
    with app.app_context(), writing():
        SQLModel.metadata.create_all(db.engine)
        accounts.seed_units(HOUSE)
        seed_places(HOUSE)
        bureau = units.unit_by_code("bureau")
        accounts.add_user(
            HOUSE, login="bureau", name="程景明", role=Role.BUREAU, unit=bureau, password=PASSWORD
        )
        db.session.commit()
        yield
        db.engine.dispose()


if __name__ == "__main__":
    if sys.argv[1] == "workbook":
        workbook(Path(sys.argv[2]))
    else:
        print(json.dumps([asdict(figure) for figure in MEASURES[sys.argv[1]]()]))
