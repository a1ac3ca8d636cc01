"""Users from the command line: the first administrator, and what no page may do."""

import click

from yishang_crm.accounts import actions, queries
from yishang_crm.accounts.models import Role
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_


def add_user(*, login: str, role: str, unit: str, name: str, password: str) -> None:
    """Add a user to a unit known by its code; an empty house gets its units first."""
    if not queries.units():
        actions.seed_units(HOUSE)
    home = queries.unit_by_code(unit)
    if home is None:
        raise NotPossible(N_("没有代码为“%(code)s”的单位。"), code=unit)
    if role not in list(Role):
        raise NotPossible(N_("没有“%(role)s”这个角色。"), role=role)
    user = actions.add_user(HOUSE, login=login, name=name, role=Role(role), unit=home, password=password)
    click.echo(f"{user.login} ({user.role.value}, {home.name})")
