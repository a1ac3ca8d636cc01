"""The morning digest: what is due and overdue, in the reader's language."""

from collections.abc import Iterator

from flask_babel import force_locale
from flask_babel import gettext as _

from yishang_crm.accounts.models import User
from yishang_crm.followup import words
from yishang_crm.followup.queries import Owed, TaskRow, Today
from yishang_crm.outbox.door import Addressee, Letter
from yishang_crm.outbox.words import inert

MOST_LINES = 20


def recipient(user: User) -> Addressee:
    return Addressee(name=user.name, address=user.email, language=user.language)


def digest(user: User, morning: Today, *, address: str) -> Letter:
    """What is due by today and who is past their day; `address` is the page where it is acted on."""
    with force_locale(user.language):
        return Letter(
            purpose="digest",
            about=f"{user.id}:{morning.day.isoformat()}",
            subject=_subject(morning),
            body_text="\n".join(_lines(user, morning, address)),
            is_automatic=True,
        )


def _subject(morning: Today) -> str:
    if not morning.counts.due and not morning.owed_counts.overdue:
        return _("今日：有资料等您核对")
    if not morning.counts.due:
        return _("今日：%(count)s人该联系了", count=morning.owed_counts.overdue)
    if not morning.counts.overdue:
        return _("今日：%(count)s件要办", count=morning.counts.due)
    return _("今日：%(count)s件要办，%(late)s件过期", count=morning.counts.due, late=morning.counts.overdue)


def _lines(user: User, morning: Today, address: str) -> list[str]:
    lines = [_("%(name)s，早上好。", name=inert(user.name)), ""]
    if morning.tasks:
        lines += [_("今天要办"), *(_task(row, morning) for row in morning.tasks[:MOST_LINES])]
        lines += _rest(morning.counts.due - min(len(morning.tasks), MOST_LINES))
    late = [one for one in morning.owed if one.cadence.days_over(morning.day) > 0][:MOST_LINES]
    if late:
        lines += [_("该联系了"), *(_owed(one, morning) for one in late)]
        lines += _rest(morning.owed_counts.overdue - len(late))
    if morning.has_records_to_check:
        lines += [_("核对资料"), *_to_check(morning), ""]
    return [*lines, _("在这里办理：%(address)s", address=address), ""]


def _task(row: TaskRow, morning: Today) -> str:
    said = words.due(row.task.due_on, row.task.due_time, today=morning.day)
    over = row.task.days_over(morning.day)
    late = _("（过期%(days)s天）", days=over) if over > 0 else ""
    who = f" · {inert(row.person_name)}" if row.person_name else ""
    return f"- {said}{late} {inert(row.task.what)}{who}"


def _owed(one: Owed, morning: Today) -> str:
    days = one.cadence.days_over(morning.day)
    return "- " + _("%(name)s，超%(days)s天", name=inert(one.person.name), days=days)


def _to_check(morning: Today) -> Iterator[str]:
    for share in morning.shares:
        said = _("%(name)s：还有%(count)s人没有核对", name=inert(share.name), count=share.waiting)
        over = (morning.day - share.due_on).days
        late = _("（过期%(days)s天）", days=over) if over > 0 else ""
        yield f"- {said}{late}"
    if morning.proposals:
        yield "- " + _("本人提出的修改%(count)s处等处理", count=words.many_proposals(morning.proposals))


def _rest(count: int) -> list[str]:
    return [_("另有%(count)s项", count=count), ""] if count > 0 else [""]
