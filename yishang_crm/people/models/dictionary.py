"""Words that an office may dispute: honours of firms, offices of chambers, kinds of relation; each 待核定 until confirmed."""

import enum
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.words import N_


class Dictionary(enum.StrEnum):
    """Which list a word stands in."""

    HONOUR = "honour"
    OFFICE = "office"
    RELATION = "relation"


class DictionaryWord(Table, table=True):
    """One word. `other` is the other direction of a relation: 老师 and 学生; the same word where both are equal."""

    __tablename__ = "dictionary_word"
    __recorded__: ClassVar[bool] = True
    __table_args__ = (sa.UniqueConstraint("dictionary", "name", "other"),)

    id: int | None = Field(default=None, primary_key=True)
    dictionary: Dictionary = Field(sa_column=choice(Dictionary, nullable=False))
    name: str = Field(max_length=30)
    other: str = Field(default="", max_length=30)
    display_order: int = 0
    confirmed_at: Moment | None = None
    confirmed_by: str = Field(default="", max_length=60)
    closed_at: Moment | None = None
    version: int = 1

    @property
    def is_symmetrical(self) -> bool:
        return self.name == self.other

    def must_make_sense(self) -> None:
        if not self.name:
            raise NotPossible(N_("请写上词条。"))
        if self.dictionary == Dictionary.RELATION and not self.other:
            raise NotPossible(N_("关系要写两头：他是此人的什么，此人又是他的什么。两头一样就写两遍。"))

    def edit(self, *, version: int, name: str, other: str, display_order: int) -> None:
        """Raises `Stale` when somebody saved in between."""
        if version != self.version:
            theirs = {"name": self.name, "other": self.other, "display_order": self.display_order}
            raise Stale(N_("您打开这一页以后，别人已经改过。请对照后再保存。"), theirs)
        self.name, self.other, self.display_order = name, other, display_order
        self.must_make_sense()
        self.version += 1

    def confirm(self, *, version: int, at: Moment, by: str) -> None:
        if version != self.version:
            raise NotPossible(N_("“%(name)s”刚被别人改过，请看过现在的写法再核定。"), name=self.name)
        self.confirmed_at, self.confirmed_by = at, by
        self.version += 1

    def close(self, *, at: Moment) -> None:
        """No longer offered; what bears it keeps it."""
        if self.closed_at:
            raise NotPossible(N_("“%(name)s”已经停用。"), name=self.name)
        self.closed_at = at
        self.version += 1

    def reopen(self) -> None:
        if not self.closed_at:
            raise NotPossible(N_("“%(name)s”没有停用。"), name=self.name)
        self.closed_at = None
        self.version += 1


# What an office is offered (domain.md §1.5, §1.7); the table is what counts.
OFFERED: dict[Dictionary, tuple[tuple[str, str], ...]] = {
    Dictionary.HONOUR: tuple(
        (name, "")
        for name in ("世界500强", "中国企业500强", "中国民营企业500强", "中国制造业企业500强", "上市公司", "专精特新“小巨人”")
    ),
    Dictionary.OFFICE: tuple(
        (name, "")
        for name in (
            "会长", "执行会长", "常务副会长", "副会长", "监事长", "秘书长", "副秘书长", "常务理事", "理事", "监事", "名誉会长", "会员",
        )
    ),
    Dictionary.RELATION: (
        ("同学", "同学"), ("老师", "学生"), ("战友", "战友"), ("朋友", "朋友"), ("配偶", "配偶"), ("父母", "子女"),
        ("兄弟姐妹", "兄弟姐妹"), ("亲戚", "亲戚"), ("合伙人", "合伙人"), ("老同事", "老同事"), ("上级", "下级"), ("介绍人", "被介绍人"),
    ),
}  # fmt: skip
