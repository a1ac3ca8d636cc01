"""Files as counties send them, brought and kept for a test to decide, write and take back."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, select

from yishang_crm.core.actor import HOUSE, Actor
from yishang_crm.core.db import db
from yishang_crm.core.deed import Deed, doing
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people import queries
from yishang_crm.people.bringing import About, bring, keep
from yishang_crm.people.models import ContactPoint, Organization, Person, Position, Stewardship
from yishang_crm.people.models.brought import ImportBatch, ImportRow

HEADS = ("姓名", "单位", "职务", "手机", "邮箱", "籍贯", "常驻")
YU = ("余秉衡", "深圳市望岳精密科技有限公司", "总经理", "19900000417", "", "桐城市", "深圳")
JIANG = ("江望之", "东莞市皖江新材料有限公司", "董事", "19900000001", "jiang@example.cn", "怀宁县", "东莞")
CHENG = ("程守默", "上海市独秀电子有限公司", "董事长", "19900000002", "", "桐城市", "上海")


def csv(*rows: tuple[str, ...]) -> bytes:
    return "\n".join(",".join(row) for row in (HEADS, *rows)).encode()


def many(count: int, *, first: int = 1000) -> list[tuple[str, ...]]:
    """People with a name, a firm and a phone of their own."""
    given = "衡岳望之清岚秉程怀宁独秀"
    return [
        (
            f"江{given[n % 12]}{given[n // 12 % 12]}",
            f"东莞市皖江{n}号新材料有限公司",
            "总经理",
            f"1990000{n:04d}",
            "",
            "桐城市",
            "东莞",
        )
        for n in range(first, first + count)
    ]


def brought(
    actor: Actor, content: bytes, *, about: About | None = None, name: str = "名册.csv"
) -> ImportBatch:
    """Read, assessed, kept for looking at."""
    about = about or About(source="商会名册")
    return keep(actor, bring(actor, content, name, about=about), about=about, with_file=True)


def rows_of(actor: Actor, batch: ImportBatch) -> list[ImportRow]:
    db.session.expire_all()
    return list(queries.batch_rows(actor, batch, most=50_000))


def outcomes(actor: Actor, batch: ImportBatch) -> list[str]:
    return [row.outcome.value for row in rows_of(actor, batch)]


def reasons(row: ImportRow) -> str:
    from yishang_crm.people.words import in_chinese

    return " ".join(in_chinese(reason) for reason in row.reasons)


def people_now(actor: Actor) -> list[str]:
    """Names of everybody the actor sees, in order."""
    return sorted(db.session.execute(queries.visible_to(actor).with_only_columns(Person.name)).scalars())


def everything(*, but_version: bool = True) -> dict[str, list[Any]]:
    """Every row of the room's own tables and of the search index, as it lies in the database.

    A person's version only ever grows: an edit begun before an undo must not be saved over it.
    """
    tables: list[type[SQLModel]] = [Person, ContactPoint, Position, Stewardship, Organization]
    lying = {}
    for table in tables:
        columns = [
            one
            for one in table.__table__.columns
            if not (but_version and table is Person and one.name == "version")
        ]
        found = db.session.execute(
            unscoped_for("a test looks", sa.select(*columns).order_by(table.__table__.c.id))
        )
        lying[table.__tablename__] = [tuple(_plain(value) for value in row) for row in found]
    key = "rowid" if db.engine.dialect.name == "sqlite" else "person_id"
    index = sa.text(f"SELECT {key}, * FROM person_search ORDER BY {key}").execution_options(
        scope="house: a test looks"
    )
    lying["person_search"] = [tuple(map(str, row)) for row in db.session.execute(index)]
    return lying


def _plain(value: Any) -> Any:
    return value.mark("") if hasattr(value, "mark") else value


def person_named(actor: Actor, name: str) -> Person:
    return db.session.scalars(queries.visible_to(actor).where(Person.name == name)).one()


def entries(verb: str) -> list[Any]:
    from yishang_crm.core.audit import AuditEntry

    wanted = select(AuditEntry).where(AuditEntry.verb == verb).order_by(AuditEntry.id)
    return list(db.session.scalars(unscoped_for("a test looks", wanted)))


def move(person: Person, unit_id: int | None) -> None:
    """Another unit keeps the person from now on."""
    with doing(Deed(HOUSE, "a test moves")):
        keeper = sa.update(Stewardship.__table__).where(Stewardship.person_id == person.id)
        db.session.execute(keeper.values(unit_id=unit_id))
