"""What each row of a file would do to the database: create, update, unchanged, conflict, error.

A row is met with the people the actor may see and with the rows before it, one after another, so that checking a whole
file and writing it portion by portion come to the same end.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from yishang_crm.core.actor import Actor
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_
from yishang_crm.people import names
from yishang_crm.people.importing import Problem
from yishang_crm.people.models.brought import ConflictRule, RowOutcome
from yishang_crm.people.queries.erased import find_erased
from yishang_crm.people.queries.known import COLUMNS, Known, People, Post, cut

AT_ONCE = 500

GENDERS = {"男": "male", "女": "female"}
_GENDERS_SAID = {value: said for said, value in GENDERS.items()}

# Kinds of conflict. Of the first two a person may say who it is; the others are settled elsewhere.
NAME, SUSPECT, REPEATED, SEVERAL, ELSEWHERE, SINCE = (
    "name", "suspect", "repeated", "several", "elsewhere", "since",
)  # fmt: skip


@dataclass
class Assessed:
    """One person's row: what it says, what it would do (`changes`: field → [old, new]), and why not.

    `met` is whom it means; `leave_out` are fields that are not written though the row is.
    """

    sheet: str
    row: int
    fields: dict[str, Any]
    outcome: RowOutcome = RowOutcome.CREATE
    person_id: int | None = None
    doubt: str = ""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    leave_out: set[str] = field(default_factory=set)
    met: Known | None = field(default=None, repr=False, compare=False)
    key: str = field(default="", repr=False, compare=False)

    def be(self, outcome: RowOutcome, *, doubt: str = "", reason: str | None = None) -> None:
        self.outcome, self.doubt = outcome, doubt
        if reason:
            self.reasons.append(reason)


@dataclass(frozen=True)
class Terms:
    """Whose value stands where both have one; `as_of` is the day of the file."""

    rule: ConflictRule = ConflictRule.FILE
    as_of: dt.date | None = None

    def let_the_file(self, one: Known) -> bool:
        """Whether the file's value replaces one that we have."""
        if self.rule == ConflictRule.NEWER and self.as_of and one.confirmed_on:
            return one.confirmed_on < self.as_of
        return self.rule != ConflictRule.FILL


def assess(
    actor: Actor, rows: Iterable[Assessed], terms: Terms | None = None, *, hold: bool = False
) -> list[Assessed]:
    """Decide the outcome of every row. Reads only; `rows` are changed in place and returned.

    `hold`: whom the rows mean stays as it is until this transaction ends, because they are written next.
    """
    rows = list(rows)
    people = People(actor, hold=hold)
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        for row in some:
            row.key = names.simplified_key(row.fields.get("name", ""))
        people.look_up(
            phones={phone for row in some for phone in _phones(row)},
            mails={mail for row in some if (mail := _mail(row))},
            keys={row.key for row in some if row.key},
        )
        for row in some:
            _decide(row, people, terms or Terms())
        find_erased(some)
    return rows


def settle(row: Assessed, decision: str) -> None:
    """What a person decided about a conflict, applied to the row as it now is.

    `ours` keeps the database's values, `new` takes the file's, `separate` says that it is somebody else; a number
    that the other one holds is then not written twice.
    """
    if decision == "ours":
        row.be(RowOutcome.UNCHANGED)
    elif row.outcome != RowOutcome.CONFLICT or row.doubt not in (NAME, SUSPECT):
        return
    elif decision == "new" and row.person_id is not None:
        row.be(RowOutcome.UPDATE if row.changes else RowOutcome.UNCHANGED)
    elif decision == "separate" and row.met is not None:
        held = row.met.phones
        row.fields = row.fields | {
            "phones": [phone for phone in row.fields.get("phones", ()) if Sealed(phone) not in held]
        }
        row.changes, row.person_id, row.met = {}, None, None
        row.be(RowOutcome.CREATE)


def _decide(row: Assessed, people: People, terms: Terms) -> None:
    if not row.key:
        row.be(RowOutcome.ERROR, reason=None if row.problems else Problem(N_("没有姓名。")))
        return
    phones = _phones(row)
    holders = people.holders(phones)
    if len(holders) > 1:
        row.be(RowOutcome.CONFLICT, doubt=SEVERAL, reason=Problem(N_("几个号码分属库中几个人，请先核对。")))
        return
    if not holders and (unit := people.unit_of(phones)):
        _is_elsewhere(row, unit)
        return
    one = holders[0] if holders else people.alike(row.key, lambda other: _is_alike(row, other))
    if one is None:
        row.be(RowOutcome.CREATE)
        _look_at_mail(row, None, people)
        people.add(_of_row(row))
        return
    doubt = ""
    if holders and one.key != row.key:
        doubt = NAME
    elif not holders and one.phones and phones:
        doubt = SUSPECT
    _meet(row, one, doubt, people, terms)


def _meet(row: Assessed, one: Known, doubt: str, people: People, terms: Terms) -> None:
    row.met, row.person_id = one, one.person_id
    _look_at_mail(row, one, people)
    _compare(row, one, terms)
    if doubt == NAME:
        row.changes["name"] = [one.name, row.fields["name"]]
    if unit := people.unit_of([Sealed(phone) for phone in row.changes.get("phones", ["", ()])[1]]):
        _is_elsewhere(row, unit)
    elif one.row is not None:
        _repeats(row, one.row, doubt)
    elif doubt:
        row.be(RowOutcome.CONFLICT, doubt=doubt, reason=Problem(_DOUBTS[doubt]))
    else:
        row.be(RowOutcome.UPDATE if row.changes else RowOutcome.UNCHANGED)
        people.learn(one, _phones(row))


