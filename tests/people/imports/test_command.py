"""`yishang import people` on an installation of its own: what it prints, what it writes, how it ends."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from tests.conftest import SAMPLES
from tests.people.imports.arranged import JIANG, YU, csv
from yishang_crm import cli
from yishang_crm.core import sealed

FILES = sorted(path for path in SAMPLES.iterdir() if path.suffix in (".xlsx", ".csv", ".vcf"))
FIELDS = {
    "name", "gender", "phones", "email", "organization", "title", "native_place", "native_town", "city", "chamber_title",
    "birth", "industry", "note", "name_en", "region",
}  # fmt: skip
OUTCOMES = {"create", "update", "unchanged", "conflict", "error"}


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A migrated installation with two accounts, to be copied for each test."""
    folder = tmp_path_factory.mktemp("bare")
    with pytest.MonkeyPatch.context() as patch:
        ring = sealed._Keyring.keys
        patch.setenv("YISHANG_INSTANCE", str(folder))
        patch.setenv("YISHANG_DATABASE_URL", "")
        for words in (
            ("migrate",),
            (
                "user",
                "add",
                "bureau",
                "--role",
                "bureau",
                "--unit",
                "bureau",
                "--password",
                "江水东流去也-2026",
            ),
            (
                "user",
                "add",
                "tongcheng",
                "--role",
                "county",
                "--unit",
                "340881",
                "--password",
                "江水东流去也-2026",
            ),
        ):
            done = CliRunner().invoke(cli.main, words, catch_exceptions=False)
            assert done.exit_code == 0, done.output
        sealed.use_keys(ring)
    return folder


@pytest.fixture
def house(bare, tmp_path, monkeypatch):
    ring = sealed._Keyring.keys
    folder = tmp_path / "house"
    folder.mkdir()
    for file in bare.iterdir():
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    monkeypatch.setenv("YISHANG_INSTANCE", str(folder))
    monkeypatch.setenv("YISHANG_DATABASE_URL", "")
    yield folder
    sealed.use_keys(ring)


def told(*words):
    return CliRunner().invoke(cli.main, ("import", "people", *words), catch_exceptions=False)


def count(house: Path, table: str) -> int:
    engine = sa.create_engine(f"sqlite:///{house / 'yishang.db'}", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_sample_is_told_row_by_row_and_checking_writes_nothing(house, path):
    truth = json.loads(path.with_name(path.name + ".truth.json").read_text())
    done = told(str(path), "--check", "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.exit_code, len(rows)) == (0, len(truth))
    assert all(list(row) == ["sheet", "row", "outcome", "fields", "problems"] for row in rows)
    assert {row["outcome"] for row in rows} <= OUTCOMES
    assert {name for row in rows for name in row["fields"]} <= FIELDS
    assert all(isinstance(problem, str) for row in rows for problem in row["problems"])
    assert (count(house, "person"), count(house, "import_batch")) == (0, 0)
    assert done.stderr.strip().endswith(f"= {len(truth)} 行")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_written_twice_a_sample_is_there_once(house, path):
    truth = json.loads(path.with_name(path.name + ".truth.json").read_text())
    first, second = told(str(path)), told(str(path), "--json")
    assert first.output.strip().endswith(f"= {len(truth)} 行")
    outcomes = [json.loads(line)["outcome"] for line in second.stdout.splitlines()]
    assert set(outcomes) <= {"unchanged", "conflict", "error"}
    assert count(house, "person") == len([one for one in truth if one.get("name")])


def test_as_somebody_it_is_theirs(house, tmp_path):
    file = tmp_path / "名册.csv"
    file.write_bytes(csv(YU))
    assert told(str(file), "--as", "tongcheng").exit_code == 0
    told(str(file), "--as", "nobody")
    engine = sa.create_engine(f"sqlite:///{house / 'yishang.db'}", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        code = "SELECT unit.code FROM stewardship JOIN unit ON unit.id = stewardship.unit_id"
        assert connection.exec_driver_sql(code).scalars().all() == ["340881"]


def test_what_is_printed_after_writing_is_what_was_done(house, tmp_path):
    file = tmp_path / "名册.csv"
    file.write_bytes(csv(YU, ("", *JIANG[1:])))
    done = told(str(file), "--json")
    assert [json.loads(line)["outcome"] for line in done.stdout.splitlines()] == ["create", "error"]
    assert done.stderr.strip() == "1 新增 + 0 更新 + 0 不变 + 0 冲突 + 1 错误 = 2 行"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7", "PDF"),
        ("编号,金额\n1,2\n".encode(), "没有认出人名"),
        (csv(), "没有认出人名"),
        (b"", "文件是空的"),
    ],
    ids=["pdf", "no list", "only headers", "empty"],
)
@pytest.mark.parametrize("more", [(), ("--check",), ("--json",)])
def test_a_file_without_a_list_is_refused_with_the_pages_sentence_and_opens_no_batch(
    house, tmp_path, content, said, more
):
    file = tmp_path / "名册.xlsx"
    file.write_bytes(content)
    done = told(str(file), *more)
    assert (done.exit_code, done.stdout, said in done.stderr) == (1, "", True)
    assert count(house, "import_batch") == 0


def test_somebody_unknown_or_without_the_right_brings_nothing(house, tmp_path):
    file = tmp_path / "名册.csv"
    file.write_bytes(csv(YU))
    done = told(str(file), "--as", "nobody")
    assert (done.exit_code, "没有账号" in done.stderr) == (1, True)
    assert (count(house, "person"), count(house, "import_batch")) == (0, 0)


def test_reading_and_assessing_hold_no_lock_that_others_wait_for(house, tmp_path, monkeypatch):
    """While the file is read, another writes."""
    from yishang_crm.people import bringing

    file = tmp_path / "名册.csv"
    file.write_bytes(csv(YU))
    reads = bringing.read_file
    wrote = []

    def read(*args, **how):
        engine = sa.create_engine(
            f"sqlite:///{house / 'yishang.db'}", poolclass=sa.pool.NullPool, connect_args={"timeout": 0.1}
        )
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE unit SET short_name = short_name")
            wrote.append(1)
        return reads(*args, **how)

    monkeypatch.setattr(bringing, "read_file", read)
    assert told(str(file)).exit_code == 0
    assert wrote == [1]
