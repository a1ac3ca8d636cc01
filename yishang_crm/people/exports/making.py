"""Making a file: begun in one short transaction, written while reading only, finished in another.

Files lie in `exports/` of the instance folder, readable by nobody else on the machine, and are wiped when their time is over.
"""

import contextlib
import datetime as dt
import os
import secrets
from pathlib import Path

from yishang_crm.core.actor import HOUSE, Actor
from yishang_crm.core.clock import local, now
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people.exports import actions, queries
from yishang_crm.people.exports.models import Export
from yishang_crm.people.exports.papers import Wanted, counted, write_paper

KEPT_FOR = dt.timedelta(days=7)
_LEFT_BEHIND = dt.timedelta(days=1)


def make(actor: Actor, export_id: int, settings: Settings, *, keep: dt.timedelta = KEPT_FOR) -> None:
    """Make the file of an export as the one who asked for it. Raises what went wrong, after saying it on the row."""
    with writing():
        export = queries.export(actor, export_id)
        if export is None:
            raise NotPossible(N_("没有这份导出。"))
        permit = actions.begin(actor, export)
        wanted, filters, order = _wanted(export), dict(export.filters), export.order
        with_contacts = export.opens_sealed
        db.session.commit()
    path = folder_of(settings) / f"{export_id}-{secrets.token_hex(8)}.{wanted.form.value}"
    try:
        with permit.opened(), _told(settings, export_id) as tell:
            ids = queries.in_order(actor, filters, order)
            lines = queries.lines(actor, ids, with_contacts=with_contacts)
            _closed_to_others(path)
            count = write_paper(actor, wanted, filters, counted(lines, tell), path)
            db.session.commit()  # ends the read
    except BaseException:
        path.unlink(missing_ok=True)
        db.session.rollback()
        failed(export_id, why=N_("文件没有做成，请再导出一次；若仍不行，请告诉管理员。"))
        raise
    try:
        with writing():
            fresh = queries.export_to_change(actor, export_id)
            size = path.stat().st_size
            actions.finish(actor, fresh, file_name=path.name, size=size, count=count, keep=keep)
            db.session.commit()
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def failed(export_id: int, *, why: str) -> None:
    """Say on the row that it came to nothing, in a transaction of its own."""
    with writing():
        export = queries.export(HOUSE, export_id)
        if export is not None and export.is_under_way:
            actions.fail(HOUSE, export, why=why)
        db.session.commit()


def _wanted(export: Export) -> Wanted:
    at = local(now())
    mark = f"{export.user_name} {at:%Y-%m-%d %H:%M} 导出 用途：{export.purpose} 接收：{export.receiver} 编号{export.id} 内部资料，用后清除"
    return Wanted(
        number=export.id or 0,
        form=export.form,
        columns=tuple(export.columns),
        title=export.title,
        line=(
            f"填报单位：{export.filled_by}",
            f"填表人：{export.user_name}",
            f"日期：{at.year}年{at.month}月{at.day}日",
        ),
        mark=mark,
        filled_by=export.filled_by,
        hidden={
            "yishang-export": str(export.id),
            "yishang-by": f"{export.user_name} user:{export.user_id}",
            "yishang-at": now().isoformat(timespec="seconds"),
            "yishang-purpose": export.purpose,
            "yishang-receiver": export.receiver,
        },
    )


# Files


def folder_of(settings: Settings) -> Path:
    folder = settings.folder / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def file_of(settings: Settings, name: str) -> Path:
    """The path of a file that an export names."""
    return folder_of(settings) / Path(name).name


def wipe_file(settings: Settings, export: Export) -> None:
    if export.file_name:
        file_of(settings, export.file_name).unlink(missing_ok=True)


def wipe_left_behind(settings: Settings, *, known: set[str]) -> int:
    """What a process that died left in the folder, a day old and belonging to no export that stands. Returns how many."""
    before = (now() - _LEFT_BEHIND).timestamp()
    old = [
        path
        for path in folder_of(settings).iterdir()
        if path.name not in known and path.stat().st_mtime < before
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _closed_to_others(path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


# How far it is: a small file beside, so that telling it costs no write in the database


@contextlib.contextmanager
def _told(settings: Settings, export_id: int):  # type: ignore[no-untyped-def]
    told = _progress_file(settings, export_id)
    try:
        yield lambda done: told.write_text(str(done))
    finally:
        told.unlink(missing_ok=True)


def progress(settings: Settings, export_id: int) -> int:
    """How many people are in the file so far."""
    try:
        return int(_progress_file(settings, export_id).read_text() or 0)
    except (OSError, ValueError):
        return 0


def _progress_file(settings: Settings, export_id: int) -> Path:
    return folder_of(settings) / f"{export_id}.progress"
