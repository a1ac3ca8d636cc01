"""Facts of a person that are changed one at a time: in a cell of the list, or for many at once."""

import enum
from dataclasses import dataclass
from typing import Any

from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people.models import Gender, LawfulBasis, Person, PersonState, Tier


@dataclass(frozen=True)
class Fact:
    """One column of `Person`. `values`: the enum it is chosen from, None for a text of at most `most` characters."""

    name: str
    label: str
    values: type[enum.StrEnum] | None = None
    most: int = 60
    may_be_empty: bool = True

    def read(self, text: str) -> Any:
        """The value of a text from a form. Raises `NotPossible` with what is wrong."""
        text = " ".join(text.split())
        if not text and not self.may_be_empty:
            raise NotPossible(N_("请选一个值。"))
        if self.values is not None:
            if text and text not in set(self.values):
                raise NotPossible(N_("“%(text)s”不在可选的值里，请重新选。"), text=text[:40])
            return self.values(text) if text else None
        if len(text) > self.most:
            raise NotPossible(N_("最多写%(most)s个字。"), most=self.most)
        return text

    def text_of(self, person: Person) -> str:
        """The value as a form carries it."""
        value = getattr(person, self.name)
        return "" if value is None else str(value)


FACTS = {
    fact.name: fact
    for fact in (
        Fact("tier", N_("等级"), Tier, may_be_empty=False),
        Fact("state", N_("状态"), PersonState, may_be_empty=False),
        Fact("residence", N_("常驻"), most=60),
        Fact("industry", N_("产业"), most=60),
        Fact("native_place", N_("籍贯"), most=40),
        Fact("gender", N_("性别"), Gender),
        Fact("source", N_("来源"), most=120),
        Fact("lawful_basis", N_("依据"), LawfulBasis, may_be_empty=False),
    )
}
