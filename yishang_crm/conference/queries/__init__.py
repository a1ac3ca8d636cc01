"""What can be found in this room, and for whom."""

from yishang_crm.conference.queries.editions import (
    edition,
    edition_by_id,
    edition_to_change,
    editions,
    editions_to_follow_up,
    open_edition,
    open_editions,
    quota,
    quota_to_change,
    quotas,
)
from yishang_crm.conference.queries.figures import (
    COUNTED,
    OUTCOMES,
    STAGES,
    Figures,
    UnitFigures,
    figures,
    figures_by_unit,
    recounted_seats,
)
from yishang_crm.conference.queries.guests import (
    PAGE,
    Card,
    Filters,
    all_guests,
    approved_at,
    are_guests_of,
    card,
    cards,
    count_guests,
    editions_of_person,
    guest,
    guest_of_person,
    guest_to_change,
    guests_by_ids,
    guests_of_people,
    guests_to_change,
    latest_answers,
    listed,
    nominating_units,
    nominations,
    page_of_guests,
    standing,
    visible_to,
)
from yishang_crm.conference.queries.held import (
    guest_by_code,
    guest_by_entry_token,
    guest_by_reply_code,
    guest_by_token,
)
from yishang_crm.conference.queries.letters import (
    Invitation,
    code_is_taken,
    invitation,
    invitations,
    messages_of,
    numbered,
    unposted,
    without_letter,
)
from yishang_crm.conference.queries.merging import led_on, merged_codes
from yishang_crm.conference.queries.trail import Happened, trail

__all__ = [
    "COUNTED", "OUTCOMES", "PAGE", "STAGES", "Card", "Figures", "Filters", "Happened", "Invitation", "UnitFigures",
    "all_guests", "approved_at", "are_guests_of", "card", "cards", "code_is_taken", "count_guests", "edition", "edition_by_id", "edition_to_change",
    "editions", "editions_of_person", "editions_to_follow_up", "figures", "figures_by_unit", "guest", "guest_by_code",
    "guest_by_entry_token", "guest_by_reply_code", "guest_by_token", "guest_of_person", "guest_to_change",
    "guests_by_ids", "guests_of_people", "guests_to_change", "invitation", "invitations",
    "latest_answers", "led_on", "listed", "merged_codes", "messages_of", "nominating_units", "nominations", "numbered",
    "open_edition", "open_editions", "page_of_guests", "quota", "quota_to_change", "quotas", "recounted_seats", "standing", "trail", "unposted",
    "visible_to", "without_letter",
]  # fmt: skip
