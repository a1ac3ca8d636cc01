"""Which column tells what: by its header and by what stands in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from yishang_crm.people.importing.cells.writing import Cell, simplified
from yishang_crm.people.importing.layout.contents import shares
from yishang_crm.people.importing.layout.headers import (
    EXTRAS,
    FIELDS,
    OTHER,
    field_of,
    is_group,
    is_somebody_else,
)
from yishang_crm.people.places import Gazetteer

# Columns that are read but are not fields themselves: parts of a name, firm with post, province beside city.
PARTS = ("surname", "given", "post", "province")
_ONE_ONLY = frozenset("name name_en gender birth organization post native_town id_number".split())
MAPPABLE = frozenset([*FIELDS, *PARTS, *EXTRAS, OTHER, ""])


@dataclass(frozen=True, slots=True)
class Column:
    """`index` from 0, `letter` as in Excel, `labels` from top to bottom; `why` is header, content, both or choice."""

    index: int
    letter: str
    labels: tuple[str, ...]
    field: str
    confidence: float
    why: str = ""

    @property
    def label(self) -> str:
        """The stacked header in one line."""
        return "／".join(self.labels)


def letter_of(index: int) -> str:
    """0 → A, 27 → AB."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def guess_columns(
    labels: Sequence[tuple[str, ...]],
    values: Sequence[Sequence[Cell]],
    gazetteer: Gazetteer,
    chosen: Mapping[int, str],
) -> list[Column]:
    """One `Column` for each column; `values[i]` are the cells below header `i`, `chosen` overrides by index."""
    # A return is a form of our own: its headers mean what they say, whatever stands below them.
    is_return = any(match[0] == "return_mark" for stacked in labels if (match := _labelled(stacked)))
    evidence = [{} if is_return else shares(cells, gazetteer) for cells in values]
    columns = [
        _by_header(index, labels[index] if index < len(labels) else (), evidence[index])
        for index in range(len(values))
    ]
    columns = _settle_names(columns, evidence)
    columns = _settle_contacts(columns)
    columns = _by_content(columns, evidence)
    columns = _settle_posts(columns, evidence)
    return [_chosen(column, chosen) for column in columns]


def _chosen(column: Column, chosen: Mapping[int, str]) -> Column:
    if column.index not in chosen:
        displaced = column.field in _ONE_ONLY and column.field in chosen.values()
        return replace(column, field=OTHER, confidence=0.5) if displaced else column
    return replace(column, field=chosen[column.index], confidence=1.0, why="choice")


def _by_header(index: int, labels: tuple[str, ...], evidence: Mapping[str, float]) -> Column:
    match = _labelled(labels)
    column = Column(index, letter_of(index), labels, "", 0.0)
    if match is None:
        return column
    field, confidence = match
    corrected = _corrected(field, labels, evidence)
    if corrected != field:
        return replace(column, field=corrected, confidence=0.7, why="content")
    return replace(column, field=field, confidence=confidence, why="header")


def _labelled(labels: tuple[str, ...]) -> tuple[str, float] | None:
    """The lowest label decides; the ones above say whose it is, or what where the lowest is silent."""
    if not labels:
        return None
    if len(labels) > 1 and any(
        is_somebody_else(label) and field_of(label) != ("weak_name", 1.0) for label in labels[:-1]
    ):
        return "contact", 0.8
    leaf = field_of(labels[-1])
    joined = field_of("".join(labels[-2:])) if len(labels) > 1 else None
    if joined and joined[0] in ("name_en", "chamber_title", "contact", "native_town"):
        return joined
    if leaf and not (leaf[1] < 0.7 and joined):
        return _under(labels[:-1], leaf)
    if joined:
        return joined[0], min(joined[1], 0.8)
    for label in reversed(labels[:-1]):
        if not is_group(label) and (match := field_of(label)):
            return match[0], 0.6
        if field_of(label) in (("phones", 1.0), ("native_place", 1.0)):
            return field_of(label)
    return leaf


