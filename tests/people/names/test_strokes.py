from yishang_crm.people.names import surname_stroke_key


def test_names_stand_in_the_order_of_strokes():
    # 2 丁, 3 于 万 马, 4 王 方, 6 江, 7 李 吴 余 汪 张 陈, 9 胡, 10 徐, 12 储
    names = [
        "储安",
        "陈安",
        "徐安",
        "胡安",
        "张安",
        "汪安",
        "余安",
        "吴安",
        "李安",
        "江安",
        "方安",
        "王安",
        "马安",
        "万安",
        "于安",
        "丁安",
    ]
    in_order = [
        "丁安",
        "于安",
        "万安",
        "马安",
        "王安",
        "方安",
        "江安",
        "李安",
        "吴安",
        "余安",
        "汪安",
        "张安",
        "陈安",
        "胡安",
        "徐安",
        "储安",
    ]
    assert sorted(names, key=surname_stroke_key) == in_order


def test_names_of_two_characters_come_before_those_of_three():
    names = ["王小洪", "王毅", "王文涛", "王宁", "王广华"]
    assert sorted(names, key=surname_stroke_key) == ["王宁", "王毅", "王小洪", "王广华", "王文涛"]


def test_a_compound_surname_stands_by_its_first_character():
    assert sorted(["司马光远", "石安", "史安"], key=surname_stroke_key) == ["石安", "史安", "司马光远"]


def test_traditional_names_stand_among_the_simplified():
    assert sorted(["陳安", "張安", "丁安"], key=surname_stroke_key) == ["丁安", "張安", "陳安"]


def test_characters_beyond_the_table_and_latin_names_come_last():
    assert sorted(["David Chen", "龘安", "瞿安"], key=surname_stroke_key) == ["瞿安", "龘安", "David Chen"]
