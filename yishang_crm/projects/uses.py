"""What this room holds of people and firms, told to the room below."""

from yishang_crm.core.words import N_
from yishang_crm.people.queries.held import held_in
from yishang_crm.people.uses import Use, add_use
from yishang_crm.projects.models import Project


def open_uses() -> None:
    """Who introduced a project stays, and so does the firm that invests."""
    add_use(
        Use(
            "projects",
            N_("引荐过项目，留着"),
            frozenset({"project"}),
            people=held_in(Project.introducer_id),
            organizations=held_in(Project.organization_id),
        )
    )
