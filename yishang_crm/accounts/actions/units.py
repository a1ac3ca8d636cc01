"""Units: seeded from the dictionary, added, edited, closed."""

import csv
from pathlib import Path

from yishang_crm.accounts import queries
from yishang_crm.accounts.models import Unit, UnitKind
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.deed import note

DICTIONARY = Path(__file__).resolve().parents[2] / "dictionaries" / "units.csv"


@action(Permission.ADMIN_UNITS)
def add_unit(actor: Actor, *, code: str, name: str, short_name: str, kind: UnitKind, display_order: int,
             liaison_name: str = "", liaison_phone: str = "", confirmed: bool = True) -> Unit:  # fmt: skip
    """Add a unit. `display_order` is the customary order of the city's papers (domain.md §1.1)."""
    unit = Unit(
        code=code,
        name=name,
        short_name=short_name,
        kind=kind,
        display_order=display_order,
        liaison_name=liaison_name,
        liaison_phone=liaison_phone,
        confirmed_at=now() if confirmed else None,
    )
    db.session.add(unit)
    return unit


@action(Permission.ADMIN_UNITS)
def edit_unit(actor: Actor, unit: Unit, *, version: int, name: str, short_name: str, display_order: int,
              liaison_name: str, liaison_phone: str, confirmed: bool) -> None:  # fmt: skip
    """Change a unit; its code and kind stay, since lists and scope hang on them. Raises `Stale`."""
    unit.must_be_at(version)
    unit.name, unit.short_name, unit.display_order = name, short_name, display_order
    unit.liaison_name, unit.liaison_phone = liaison_name, liaison_phone
    unit.confirmed_at = (unit.confirmed_at or now()) if confirmed else None
    unit.version += 1


@action(Permission.ADMIN_UNITS)
def close_unit(actor: Actor, unit: Unit) -> None:
    """Close a unit that was dissolved or renamed into another; its history stays."""
    about(unit)
    unit.close(at=now(), users=queries.seats_taken().get(unit.id or 0, 0))
    unit.version += 1


@action(Permission.ADMIN_UNITS)
def reopen_unit(actor: Actor, unit: Unit) -> None:
    about(unit)
    unit.reopen()
    unit.version += 1


@action(Permission.ADMIN_UNITS)
def seed_units(actor: Actor) -> int:
    """Add the units of the dictionary that are not there yet, by code; what stands is not touched. Returns how many."""
    standing = {unit.code for unit in queries.units()}
    with DICTIONARY.open(encoding="utf-8", newline="") as file:
        missing = [row for row in csv.DictReader(file) if row["code"] not in standing]
    for row in missing:
        add_unit(
            actor,
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"],
            kind=UnitKind(row["kind"]),
            display_order=int(row["display_order"]),
            confirmed=row["state"] != "待核定",
        )
    note(added=len(missing))
    return len(missing)
