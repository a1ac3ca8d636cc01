"""A native place of the dictionary: a county, a town, an old name, and whether it counts (domain.md)."""

from typing import ClassVar

from sqlmodel import Field

from yishang_crm.core import versions
from yishang_crm.core.db import Table


class Place(Table, table=True):
    """The dictionary of native places, with its history; editable, each entry flagged until confirmed.

    `level` is city, county, zone or town; `parent` the county's name; `valid_to` (YYYY-MM) where it left Anqing.
    """

    __tablename__ = "place"
    __recorded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=40, index=True)
    level: str = Field(max_length=10)
    parent: str = Field(default="", max_length=40)
    aliases: str = Field(default="", max_length=300)
    code: str = Field(default="", max_length=12)
    display_order: int = 0
    valid_to: str = Field(default="", max_length=7)
    counts_as_native: bool = True
    state: str = Field(default="待核定", max_length=10)
    remark: str = Field(default="", max_length=200)
    version: int = 1

    @property
    def is_town(self) -> bool:
        return self.level == "town"

    @property
    def is_confirmed(self) -> bool:
        return self.state == CONFIRMED

    @property
    def spellings(self) -> list[str]:
        """Under which it is recognized: its name and its older and shorter ones."""
        return [self.name, *(alias for alias in self.aliases.split("|") if alias)]

    def must_be_version(self, version: int) -> None:
        versions.must_be(self, version, shown=PLACE_EDITABLE)

    def edit(self, *, confirmed: bool, **values: object) -> None:
        """Change an entry. A name that is given up stays among the aliases, so that files that still write it are understood."""
        was = self.name
        versions.edit(self, values, may=PLACE_EDITABLE)
        if was != self.name and was not in self.spellings:
            self.aliases = "|".join([*self.spellings[1:], was])
        self.state = CONFIRMED if confirmed else UNCONFIRMED


UNCONFIRMED, CONFIRMED = "待核定", "已核定"
PLACE_EDITABLE = frozenset(
    {"name", "level", "parent", "aliases", "code", "display_order", "valid_to", "counts_as_native", "remark"}
)
