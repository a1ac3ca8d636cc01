"""The audit administrator reads the trail and has its chain walked."""

from typing import Any

from flask import flash, g, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import gettext as _

from yishang_crm.accounts import actions
from yishang_crm.accounts.forms import TrailFilter
from yishang_crm.accounts.queries import trail
from yishang_crm.accounts.views.blueprint import accounts
from yishang_crm.core import asked, deeds
from yishang_crm.core import trail as kept
from yishang_crm.core.actor import Permission
from yishang_crm.core.db import begin_writing, end_transaction
from yishang_crm.core.web import done, needs, page, two_step


@accounts.get("/admin/audit")
@needs(Permission.AUDIT_READ)
def audit_trail() -> Any:
    form = TrailFilter(formdata=request.args)
    wanted = trail.Filters(
        who=form.who.data or "",
        what=deeds.meant(form.verb.data or "", gettext),
        about=form.about.data or "",
        first_day=None if form.first_day.errors else form.first_day.data,
        last_day=None if form.last_day.errors else form.last_day.data,
    )
    before = asked.number(request.args, "before")
    found, more = trail.entries(g.actor, wanted, before=before)
    return page(
        "accounts/audit.html",
        form=form,
        entries=found,
        chain=trail.chain_state(g.actor),
        offered=() if wanted.what.is_narrow else deeds.said(gettext),  # ten kilobytes, until one is chosen
        newest=_address(before=None) if before else "",
        older=_address(before=found[-1].id) if more else "",
        asked=wanted,
    )


@accounts.post("/admin/audit/verification")
@needs(Permission.AUDIT_READ)
@two_step
def audit_verification() -> Any:
    """Walk the whole chain now; what is found is itself recorded."""
    faults = kept.verify()
    end_transaction()
    begin_writing()
    actions.verify_trail(g.actor, faults=faults)
    if faults:
        flash(ngettext("审计链有%(num)d处不对：", "审计链有%(num)d处不对：", len(faults)) + faults[0], "late")
    else:
        flash(_("审计链完整，没有缺失或改动。"), "done")
    return done(then=url_for("accounts.audit_trail"))


def _address(*, before: int | None) -> str:
    kept = {name: value for name, value in request.args.items() if name != "before" and value}
    return url_for("accounts.audit_trail", **kept, **({"before": before} if before else {}))
