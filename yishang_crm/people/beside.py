"""What the parts of this room hold of people and organizations: whoever is in use there stays when an import is undone."""

from yishang_crm.core.words import N_
from yishang_crm.people.duplicates.models import MergedPerson
from yishang_crm.people.files.models import PersonFile
from yishang_crm.people.lists.models import PersonTag, SnapshotMember
from yishang_crm.people.models.bodies import Chamber, ChamberEdition, OrganizationHonour
from yishang_crm.people.models.relations import Relation
from yishang_crm.people.queries.held import held_in
from yishang_crm.people.rights.models import RightsRequest
from yishang_crm.people.rounds.models import ChangeProposal, RoundEntry
from yishang_crm.people.stewards.models import AccessRequest
from yishang_crm.people.uses import Use, add_use


def open_uses() -> None:
    """One use for each part. Findings about likely doubles are nobody's work: they go with the person."""
    people = (
        ("rights", N_("本人提过权利请求，留着"), (RightsRequest.person_id,)),
        ("stewards", N_("有单位之间的申请，留着"), (AccessRequest.person_id,)),
        ("files", N_("有照片或附件，留着"), (PersonFile.person_id,)),
        ("rounds", N_("在年度核实名单上，留着"), (RoundEntry.person_id, ChangeProposal.person_id)),
        ("relations", N_("与别人有关系记录，留着"), (Relation.person_id, Relation.other_id)),
        ("tags", N_("有人打过标签，留着"), (PersonTag.person_id,)),
        ("snapshots", N_("在留存的快照里，留着"), (SnapshotMember.person_id,)),
        ("merges", N_("合并过，留着"), (MergedPerson.person_id,)),
    )
    for name, said, columns in people:
        tables = frozenset(column.class_.__tablename__ for column in columns)  # type: ignore[attr-defined]
        add_use(Use(name, said, tables, people=held_in(*columns)))
    add_use(Use("doubles", "", frozenset({"match_profile", "match_key", "duplicate_pair"})))
    bodies = (OrganizationHonour.organization_id, Chamber.organization_id, ChamberEdition.organization_id)
    tables = frozenset({"organization_honour", "chamber", "chamber_edition"})
    add_use(Use("bodies", "", tables, organizations=held_in(*bodies)))
