"""What each row of a file would do to the database: create, update, unchanged, conflict, error.

A row is met with the people the actor may see and with the rows before it, one after another, so that checking a whole
file and writing it portion by portion come to the same end.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from yishang_crm.core.actor import Actor
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_
from yishang_crm.people import names
from yishang_crm.people.birthdays import as_listed, from_list, says_no_more
from yishang_crm.people.importing import Problem
from yishang_crm.people.importing.beside import COMPANIONS
from yishang_crm.people.importing.returned import MARK, UNTOUCHED, token_in
from yishang_crm.people.models.brought import ConflictRule, RowOutcome
from yishang_crm.people.places.localities import adds_nothing
from yishang_crm.people.queries.additions import compare_additions, note_with
from yishang_crm.people.queries.erased import find_erased
from yishang_crm.people.queries.known import COLUMNS, Known, People, Post, cut
from yishang_crm.people.returned import Meant, meant_by

AT_ONCE = 500

GENDERS = {"男": "male", "女": "female"}
_GENDERS_SAID = {value: said for said, value in GENDERS.items()}

# Kinds of conflict. Of the first two a person may say who it is, of the last that its values stand after all; the others
# are settled elsewhere.
NAME, SUSPECT, REPEATED, SEVERAL, ELSEWHERE, SINCE, LATE = (
    "name", "suspect", "repeated", "several", "elsewhere", "since", "late",
)  # fmt: skip


@dataclass
class Assessed:
    """One person's row: what it says, what it would do (`changes`: field → [old, new]), and why not.

    `met` is whom it means; `leave_out` are addresses that are not written though the row is; `confirms`: the row of a return
    that is still being worked through, so that writing it confirms the person.
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
    confirms: bool = field(default=False, compare=False)
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
        meant = meant_by(actor, {token_in(row.fields[MARK]) for row in some if MARK in row.fields})
        for row in some:
            row.key = names.simplified_key(row.fields.get("name", ""))
        people.look_up(
            phones={phone for row in some for phone in _phones(row)},
            mails={mail for row in some for mail in _mails(row).values()},
            keys={row.key for row in some if row.key},
            ids={one.person_id for one in meant.values() if one.person_id is not None},
        )
        for row in some:
            if not (MARK in row.fields and _decide_returned(row, meant, people, terms or Terms())):
                _decide(row, people, terms or Terms())
                _doubt_newcomer(row)
        find_erased(some)
    return rows


def settle(row: Assessed, decision: str) -> None:
    """What a person decided about a conflict, applied to the row as it now is.

    `ours` keeps the database's values, `new` takes the file's, `separate` says that it is somebody else; a number
    that the other one holds is then not written twice.
    """
    if decision == "ours":
        row.be(RowOutcome.UNCHANGED)
    elif row.outcome != RowOutcome.CONFLICT or row.doubt not in (NAME, SUSPECT, LATE):
        return
    elif decision == "new" and row.person_id is not None:
        row.be(RowOutcome.UPDATE if row.changes else RowOutcome.UNCHANGED)
    elif decision == "separate":
        held = row.met.phones if row.met is not None else set()
        row.fields = row.fields | {
            "phones": [phone for phone in row.fields.get("phones", ()) if Sealed(phone) not in held]
        }
        row.changes, row.person_id, row.met = {}, None, None
        row.be(RowOutcome.CREATE)


# Rows of a yearly return


def _decide_returned(row: Assessed, meant: Mapping[str, Meant], people: People, terms: Terms) -> bool:
    """Meet the row with whom its id means. False where the id is not ours: then it proves nothing, and the row is met as any other."""
    told = meant.get(token_in(row.fields[MARK]))
    if told is None:
        row.reasons.append(Problem(N_("识别码对不上：动过，或者人已合并；这一行改按姓名和号码核对。")))
        return False
    one = people.of_id(told.person_id)
    if one is None:
        sentence = N_("识别码上的人不在您的名单上，这一行不写；请交给联系他的单位。")
        row.be(RowOutcome.CONFLICT, doubt=ELSEWHERE, reason=Problem(sentence))
        return True
    row.met, row.person_id, row.confirms = one, one.person_id, told.is_open
    _compare_returned(row, one, people, terms)
    _weigh_returned(row, one, people, is_open=told.is_open)
    return True


