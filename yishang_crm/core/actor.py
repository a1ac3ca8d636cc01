"""Who is acting, and every permission by name."""

import enum
from dataclasses import dataclass, field

from yishang_crm.core.errors import Refused
from yishang_crm.core.words import N_


class Permission(enum.StrEnum):
    """The house's bunch of keys: one name for each kind of thing that can be done."""

    ADMIN_USERS = "admin:users"
    ADMIN_UNITS = "admin:units"
    ADMIN_SECURITY = "admin:security"
    AUDIT_READ = "audit:read"
    OWN_ACCOUNT = "own:account"

    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    PEOPLE_IMPORT = "people:import"
    PEOPLE_OPEN_CONTACT = "people:open-contact"
    PEOPLE_SHARE = "people:share"
    PEOPLE_ANSWER = "people:answer"
    PEOPLE_EXPORT = "people:export"
    PEOPLE_ERASE = "people:erase"
    PEOPLE_PLACES = "people:places"
    PEOPLE_DICTIONARY = "people:dictionary"

    FOLLOWUP_READ = "followup:read"
    FOLLOWUP_LOG = "followup:log"
    FOLLOWUP_TASK = "followup:task"

    CONFERENCE_READ = "conference:read"
    CONFERENCE_MANAGE = "conference:manage"
    CONFERENCE_NOMINATE = "conference:nominate"
    CONFERENCE_APPROVE = "conference:approve"
    CONFERENCE_LETTER = "conference:letter"
    CONFERENCE_RECORD_REPLY = "conference:record-reply"
    CONFERENCE_REPLY = "conference:reply"

    OUTBOX_READ = "outbox:read"
    OUTBOX_RELEASE = "outbox:release"
    OUTBOX_DELIVER = "outbox:deliver"

    RECEPTION_CHECK_IN = "reception:check-in"
    RECEPTION_READ = "reception:read"

    NETWORK_READ = "network:read"
    NETWORK_WRITE = "network:write"
    PORTAL_USE = "portal:use"

    PROJECTS_READ = "projects:read"
    PROJECTS_WRITE = "projects:write"
    INSIGHT_READ = "insight:read"

    HOUSEKEEPING = "house:keeping"
    SIGN_IN = "house:sign-in"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts. Made in one place only: see `accounts.actors`.

    `unit_ids` are the units whose rows the actor sees; `sees_all` lifts that limit. A portal person
    has `person_id`, a guest with a token has `guest_id`, and neither has units.
    """

    kind: str
    id: int
    name: str
    permissions: frozenset[Permission]
    unit_id: int | None = None
    unit_ids: frozenset[int] = field(default_factory=frozenset)
    sees_all: bool = False
    person_id: int | None = None
    guest_id: int | None = None
    language: str = "zh_Hans"
    sign_in_id: int | None = None

    @property
    def key(self) -> str:
        """The actor in the trail, as `staff:12`."""
        return f"{self.kind}:{self.id}"

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def must(self, permission: Permission) -> None:
        if not self.may(permission):
            raise Refused(N_("您的账号没有办理这件事的权限。如需办理，请联系本单位管理员。"))


HOUSE = Actor(
    kind="house",
    id=0,
    name="宜商通",
    permissions=frozenset(Permission),
    sees_all=True,
)