def _under(groups: tuple[str, ...], leaf: tuple[str, float]) -> tuple[str, float]:
    """职务 under 商会 is an office there; 县 under 籍贯 is a native place; 市 under 所在地 a city."""
    above = simplified("".join(groups))
    if leaf[0] == "title" and ("商会" in above or "协会" in above or "会内" in above):
        return "chamber_title", leaf[1]
    if leaf[0] in ("city", "province", "region") and any(
        word in above for word in ("籍贯", "家乡", "祖籍", "户籍")
    ):
        return "native_place", leaf[1]
    return leaf


def _corrected(field: str, labels: tuple[str, ...], evidence: Mapping[str, float]) -> str:
    """What the values insist on against the header; needs three values at least to be heard."""

    def share(kind: str) -> float:
        return evidence.get(kind, 0.0)

    if not evidence or evidence["count"] < 3 or field in ("note", "contact"):
        return field
    if share("id_number") >= 0.6:
        return "id_number"
    if (
        field not in ("phones", OTHER, "wechat")
        and share("phones") >= 0.8
        and share(_NATURAL.get(field, field)) < 0.3
    ):
        return "phones"
    label = "".join(labels)
    for fields, insists, target in _FINER:
        if field in fields and insists(share, label):
            return target
    return _plainly_other(field, share) or field


def _plainly_other(field: str, share: "Share") -> str | None:
    """同手机, 保密 and the like stand in such columns too, so only what is plainly something else moves."""
    own = share(_NATURAL.get(field, field)) + (share("numbers") if field == "phones" else 0)
    if own >= 0.1 or field not in _PATTERNED | _WORDED:
        return None
    kinds, least = (_PLAINLY, 0.8) if field in _PATTERNED else (_PLAINLY[:3], 0.9)
    return next((target for kind, target in kinds if share(kind) >= least and target != field), None)


Share = Callable[[str], float]
# Headers often used for something near: by header, what the values must show, what the column is then.
_FINER: tuple[tuple[tuple[str, ...], Callable[[Share, str], bool], str], ...] = (
    (("phones",), lambda s, _: s("phones") + s("numbers") < 0.2 and s("email") >= 0.6, "email"),
    (
        ("region", "city", "province"),
        lambda s, _: s("native_place") >= 0.7 and s("city") < 0.5,
        "native_place",
    ),
    (("region",), lambda s, label: s("region") < 0.5 and s("city") >= 0.6 and "国" not in label, "city"),
    (("native_town",), lambda s, _: s("town") < 0.3 and s("native_place") >= 0.7, "native_place"),
    (("title",), lambda s, _: s("gender") >= 0.8, "gender"),
    (("title",), lambda s, _: s("organization") >= 0.8 and s("title") + s("post") < 0.2, "organization"),
    (("organization",), lambda s, _: s("title") >= 0.8, "title"),
    (("organization",), lambda s, _: s("name") >= 0.8 and s("organization") < 0.1, "name"),
    (("name", "weak_name"), lambda s, _: s("strong_organization") >= 0.7, "organization"),
    (("email",), lambda s, _: s("phones") >= 0.6, "phones"),
    (("gender",), lambda s, _: s("gender") < 0.1 and s("title") >= 0.6, "title"),
)
_PATTERNED = frozenset("phones email gender birth".split())
_WORDED = frozenset("organization title native_place city industry chamber_title".split())
_PLAINLY = (
    ("email", "email"),
    ("strong_organization", "organization"),
    ("native_place", "native_place"),
    ("gender", "gender"),
    ("birth", "birth"),
    ("title", "title"),
    ("name", "name"),
)
_NATURAL = {"weak_name": "name", "post": "organization", "native_town": "town"}


def _settle_names(columns: list[Column], evidence: list[dict[str, float]]) -> list[Column]:
    """One column holds the name; a second one in Latin letters is the English name, others stay aside."""
    named = [column for column in columns if column.field == "name"]
    weak = [column for column in columns if column.field == "weak_name"]
    parts = {column.field for column in columns} & {"surname", "given"}
    if not named and weak and parts != {"surname", "given"}:
        named, weak = (
            _best_name(weak, evidence)[:1],
            [column for column in weak if column is not _best_name(weak, evidence)[0]],
        )
    settled = list(columns)
    for column in _best_name(named, evidence)[1:]:
        english = evidence[column.index].get("name_en", 0) >= 0.5
        settled[column.index] = replace(column, field="name_en" if english else OTHER, confidence=0.6)
    for column in named[:0] + weak:
        settled[column.index] = replace(column, field="contact")
    for column in _best_name(named, evidence)[:1]:
        settled[column.index] = replace(column, field="name")
    if len(parts) == 1 and not (named and "surname" in parts):
        settled = [replace(c, field="name") if c.field in parts and not named else c for c in settled]
    return settled


