"""What a guest is and where they stand: categories and the five axes (domain.md §2.2, §2.3)."""

import enum

from yishang_crm.core.words import N_


class Category(enum.StrEnum):
    """Guest categories (domain.md §2.2)."""

    PRINCIPAL = "principal"
    NATIVE = "native"
    CHAMBER = "chamber"
    AMBASSADOR = "ambassador"
    PARTNER = "partner"
    INVESTOR = "investor"
    FINANCE = "finance"
    SCHOLAR = "scholar"
    OVERSEAS = "overseas"


class Approval(enum.StrEnum):
    """Approval axis (domain.md §2.3)."""

    SUBMITTED = "submitted"
    PRELIM_OK = "prelim_ok"
    APPROVED = "approved"
    RESERVE = "reserve"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Reply(enum.StrEnum):
    """Reply axis (domain.md §2.3)."""

    NONE = "none"
    ACCEPTED = "accepted"
    DELEGATED = "delegated"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"


class Logistics(enum.StrEnum):
    """Logistics axis (domain.md §2.3)."""

    INCOMPLETE = "incomplete"
    READY = "ready"
    ARRANGED = "arranged"
    NOTIFIED = "notified"


class Onsite(enum.StrEnum):
    """On-site axis (domain.md §2.3)."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
    CHECKED_IN = "checked_in"
    LEFT = "left"
    NO_SHOW = "no_show"


class ReplyChannel(enum.StrEnum):
    """How an answer came; all count equal."""

    LINK = "link"
    CODE = "code"
    LIAISON = "liaison"
    CHAMBER = "chamber"


class Travel(enum.StrEnum):
    """How a guest comes to Anqing."""

    TRAIN = "train"
    PLANE = "plane"
    CAR = "car"
    LOCAL = "local"


COMING = (Reply.ACCEPTED, Reply.DELEGATED)

SAVED_MEANWHILE = N_("您打开这一页以后，别人已经改过。请对照后再保存。")