def _compare_returned(row: Assessed, one: Known, people: People, terms: Terms) -> None:
    """Only what somebody wrote anew counts: the rest may have changed here since the sheet was handed out."""
    as_they_were = set(row.fields.get(UNTOUCHED, ()))
    as_they_were |= {beside for name in as_they_were for beside in COMPANIONS.get(name, ())}
    anew = {name: said for name, said in row.fields.items() if name not in as_they_were}
    anew.setdefault("name", one.name)
    whole = row.fields | {"name": anew["name"]}
    row.fields, row.key = anew, names.simplified_key(anew["name"])
    _look_at_mail(row, one, people)
    _compare(row, one, terms)
    if anew["name"] != one.name:
        row.changes["name"] = [one.name, anew["name"]]
    row.fields = whole


def _weigh_returned(row: Assessed, one: Known, people: People, *, is_open: bool) -> None:
    fresh = [Sealed(phone) for phone in row.changes.get("phones", ["", ()])[1]]
    if _is_replaced(row, one):
        sentence = N_("识别码是“%(name)s”的，姓名和号码都换了：是改名换号，还是另填了一个人？")
        row.be(RowOutcome.CONFLICT, doubt=NAME, reason=Problem(sentence, name=one.name))
    elif people.holders(fresh):
        row.be(RowOutcome.CONFLICT, doubt=SEVERAL, reason=Problem(N_("几个号码分属库中几个人，请先核对。")))
    elif unit := people.unit_of(fresh):
        _is_elsewhere(row, unit)
    elif row.changes and not is_open:
        sentence = N_("这张表属于已经结束的核对，改动没有自动采用；确实要改，选“用新”。")
        row.be(RowOutcome.CONFLICT, doubt=LATE, reason=Problem(sentence))
    elif row.changes:
        row.be(RowOutcome.UPDATE)
        row.reasons += _what_stays(row, one)
        people.learn(one, fresh)
    else:
        sentence = (
            N_("没有改动，写入时记为已核对。") if is_open else N_("没有改动；那一轮核对已经结束，不再计入。")
        )
        row.be(RowOutcome.UNCHANGED, reason=Problem(sentence))


def _is_replaced(row: Assessed, one: Known) -> bool:
    """Whether somebody else seems to have been written into the row: another name, and no number of the one before."""
    if row.key == one.key:
        return False
    phones = _phones(row)
    return one.phones.isdisjoint(phones) if phones else not _is_alike(row, one)


def _what_stays(row: Assessed, one: Known) -> list[str]:
    # A file adds and never takes away: whoever left a number out may not have meant that it is dead.
    told = []
    if "phones" in row.changes and one.phones:
        told.append(Problem(N_("新号码加上，原来的还留着；停用的请在其页面标为空号。")))
    if "organization" in row.changes and one.posts:
        told.append(Problem(N_("新的任职加上，原来的还留着；已离任的请在其页面改。")))
    return told


def _doubt_newcomer(row: Assessed) -> None:
    """A row that claims to be somebody of the house, and is like nobody, is not added without a person's word."""
    if MARK in row.fields and row.outcome == RowOutcome.CREATE:
        sentence = N_("库里没有对得上的人；确是新人，选“另是一人”。")
        row.be(RowOutcome.CONFLICT, doubt=SUSPECT, reason=Problem(sentence))


