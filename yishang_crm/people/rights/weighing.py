"""What an erasure would do, said before it is done."""

from dataclasses import dataclass

from flask_babel import gettext

from yishang_crm.core import known
from yishang_crm.core.actor import Actor


@dataclass(frozen=True)
class Weighed:
    """`goes`: what would be emptied, in words; `hinders`: who must act first, in words."""

    goes: list[str]
    hinders: list[str]


def weighed(actor: Actor, person_id: int) -> Weighed:
    """Ask every room; reads only."""
    goes = [
        gettext(sentence) % {"count": f"{count:,}"}
        for part in known.parts()
        for sentence, count in part.weigh(actor, person_id)
        if count
    ]
    hinders = [
        gettext(one.sentence) % one.values if one.values else gettext(one.sentence)
        for part in known.parts()
        for one in part.hinders(actor, person_id)
    ]
    return Weighed(goes, hinders)
