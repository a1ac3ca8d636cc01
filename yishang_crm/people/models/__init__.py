"""People, their posts, organizations and contact points; what stands beside them is imported from its own file."""

from yishang_crm.people.models.parts import ContactPoint, Position
from yishang_crm.people.models.persons import (
    EDITABLE,
    ERASED,
    ORGANIZATION_EDITABLE,
    BirthCalendar,
    ContactKind,
    ContactLabel,
    ContactState,
    Gender,
    LawfulBasis,
    Organization,
    OrganizationKind,
    Person,
    PersonState,
    Stewardship,
    StewardshipKind,
    Tier,
    said_birth,
)
from yishang_crm.people.models.places import CONFIRMED, PLACE_EDITABLE, UNCONFIRMED, Place

__all__ = [
    "CONFIRMED",
    "EDITABLE",
    "ERASED",
    "ORGANIZATION_EDITABLE",
    "PLACE_EDITABLE",
    "UNCONFIRMED",
    "BirthCalendar",
    "ContactKind",
    "ContactLabel",
    "ContactPoint",
    "ContactState",
    "Gender",
    "LawfulBasis",
    "Organization",
    "OrganizationKind",
    "Person",
    "PersonState",
    "Place",
    "Position",
    "Stewardship",
    "StewardshipKind",
    "Tier",
    "said_birth",
]