# Rows of any file


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
    for typed, mail in _mails(row).items():
        if one is not None and mail in one.emails:
            continue
        holder = people.mail_of(mail)
        if holder is not None and holder is not one:
            row.leave_out.add(typed)
            row.reasons.append(Problem(N_("邮箱已记在“%(name)s”名下，没有再记。"), name=holder.name))
        elif holder is None and people.unit_of([mail]):
            row.leave_out.add(typed)
            row.reasons.append(Problem(N_("邮箱已记在别的单位联系的人名下，没有再记。")))


def _phones(row: Assessed) -> list[Sealed]:
    # Compared sealed: what the database holds is not opened for the sake of a comparison.
    return [Sealed(phone) for phone in row.fields.get("phones", ())]


def _mails(row: Assessed) -> dict[str, Sealed]:
    """The row's addresses as typed, each as it is kept."""
    mails = [row.fields.get("email", ""), *row.fields.get("more_emails", ())]
    return {mail: Sealed(mail.casefold()) for mail in mails if mail}


def _is_alike(row: Assessed, one: Known) -> bool:
    firm = names.simplified_key(row.fields.get("organization", ""))[:120]
    if firm and any(firm == post.key for post in one.posts):
        return True
    same_place = row.fields.get("native_place") == one.told["native_place"] != ""
    year = from_list(row.fields.get("birth", "")).year
    return bool(same_place and year and year == one.born.year)


def _compare(row: Assessed, one: Known, terms: Terms) -> None:
    replaces = terms.let_the_file(one)
    for name, column in COLUMNS.items():
        new, old = _new(row, name), one.told[column]
        if name == "city" and (not old or adds_nothing(new, old)):
            # The country a list tells is where nothing nearer is known; another spelling of a place is no news.
            new = "" if old else _residence(row)
        if new and new != old and (replaces or not old):
            row.changes[name] = [_GENDERS_SAID.get(old, old), _GENDERS_SAID.get(new, new)]
    _compare_birth(row, one, replaces=replaces)
    fresh = [phone for phone in row.fields.get("phones", ()) if Sealed(phone) not in one.phones]
    if fresh:
        row.changes["phones"] = ["", fresh]
    mail = row.fields.get("email", "")
    if mail and Sealed(mail.casefold()) not in one.emails and mail not in row.leave_out:
        row.changes["email"] = ["", mail]
    compare_additions(row, one, row.fields)
    _compare_posts(row, one, replaces=replaces)


def _compare_birth(row: Assessed, one: Known, *, replaces: bool) -> None:
    """A date and its calendar are one value: the same digits by the other calendar are another day."""
    told = from_list(row.fields.get("birth", ""))
    if told.year is None or says_no_more(told, one.born):
        return
    if told.month is None and one.born.month is not None:
        if one.born.year is not None:
            sentence = N_("文件只写了生年%(year)s，与库中的不同，没有改。")
            row.reasons.append(Problem(sentence, year=told.year))
            return
        told = replace(one.born, year=told.year)
    if replaces or not one.birth:
        row.changes["birth"] = [one.birth, as_listed(told)]


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


def _residence(row: Assessed) -> str:
    return cut("residence", row.fields.get("city") or row.fields.get("region") or "")


def _of_row(row: Assessed) -> Known:
    """Somebody whom the file brings: the rows below are met with them, too."""
    firm = row.fields.get("organization", "")
    return Known(
        name=row.fields["name"],
        key=row.key,
        told={column: _new(row, name) for name, column in COLUMNS.items()} | {"residence": _residence(row)},
        born=from_list(row.fields.get("birth", "")),
        row=row.row,
        phones=set(_phones(row)),
        phones_of_others={Sealed(phone) for phone in row.fields.get("phones_of_others", ())},
        emails={mail for typed, mail in _mails(row).items() if typed not in row.leave_out},
        wechats={Sealed(row.fields["wechat"])} if row.fields.get("wechat") else set(),
        former_names=row.fields.get("former_name", ""),
        note=note_with("", row.fields),
        posts=[Post(None, names.simplified_key(firm)[:120], row.fields.get("title", "")[:80])]
        if firm
        else [],
    )