_DOUBTS = {
    NAME: N_("手机与库中一致，姓名不同。"),
    SUSPECT: N_("与库中同名同单位，手机不同，疑似同一人。"),
}


def _repeats(row: Assessed, before: int, doubt: str) -> None:
    if doubt == NAME:
        row.be(
            RowOutcome.CONFLICT,
            doubt=NAME,
            reason=Problem(N_("手机与第%(row)s行相同，姓名不同。"), row=before),
        )
    elif doubt == SUSPECT:
        reason = Problem(N_("与第%(row)s行同名同单位，手机不同，疑似同一人。"), row=before)
        row.be(RowOutcome.CONFLICT, doubt=SUSPECT, reason=reason)
    else:
        outcome = RowOutcome.CONFLICT if row.changes else RowOutcome.UNCHANGED
        row.be(
            outcome,
            doubt=REPEATED if row.changes else "",
            reason=Problem(N_("与第%(row)s行是同一人。"), row=before),
        )


def _is_elsewhere(row: Assessed, unit: str) -> None:
    # Across units only that somebody exists and whom to ask.
    row.met, row.person_id, row.changes = None, None, {}
    sentence = N_("库中已有此人，由%(unit)s联系；请找该单位协商共享，不另建。")
    row.be(RowOutcome.CONFLICT, doubt=ELSEWHERE, reason=Problem(sentence, unit=unit))


def _look_at_mail(row: Assessed, one: Known | None, people: People) -> None:
    """A mail address is one person's; a shared one is not written to a second, and the row says so."""
    mail = _mail(row)
    if mail is None or (one is not None and mail in one.emails):
        return
    holder = people.mail_of(mail)
    if holder is not None and holder is not one:
        row.leave_out.add("email")
        row.reasons.append(Problem(N_("邮箱已记在“%(name)s”名下，没有再记。"), name=holder.name))
    elif holder is None and people.unit_of([mail]):
        row.leave_out.add("email")
        row.reasons.append(Problem(N_("邮箱已记在别的单位联系的人名下，没有再记。")))


def _phones(row: Assessed) -> list[Sealed]:
    # Compared sealed: what the database holds is not opened for the sake of a comparison.
    return [Sealed(phone) for phone in row.fields.get("phones", ())]


def _mail(row: Assessed) -> Sealed | None:
    mail = row.fields.get("email", "")
    return Sealed(mail.casefold()) if mail else None


def _is_alike(row: Assessed, one: Known) -> bool:
    firm = names.simplified_key(row.fields.get("organization", ""))[:120]
    if firm and any(firm == post.key for post in one.posts):
        return True
    same_place = row.fields.get("native_place") == one.told["native_place"] != ""
    birth = row.fields.get("birth", "")
    return bool(same_place and birth and one.birth.startswith(birth[:4]))


def _compare(row: Assessed, one: Known, terms: Terms) -> None:
    replaces = terms.let_the_file(one)
    for name, column in COLUMNS.items():
        new, old = _new(row, name), one.told[column]
        if new and new != old and (replaces or not old):
            row.changes[name] = [_GENDERS_SAID.get(old, old), _GENDERS_SAID.get(new, new)]
    birth = row.fields.get("birth", "")
    if birth and not one.birth.startswith(birth) and (replaces or not one.birth):
        row.changes["birth"] = [one.birth, birth]
    fresh = [phone for phone in row.fields.get("phones", ()) if Sealed(phone) not in one.phones]
    if fresh:
        row.changes["phones"] = ["", fresh]
    mail = _mail(row)
    if mail and mail not in one.emails and "email" not in row.leave_out:
        row.changes["email"] = ["", row.fields["email"]]
    _compare_posts(row, one, replaces=replaces)


def _compare_posts(row: Assessed, one: Known, *, replaces: bool) -> None:
    firm = row.fields.get("organization", "")
    if not firm or (one.posts and not replaces):
        return
    key, title = names.simplified_key(firm)[:120], row.fields.get("title", "")[:80]
    held = next((post.title for post in one.posts if post.key == key), None)
    if held is None:
        row.changes["organization"] = ["", firm]
    if title and title != (held or ""):
        row.changes["title"] = [held or "", title]


def _new(row: Assessed, name: str) -> str:
    text = row.fields.get(name, "")
    return GENDERS.get(text, cut(COLUMNS[name], text))


def _of_row(row: Assessed) -> Known:
    """Somebody whom the file brings: the rows below are met with them, too."""
    firm = row.fields.get("organization", "")
    mail = _mail(row) if "email" not in row.leave_out else None
    return Known(
        name=row.fields["name"],
        key=row.key,
        told={column: _new(row, name) for name, column in COLUMNS.items()},
        birth=row.fields.get("birth", ""),
        row=row.row,
        phones=set(_phones(row)),
        emails={mail} if mail else set(),
        posts=[Post(None, names.simplified_key(firm)[:120], row.fields.get("title", "")[:80])]
        if firm
        else [],
    )
