"""A few of the made-up people stand twice, as in every real list, so that the queue of duplicates has something to show."""

import dataclasses

from yishang_crm.people.actions.many import Newcomer

ONE_IN = 60
# Heard, not read: characters of given names that sound alike.
_HEARD = {
    "明": "鸣", "远": "苑", "志": "智", "伟": "玮", "建": "健", "国": "帼", "文": "雯", "德": "得", "永": "咏", "玉": "钰", "俊": "骏",
    "承": "成", "泽": "择", "景": "璟", "望": "旺", "启": "起", "立": "力", "嘉": "佳", "振": "震", "宏": "洪",
    "华": "骅", "平": "萍", "峰": "锋", "波": "博", "辉": "晖", "林": "霖", "祥": "翔", "衡": "恒", "松": "嵩", "宁": "凝",
    "云": "芸", "晓": "小", "丽": "莉", "慧": "惠", "静": "靖", "燕": "艳", "琴": "勤", "梅": "玫", "芳": "方", "英": "瑛", "红": "虹",
}  # fmt: skip


def with_doubles(people: list[Newcomer]) -> list[Newcomer]:
    """The same number of people, the last few of them others once more: another list, another unit, another hand."""
    count = max(4, len(people) // ONE_IN) if len(people) >= 40 else 0
    for number in range(count):
        original = people[number * 7 % (len(people) - count)]
        people[len(people) - 1 - number] = _once_more(original, people[len(people) - 1 - number], number)
    return people


def _once_more(one: Newcomer, replaced: Newcomer, number: int) -> Newcomer:
    name = "".join(_HEARD.get(character, character) for character in one.columns["name"][1:])
    columns = one.columns | {
        "name": one.columns["name"][:1] + name if number % 2 else one.columns["name"],
        "source": replaced.columns["source"],
        "native_town": "",
        "birth_day": None,
        "tier": replaced.columns["tier"],
    }
    keeper = one if number % 3 else replaced
    return dataclasses.replace(
        one,
        columns=columns,
        unit_id=keeper.unit_id,
        user_id=keeper.user_id,
        organization=one.organization.replace("市", "", 1).replace("有限公司", "")
        if number % 2
        else one.organization,
        phones=one.phones if number % 4 == 0 else replaced.phones,
        email="",
    )
