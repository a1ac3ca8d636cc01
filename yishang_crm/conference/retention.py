"""What a conference needed to know and need not know any more: ID numbers, journeys (domain.md §10, 11)."""

import datetime as dt

from yishang_crm.conference import actions
from yishang_crm.conference.queries import retention as reading
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import now
from yishang_crm.core.retention import Rule, keeps
from yishang_crm.core.words import N_


def open_rules() -> None:
    """Leave this room's rules where the ground looks."""
    keeps(
        Rule(
            "id_numbers",
            N_("证件号码"),
            N_("本人最近一届大会结束"),
            30,
            due=lambda keep: len(reading.people_with_old_id_number(before=_before(keep))),
            obey=lambda keep: actions.forget_id_numbers(HOUSE, before=_before(keep)),
        )
    )
    keeps(
        Rule(
            "journeys",
            N_("嘉宾的行程、饮食和随行人员姓名"),
            N_("大会结束"),
            90,
            due=lambda keep: len(reading.guests_with_old_journey(before=_before(keep))),
            obey=lambda keep: actions.forget_journeys(HOUSE, before=_before(keep)),
        )
    )


def _before(keep: dt.timedelta) -> dt.datetime:
    return now() - keep
