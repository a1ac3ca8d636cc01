"""Pages in the other languages: nothing of the machinery shows."""

from tests.house.planted import plant, rules, visitor
from yishang_crm.core.actor import Permission


def test_no_page_in_english_shows_the_head_of_the_catalog(app, cast):
    """To a catalog the empty sentence is its own head; a page that translates nothing would print it."""
    world, client, opened, showing = plant(app, cast), visitor(app, "organizer"), 0, []
    client.post("/language", data={"language": "en"})
    for rule in rules(app, "GET"):
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        if not isinstance(permission, Permission) or not cast.organizer.may(permission):
            continue
        answer = client.get(world.address(app, rule), follow_redirects=True)
        if answer.mimetype != "text/html":
            continue  # a photo
        opened += 'lang="en"' in answer.text
        showing += [rule.rule] if "Project-Id-Version" in answer.text else []
    assert opened > 40
    assert showing == []
