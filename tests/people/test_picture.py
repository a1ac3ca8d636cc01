"""One hop as a drawing: nobody off the sheet, nobody on another, never more than 24."""

import itertools

import pytest

from yishang_crm.people.picture import HEIGHT, RADIUS, Neighbour, picture


def around(people: int, firms: int) -> list[Neighbour]:
    persons = [Neighbour(f"person:{n}", f"江望{n}", "同学") for n in range(people)]
    return persons + [
        Neighbour(f"organization:{n}", "东莞皖江新材料", "董事长", is_person=False) for n in range(firms)
    ]


@pytest.mark.parametrize(
    ("people", "firms"),
    [(0, 0), (1, 0), (0, 1), (4, 4), (8, 0), (0, 8), (5, 6), (15, 8), (23, 0), (0, 23), (60, 60)],
)
def test_every_node_is_on_the_sheet(people, firms):
    drawn = picture(Neighbour("person:me", "余秉衡"), around(people, firms))
    assert len(drawn.nodes) == min(people + firms, 23)
    assert drawn.left_out == max(people + firms - 23, 0)
    for node in drawn.nodes:
        across = RADIUS if node.is_person else node.width / 2
        assert across <= node.x <= drawn.width - across
        assert HEIGHT / 2 <= node.y <= drawn.height - HEIGHT / 2
    assert len(drawn.lines) == len(drawn.nodes)


@pytest.mark.parametrize(("people", "firms"), [(4, 4), (8, 0), (11, 0), (15, 8), (11, 12)])
def test_no_person_covers_another(people, firms):
    drawn = picture(Neighbour("person:me", "余秉衡"), around(people, firms))
    rounds = [node for node in drawn.nodes if node.is_person]
    for one, other in itertools.combinations(rounds, 2):
        assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 > (1.6 * RADIUS) ** 2


def test_long_names_are_cut_in_the_drawing_and_whole_beside_it():
    drawn = picture(Neighbour("person:me", "余秉衡"), [Neighbour("person:1", "古丽娜尔·买买提", "同学")])
    assert (drawn.nodes[0].text, drawn.nodes[0].name) == ("古丽娜…", "古丽娜尔·买买提")


def test_ties_among_neighbours_are_drawn_where_both_are():
    drawn = picture(
        Neighbour("person:me", "余秉衡"),
        around(1, 1),
        among={("person:0", "organization:0"), ("person:9", "organization:0")},
    )
    assert len(drawn.lines) == 3
