"""A leased message opened just before it leaves: address read, placeholders filled, papers prepared.

The opening of the batch stands in the trail (`actions.open_for_delivery`); here the values are read, inside that deed.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import current_app

from yishang_crm.core.errors import NotPossible
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_
from yishang_crm.outbox import mime, registry
from yishang_crm.outbox.ledger import Row
from yishang_crm.outbox.models import Outcome
from yishang_crm.outbox.registry import Attachment
from yishang_crm.outbox.words import NoValue, filled

Paper = Attachment | Callable[[], Attachment]


class NoLetter(Exception):
    """There is nothing to send: nobody wants it any more, or it cannot be written."""

    def __init__(self, outcome: Outcome, why: str) -> None:
        self.outcome, self.why = outcome, why[:300]
        super().__init__(self.why)


@dataclass(frozen=True, slots=True)
class Written:
    """The bytes of a letter, and where they go."""

    to: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter as plain values."""

    envelope: mime.Envelope
    papers: Sequence[Paper] = ()

    def written(self, *, at: dt.datetime) -> Written:
        """Papers are made here, outside any transaction. Raises whatever their making raises."""
        papers = [paper if isinstance(paper, Attachment) else paper() for paper in self.papers]
        content = mime.built(replace(self.envelope, attachments=papers), at=at)
        return Written(self.envelope.to_address, content)


def opened(row: Row) -> Opened:
    """One message, ready to be written. Raises `NoLetter`."""
    number = registry.id_of(row.about)
    fill = registry.filler_of(row.about)
    try:
        values = fill(number) if fill else {}
        papers = [_maker(name)(number) for name in row.attachments]
        return Opened(_envelope(row, values), papers)
    except NotPossible as no_more:
        raise NoLetter(Outcome.NO_LONGER_WANTED, str(no_more)) from no_more
    except NoValue as missing:
        raise NoLetter(Outcome.NOT_WRITTEN, N_("信里的替换项没有值：") + str(missing)) from missing


def _envelope(row: Row, values: Mapping[str, str]) -> mime.Envelope:
    address = row.address
    return mime.Envelope(
        sender=current_app.config["SETTINGS"].mail_from,
        to_name=row.recipient_name,
        to_address=address.whole() if isinstance(address, Sealed) else str(address),
        subject=row.subject,
        body_text=filled(row.body_text, values),
        body_html=filled(row.body_html, values, is_html=True),
        message_id=row.message_id,
        language=row.language,
        reply_to=row.reply_to,
        is_automatic=row.is_automatic,
    )


def _maker(name: str) -> registry.Maker:
    make = registry.maker_of(name)
    if make is None:
        raise NoLetter(Outcome.NOT_WRITTEN, N_("附件做不出来：") + name)
    return make