def _best_name(named: list[Column], evidence: list[dict[str, float]]) -> list[Column]:
    return sorted(named, key=lambda c: (-evidence[c.index].get("name", 0) - 0.05 * c.confidence, c.index))


def _settle_contacts(columns: list[Column]) -> list[Column]:
    """联系人电话 is the guest's own where no other phone is told, and where 联系人 is the guest."""
    if any(column.field == "phones" for column in columns):
        return columns
    return [
        replace(column, field="phones", confidence=0.6)
        if column.field == "contact"
        and any(match and match[0] == "phones" for match in map(_phone_label, column.labels))
        else column
        for column in columns
    ]


def _phone_label(label: str) -> tuple[str, float] | None:
    return (
        ("phones", 1.0)
        if any(word in label for word in ("电话", "電話", "手机", "手機", "方式"))
        else field_of(label)
    )


# What a column without a header may be, most certain kinds first: (field, evidence, least share, one only).
_GUESSES = (
    ("id_number", "id_number", 0.6, True),
    ("email", "email", 0.6, True),
    ("phones", "phones", 0.6, False),
    ("gender", "gender", 0.8, True),
    ("post", "post", 0.6, True),
    ("chamber_title", "chamber_title", 0.7, True),
    ("title", "title", 0.6, True),
    ("organization", "organization", 0.6, True),
    ("birth", "birth", 0.7, True),
    ("native_place", "native_place", 0.6, True),
    ("region", "region", 0.8, True),
    ("city", "city", 0.7, True),
    ("phones", "numbers", 0.8, False),
    ("native_town", "town", 0.7, True),
    ("name_en", "name_en", 0.7, True),
    ("industry", "industry", 0.6, True),
)


def _by_content(columns: list[Column], evidence: list[dict[str, float]]) -> list[Column]:
    settled = list(columns)
    taken = {column.field for column in columns}
    free = [column for column in columns if not column.field and evidence[column.index]]
    if "name" not in taken and taken.isdisjoint({"given", "surname"}):
        names = [c for c in free if _could_name(evidence[c.index])]
        if names:
            best = max(
                names, key=lambda c: (evidence[c.index]["name"] * evidence[c.index]["distinct"], -c.index)
            )
            settled[best.index] = replace(
                best, field="name", confidence=evidence[best.index]["name"] * 0.8, why="content"
            )
            taken.add("name")
    for field, kind, least, only_one in _GUESSES:
        for column in free:
            share = evidence[column.index].get(kind, 0.0)
            if settled[column.index].field or share < least or (only_one and field in taken):
                continue
            if field in ("phones", "birth") and evidence[column.index]["serial"] >= 0.8:
                continue
            if field in ("organization", "title", "name_en") and "post" in taken:
                continue
            settled[column.index] = replace(column, field=field, confidence=share * 0.7, why="content")
            taken.add(field)
    return settled


def _could_name(evidence: Mapping[str, float]) -> bool:
    return evidence["name"] >= 0.6 and (evidence["distinct"] >= 0.5 or evidence["count"] < 6)


def _settle_posts(columns: list[Column], evidence: list[dict[str, float]]) -> list[Column]:
    """职务 that holds nothing but 会长 and 理事 beside a column with the firm's post is the chamber's."""
    fields = {column.field for column in columns}
    if "chamber_title" in fields:
        return columns
    settled = list(columns)
    titles = [column for column in columns if column.field == "title"]
    told = (
        "post" in fields
        or len(titles) > 1
        or any(evidence[c.index].get("post", 0) > 0.3 for c in columns if c.field == "organization")
    )
    for column in titles:
        if told and evidence[column.index].get("chamber_title", 0) >= 0.8 and column.why != "choice":
            settled[column.index] = replace(column, field="chamber_title", confidence=0.7, why="content")
            break
    return settled
