"""The security administrator sets how long what is kept, and sees how much would go tonight."""

from typing import Any

from flask import abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import actions
from yishang_crm.accounts.forms import RetentionForm
from yishang_crm.accounts.views.blueprint import accounts
from yishang_crm.core import asked, retention
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page


@accounts.get("/admin/retention")
@needs(Permission.ADMIN_SECURITY)
def retention_rules() -> Any:
    return _page()


@accounts.post("/admin/retention/<key>")
@needs(Permission.ADMIN_SECURITY)
def retention_rule_post(key: str) -> Any:
    rule = retention.rule(key) or abort(404)
    form = RetentionForm()
    if not form.validate():
        return _page(wrong=key, form=form, status=422)
    version = asked.version(request.form)
    actions.set_retention(
        g.actor, rule, days=form.days.data, version=version, confirmed=bool(form.confirmed.data)
    )
    flash(_("已保存，今晚起照此清理。"), "done")
    return done(then=url_for("accounts.retention_rules"))


def _page(*, wrong: str = "", form: RetentionForm | None = None, status: int = 200) -> Any:
    rows, standing = [], retention.set_rules()
    for rule in retention.rules():
        row = standing.get(rule.key)
        days = row.days if row else rule.days
        rows.append(
            {
                "rule": rule,
                "days": days,
                "version": row.version if row else 0,
                "confirmed": bool(row and row.confirmed_at),
                "due": rule.due(retention.kept_for(rule.key)),
                "wrong": " ".join(map(str, form.days.errors))
                if form is not None and rule.key == wrong
                else "",
            }
        )
    return page("accounts/retention.html", rows=rows, status=status)
