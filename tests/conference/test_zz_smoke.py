import pytest
from tests.conference.arranged import *
from tests.cast import signed_in
from yishang_crm.core.db import db, writing
from yishang_crm.conference.models import Reply
def test_pages(app, client, cast):
    with app.app_context(), writing():
        e = an_edition(cast.organizer)
        from yishang_crm.accounts import queries as acc
        actions.set_quota(cast.organizer, e, acc.unit_by_code("340881"), category="native", granted=20)
        gs=[an_invited(cast.tongcheng, e) for _ in range(4)]
        g2=a_guest(cast.tongcheng, e)
        actions.post_letters(cast.organizer, e, gs[:2])
        actions.record_answer(cast.tongcheng, gs[0], reply=Reply.ACCEPTED, companions=2)
        ids=[g.id for g in gs]; pid=gs[0].person_id; g2id=g2.id
        db.session.commit()
    for login in ("organizer","tongcheng","leader"):
        c=app.test_client(); signed_in(c, login)
        for path in ("", "/2026/board","/2026/guests","/2026/approval","/2026/letters","/2026/replies","/2026/quotas","/2026/nominations","/2026/nominations?q=余",f"/2026/guests/{ids[0]}",f"/2026/guests/{g2id}",f"/people/{pid}",f"/people/{pid}/nomination","/new","/2026/facts", f"/guests/{ids[0]}"):
            r=c.get("/conferences"+path)
            print(login, path, r.status_code, len(r.data))
            assert r.status_code in (200,302,403), r.text[:3000]
        for path in (f"/2026/guests/{ids[0]}/link",f"/2026/guests/{ids[0]}/letter/pdf",f"/2026/guests/{ids[0]}/letter/docx"):
            r=c.post("/conferences"+path); print(login, path, r.status_code, r.headers.get("Content-Disposition")); 
            assert r.status_code in (200,403), r.text
