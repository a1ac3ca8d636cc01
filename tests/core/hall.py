"""A table of the tests' own: a hall with places, a state and a series of numbers."""

import enum
from typing import ClassVar

from sqlmodel import Field, SQLModel

from yishang_crm.core.db import Moment, Table, choice


class HallState(enum.StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"


class Hall(Table, table=True):
    """Not of the product: taken out of its tables again, and made only where a test wants it."""

    __tablename__ = "hall_of_the_tests"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=10)
    places: int | None = 20
    taken: int = 0
    number: int = 0
    state: HallState = Field(default=HallState.WAITING, sa_column=choice(HallState, nullable=False))
    opened_at: Moment | None = None


SQLModel.metadata.remove(Hall.__table__)
