"""How this room is reached."""

from flask import Flask

from yishang_crm.core.actor import Permission
from yishang_crm.core.web import panel
from yishang_crm.core.words import N_
from yishang_crm.people.exports import views as exports
from yishang_crm.people.files import views as files
from yishang_crm.people.returns import views as returns
from yishang_crm.people.rights import views as rights
from yishang_crm.people.rounds import views as rounds
from yishang_crm.people.stewards import views as stewards
from yishang_crm.people.views import (
    acts,
    birthdays,
    bringing,
    cells,
    chambers,
    checking,
    contacts,
    dictionary,
    duplicates,
    filtering,
    history,
    kept,
    listing,
    merging,
    organizations,
    palette,
    pasting,
    places,
    posts,
    reach,
    receipts,
    record,
    relations,
    segments,
    snapshots,
    tags,
    whereabouts,
)

_PAGES = (
    listing, duplicates, merging, record, contacts, posts, bringing, pasting, organizations, chambers, dictionary, whereabouts,
    relations, reach, places, birthdays, files, stewards, rounds, returns, exports, rights, kept, tags, acts, cells, segments,
    snapshots, history,
)  # fmt: skip


def open_pages(app: Flask) -> None:
    """Hang the room's pages on the app."""
    # The pages of an import hang on one blueprint.
    assert bringing.bp is checking.bp is receipts.bp  # noqa: S101 - said once, at the start
    for pages in _PAGES:
        app.register_blueprint(pages.bp)
    panel("person", "files.of_person", title=N_("文件"), order=60, permission=Permission.PEOPLE_READ)
    panel("person", "history.of_person", title=N_("修改记录"), order=90, permission=Permission.PEOPLE_READ)
    panel(
        "people", "people_export.index", title=N_("导出记录"), order=10, permission=Permission.PEOPLE_EXPORT
    )
    panel("people", "rights.index", title=N_("个人权利申请"), order=20, permission=Permission.PEOPLE_WRITE)
    panel("people", "place.index", title=N_("籍贯字典"), order=30, permission=Permission.PEOPLE_PLACES)
    panel("person", "relation.of_person", title=N_("关系"), order=60, permission=Permission.PEOPLE_READ)
    filtering.open_filters()
    filtering.open_columns()
    acts.open_acts()
    palette.open_groups()
