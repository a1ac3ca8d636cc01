"""What the ledger of messages knows of one person: to whom, where, what; told whole, and emptied."""

import hashlib
from collections.abc import Iterable, Sequence

from flask import current_app

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.known import Chapter, Forgetting, Part, Weight, knows
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_
from yishang_crm.outbox import queries, registry
from yishang_crm.outbox.models import Message, State
from yishang_crm.outbox.reading import STATES
from yishang_crm.outbox.transport import mailbox_folder

WHY = N_("按本人要求删除个人信息。")
_ON_THE_WAY = (State.SENDING, State.IN_DOUBT)


def open_known() -> None:
    """Leave this room's part where the ground looks."""
    knows(Part("outbox", tell=tell, forget=forget, weigh=weigh, hinders=hinders))


def hinders(_actor: Actor, person_id: int) -> Iterable[NotPossible]:
    for message in queries.messages_to(person_id):
        if message.state in _ON_THE_WAY:
            yield NotPossible(
                N_("有一封信“%(subject)s”正在发出或者说不准发出没有，请先在待发里处理。"),
                subject=message.subject,
            )


def weigh(_actor: Actor, person_id: int) -> Iterable[Weight]:
    yield N_("%(count)s封信的收件人、地址和正文"), len(queries.messages_to(person_id))


def tell(_actor: Actor, person_id: int) -> Iterable[Chapter]:
    rows = [
        (
            local(message.sent_at or message.created_at).date(),
            registry.label_of_purpose(message.purpose),
            message.address,
            message.subject,
            message.body_text,
            STATES[message.state][1],
        )
        for message in queries.messages_to(person_id)
    ]
    heads = (N_("日期"), N_("事由"), N_("地址"), N_("标题"), N_("正文"), N_("状态"))
    yield Chapter(N_("发给本人的信"), heads, rows)


def forget(_actor: Actor, forgetting: Forgetting) -> None:
    """Rows, states and times stay: how many letters went out is still so. What was not sent goes out no more."""
    for message in queries.messages_to(forgetting.subject_id):
        if message.state in (State.HELD, State.QUEUED, State.FAILED):
            message.cancel(reason=WHY)
        _empty(message, forgetting)
    for message in queries.messages_saying(_numbers(forgetting.words), digests_saying=forgetting.words):
        forgetting.touch(message)
        message.subject = forgetting.cleaned(message.subject)
        message.body_text = forgetting.cleaned(message.body_text)
        message.body_html = forgetting.cleaned(message.body_html)


def _empty(message: Message, forgetting: Forgetting) -> None:
    forgetting.touch(message)
    message.recipient_name, message.recipient_title, message.subject = "", "", ""
    message.address = Sealed("")
    message.empty(at=forgetting.at)
    mark = hashlib.sha256(message.message_id.encode()).hexdigest()[:16]
    folder = mailbox_folder(current_app.config["SETTINGS"])
    forgetting.files += folder.glob(f"*-{mark}.eml") if folder.is_dir() else []


def _numbers(words: Sequence[str]) -> list[str]:
    """Phones and addresses belong to one person; a name may be another's, too."""
    return [word for word in words if "@" in word or sum(character.isdigit() for character in word) >= 7]
