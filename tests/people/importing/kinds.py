"""Made-up files of the other kinds staff keep, each with its truth. Numbers belong to no one."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import xlsxwriter

Truth = list[dict[str, Any]]
Made = tuple[str, bytes, Truth]
KINDS: list[Callable[[], Made]] = []


def kind(make: Callable[[], Made]) -> Callable[[], Made]:
    KINDS.append(make)
    return make


def workbook(write: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        write(book)
    return file.getvalue()


def mobile(number: int) -> str:
    return f"1990000{number + 1000:04}"


@kind
def grouped_by_county_in_merged_cells() -> Made:
    groups = {
        "怀宁县": ["查望舒", "江 一", "操子明"],
        "桐城市": ["方以远", "姚鼐生"],
        "枞阳县": ["钱澄", "朱书田"],
    }
    truth: Truth = []

    def write(book: xlsxwriter.Workbook) -> None:
        sheet, middle = book.add_worksheet("名单"), book.add_format({"valign": "vcenter"})
        sheet.merge_range(0, 0, 0, 5, "安庆市拟邀请参会企业家名单（征求意见稿）")
        for column, text in enumerate(["县（市、区）", "序号", "姓  名", "单位及职务", "联系电话", "备  注"]):
            sheet.write(1, column, text)
        row = 2
        for county, names in groups.items():
            sheet.merge_range(row, 0, row + len(names) - 1, 0, county, middle)
            for name in names:
                number = len(truth) + 1
                sheet.write_row(
                    row, 1, [number, name, f"上海宜{number}实业有限公司董事长", float(mobile(number))]
                )
                truth.append(
                    {
                        "name": name.replace(" ", ""),
                        "native_place": county,
                        "title": "董事长",
                        "phones": [mobile(number)],
                    }
                    | {"organization": f"上海宜{number}实业有限公司", "note": ""}
                )
                row += 1
            sheet.write_row(row, 0, ["小计", "", f"{len(names)}人"])
            row += 1
        sheet.write(row, 0, "注：以上名单按各县（市、区）上报顺序排列。")

    return "拟邀名单.xlsx", workbook(write), truth


@kind
def grouped_by_section_lines() -> Made:
    truth: Truth = []

    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 4, "在外人才名录")
        sheet.write_row(1, 0, ["序号", "姓名", "工作单位", "职务", "手机"])
        row, number = 2, 0
        for at, county in enumerate(["潜山市", "岳西县"]):
            sheet.merge_range(row, 0, row, 4, f"{'一二'[at]}、{county}（2人）")
            for name in (("储玉坤", "余三胜"), ("王步文", "刘若清"))[at]:
                row, number = row + 1, number + 1
                sheet.write_row(row, 0, [number, name, "深圳市天柱电子有限公司", "总经理", mobile(number)])
                truth.append(
                    {
                        "name": name,
                        "native_place": county,
                        "organization": "深圳市天柱电子有限公司",
                        "title": "总经理",
                    }
                    | {"phones": [mobile(number)]}
                )
            row += 1

    return "人才名录.xlsx", workbook(write), truth


@kind
def names_with_a_form_of_address() -> Made:
    people = [
        ("江望之先生", "江望之", "男"),
        ("查 慧女士", "查慧", "女"),
        ("欧阳雪 小姐", "欧阳雪", "女"),
        ("何生", "何生", None),
    ]
    people += [("方东树（先生）", "方东树", "男"), ("程建国总", "程建国", None), ("操志董事长", "操志", None)]
    rows = [
        [
            name,
            "东莞市长风精密有限公司 / 董事长兼总经理、东莞市安庆商会副会长",
            f"手机：{mobile(at)}（微信同号）",
        ]
        for at, (name, _, _) in enumerate(people)
    ]
    truth = [
        {
            "name": name,
            "organization": "东莞市长风精密有限公司",
            "title": "董事长兼总经理",
            "phones": [mobile(at)],
        }
        | {"chamber_title": "东莞市安庆商会副会长"}
        | ({"gender": gender} if gender else {})
        for at, (_, name, gender) in enumerate(people)
    ]

    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("嘉宾")
        for at, row in enumerate([["嘉宾", "公司/职务", "联系方式"], *rows]):
            sheet.write_row(at, 0, row)

    return "嘉宾名单.xlsx", workbook(write), truth


@kind
def overseas_in_traditional_script() -> Made:
    people = [
        (
            "陳大文",
            "Chan Tai Man",
            "香港皖江實業有限公司",
            "董事長",
            "+852 9000 0001",
            "香港",
            ["+85290000001"],
        ),
        (
            "張麗華",
            "Chang Li-hua",
            "台灣雷池科技股份有限公司",
            "總經理",
            "0900-000-002",
            "台灣",
            ["+886900000002"],
        ),
        (
            "葉國強",
            "Kenneth Yip",
            "Anqing Tea (USA) Inc.",
            "President",
            "(202) 555-0103",
            "美國",
            ["+12025550103"],
        ),
        (
            "黃寧",
            "Huang Ning",
            "Singa Materials Pte. Ltd.",
            "董事",
            "+65 9000 0004",
            "新加坡",
            ["+6590000004"],
        ),
        ("劉樂", "Lau Lok", "澳門宜城貿易有限公司", "經理", "6600 0005", "澳門", ["+85366000005"]),
        (
            "龔鐘",
            "Kung Chung",
            "香港振風有限公司",
            "合夥人",
            "9000 0006 / +86 19900001006",
            "香港",
            ["+85290000006", mobile(6)],
        ),
    ]
    places = ["安徽懷寧", "桐城", "安徽省安慶市太湖縣", "樅陽", "宿松", "望江縣"]
    counties = ["怀宁县", "桐城市", "太湖县", "枞阳县", "宿松县", "望江县"]
    truth = [
        {
            "name": n,
            "name_en": en,
            "organization": firm,
            "title": title,
            "phones": phones,
            "region": region,
            "native_place": county,
        }
        for (n, en, firm, title, _, region, phones), county in zip(people, counties, strict=True)
    ]

    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("海外鄉親")
        sheet.write(0, 0, "海外安慶鄉親聯絡名冊")
        sheet.write_row(2, 0, ["編號", "姓名", "英文姓名", "公司", "職位", "電話", "地區", "籍貫"])
        for at, (person, place) in enumerate(zip(people, places, strict=True)):
            sheet.write_row(3 + at, 0, [at + 1, *person[:6], place])

    return "海外鄉親.xlsx", workbook(write), truth


@kind
def births_as_serials_and_dates() -> Made:
    births = [dt.date(1965, 8, 3), dt.date(1971, 12, 25), dt.date(1958, 2, 1), dt.date(1980, 10, 9)]
    names = ["左忠毅", "阮大海", "邓石如", "陈延年"]
    truth = [
        {"name": name, "birth": f"{birth:%Y-%m}", "phones": [mobile(at)], "city": "上海市"}
        for at, (name, birth) in enumerate(zip(names, births, strict=True))
    ]

    def write(book: xlsxwriter.Workbook) -> None:
        sheet, dated = book.add_worksheet(), book.add_format({"num_format": "yyyy年m月"})
        sheet.write_row(0, 0, ["姓名", "出生日期", "常住地", "手机号"])
        for at, (name, birth) in enumerate(zip(names, births, strict=True)):
            sheet.write(at + 1, 0, name)
            if at % 2:
                sheet.write_datetime(at + 1, 1, dt.datetime.combine(birth, dt.time()), dated)
            else:
                sheet.write_number(at + 1, 1, (birth - dt.date(1899, 12, 30)).days)
            sheet.write(at + 1, 2, "上海市")
            sheet.write_number(at + 1, 3, int(mobile(at)))

    return "生日.xlsx", workbook(write), truth


@kind
def several_rounds_of_the_same_list() -> Made:
    truth: Truth = []

    def write(book: xlsxwriter.Workbook) -> None:
        about = book.add_worksheet("填表说明")
        about.write_column(0, 0, ["填表说明", "一、请逐项填写，姓名不得空缺。", "二、手机填写本人号码。"])
        first = book.add_worksheet("第一批")
        first.write_row(0, 0, ["序号", "姓名", "企业名称", "职务", "联系电话", "籍贯"])
        second = book.add_worksheet("第二批")
        second.write(0, 0, "第二批补充名单")
        second.write_row(1, 0, ["姓名", "手机", "单位", "职位", "祖籍"])
        third = book.add_worksheet("第三批")
        for at in range(4):
            firm = f"杭州龙眠{at}有限公司"
            rows = [f"陈独{'秀山水石'[at]}", firm, "总裁", mobile(at), "怀宁"]
            first.write_row(at + 1, 0, [at + 1, *rows])
            truth.append(
                {
                    "name": rows[0],
                    "organization": firm,
                    "title": "总裁",
                    "phones": [mobile(at)],
                    "native_place": "怀宁县",
                }
            )
        for at in range(4, 7):
            second.write_row(
                at - 2, 0, [f"吴汝{'纶经纬'[at - 4]}", mobile(at), "桐城派文化公司", "董事", "桐城人"]
            )
            truth.append(
                {"name": f"吴汝{'纶经纬'[at - 4]}", "organization": "桐城派文化公司", "title": "董事"}
            )
            truth[-1] |= {"phones": [mobile(at)], "native_place": "桐城市"}
        for at in range(7, 11):
            third.write_row(
                at - 7, 0, [f"张英{'廷玉若霭'[at - 7]}", mobile(at), "苏州文端有限公司", "监事", "桐城市"]
            )
            truth.append(
                {"name": f"张英{'廷玉若霭'[at - 7]}", "organization": "苏州文端有限公司", "title": "监事"}
            )
            truth[-1] |= {"phones": [mobile(at)], "native_place": "桐城市"}
        book.add_worksheet("Sheet5")

    return "三批名单.xlsx", workbook(write), truth


@kind
def no_header_at_all() -> Made:
    names = ["查济民", "程长庚", "张恨水", "赵朴一", "邓稼山", "慈云桂"]
    truth = [
        {
            "name": name,
            "phones": [mobile(at)],
            "organization": f"北京独秀{at}科技有限公司",
            "title": "创始人",
            "gender": "男",
        }
        | {"native_place": "潜山市"}
        for at, name in enumerate(names)
    ]
    rows = [
        [at + 1, t["name"], "男", t["organization"], "创始人", float(mobile(at)), "潜山人"]
        for at, t in enumerate(truth)
    ]

    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)

    return "名单.xlsx", workbook(write), truth


@kind
def header_of_three_rows_on_row_five() -> Made:
    truth = [
        {
            "name": name,
            "gender": "女",
            "birth": "1970-05",
            "native_place": "宿松县",
            "native_town": "复兴镇",
            "email": f"p{at}@example.com",
        }
        | {
            "organization": "厦门菱湖包装有限公司",
            "title": "副总经理",
            "chamber_title": "理事",
            "phones": [mobile(at), "055690000" + f"{at:02}"],
        }
        for at, name in enumerate(["石和阳", "贺绿汀", "司空图南", "许 昭"])
    ]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "附件2"
    sheet["A2"] = "宿松县在外人员统计表"
    sheet["A3"] = "填报单位：宿松县投资促进中心"
    sheet["H3"] = "填报时间：2026年5月"
    top = ["序号", "基本情况", None, None, None, None, "任职情况", None, None, "联系方式", None, None]
    middle = [
        None,
        "姓名",
        "性别",
        "出生\n年月",
        "籍贯",
        None,
        "企业",
        None,
        "商会职务",
        "电话",
        None,
        "邮箱",
    ]
    bottom = [None, None, None, None, "县（市、区）", "乡镇", "名称", "职务", None, "手机", "座机", None]
    for row, texts in zip((5, 6, 7), (top, middle, bottom), strict=True):
        for column, text in enumerate(texts, start=1):
            sheet.cell(row, column, text)
    for area in (
        "A2:L2",
        "A5:A7",
        "B5:F5",
        "G5:I5",
        "J5:L5",
        "B6:B7",
        "C6:C7",
        "D6:D7",
        "E6:F6",
        "G6:H6",
        "I6:I7",
        "J6:K6",
        "L6:L7",
    ):
        sheet.merge_cells(area)
    for at, person in enumerate(truth):
        row = [
            at + 1,
            person["name"],
            "女",
            1970.05,
            "安徽宿松",
            "复兴镇",
            person["organization"],
            "副总经理",
            "理事",
        ]
        for column, value in enumerate([*row, mobile(at), f"0556-90000{at:02}", person["email"]], start=1):
            sheet.cell(8 + at, column, value)
    sheet.cell(13, 1, "填表人：李某")
    sheet.cell(13, 5, "审核人：王某")
    file = io.BytesIO()
    book.save(file)
    truth[3]["name"] = "许昭"
    return "统计表.xlsx", file.getvalue(), truth


@kind
def english_headers_and_a_repeated_one() -> Made:
    header = [
        "No.",
        "Name",
        "Chinese Name",
        "Company",
        "Job Title",
        "Mobile Phone",
        "E-mail Address",
        "Hometown",
        "City",
        "Remarks",
    ]
    truth = [
        {
            "name": name,
            "name_en": english,
            "organization": "Yangtze Optics Co., Ltd.",
            "title": "Managing Director",
            "city": "Shanghai",
        }
        | {"phones": [mobile(at)], "email": f"g{at}@example.org", "native_place": "安庆市", "note": "VIP"}
        for at, (name, english) in enumerate(
            [("王星拱", "Wang Xinggong"), ("杨亮", "Leon Yang"), ("苏雪", "Su Xue"), ("方令", "Fang Ling")]
        )
    ]

    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Guests")
        sheet.write_row(0, 0, header)
        for at, person in enumerate(truth):
            line = at + 1 + (at >= 2)
            row = [at + 1, person["name_en"], person["name"], person["organization"], person["title"]]
            sheet.write_row(
                line, 0, [*row, f"+86 {mobile(at)}", person["email"], "安徽安庆", "Shanghai", "VIP"]
            )
        sheet.write_row(3, 0, header)

    return "guests.xlsx", workbook(write), truth


@kind
def a_tab_text_in_utf_16() -> Made:
    truth = [
        {
            "name": "严 凤".replace(" ", ""),
            "phones": [mobile(1)],
            "native_place": "太湖县",
            "native_town": "徐桥镇",
            "title": "艺术总监",
        },
        {
            "name": "马兰",
            "phones": [mobile(2), mobile(3)],
            "native_place": "太湖县",
            "native_town": "徐桥镇",
            "title": "团长",
        },
    ]
    text = f"姓名\t籍贯\t单位\t职务\t手机\r\n严 凤\t太湖徐桥镇\t黄梅剧院\t艺术总监\t{mobile(1)}\r\n"
    text += f"马兰\t同上\t〃\t团长\t{mobile(2)} {mobile(3)}\r\n"
    for person in truth:
        person["organization"] = "黄梅剧院"
    return "导出.txt", text.encode("utf-16"), truth


@kind
def a_semicolon_text_with_a_mark() -> Made:
    text = '\ufeff姓名;手机号码;单位;备注\n"丁永泉";\'19900001001;"上海, 花亭有限公司";<b>重点</b>\n左四和;19900001002;;"两行\n备注"\n'
    truth = [
        {
            "name": "丁永泉",
            "phones": [mobile(1)],
            "organization": "上海, 花亭有限公司",
            "note": "<b>重点</b>",
        },
        {"name": "左四和", "phones": [mobile(2)], "note": "两行\n备注"},
    ]
    return "名单.csv", text.encode(), truth


@kind
def cards_of_version_2_1_in_gbk_and_4_0() -> Made:
    name = "".join(f"={byte:02X}" for byte in "胡玉美".encode("gbk"))
    firm = "".join(f"={byte:02X}" for byte in "安庆酱业有限公司".encode("gbk"))
    old = f"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:{name};;;;\r\n"
    old += (
        f"ORG;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:{firm[:24]}=\r\n{firm[24:]}\r\nTEL;CELL:{mobile(1)}\r\n"
    )
    old += "TEL;WORK;FAX:0556-9000001\r\nPHOTO;ENCODING=BASE64:QUJD\r\nEND:VCARD\r\n"
    new = f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:余良卿\r\nTEL;VALUE=uri:tel:+86-{mobile(2)}\r\nitem1.EMAIL;TYPE=work:y@example.com\r\n"
    new += "GENDER:M\r\nBDAY:19650803\r\nADR;TYPE=home:;;;上海市;;;\r\nNOTE:老友\\, 常联系\r\nEND:VCARD\r\n"
    truth = [
        {"name": "胡玉美", "organization": "安庆酱业有限公司", "phones": [mobile(1)]},
        {
            "name": "余良卿",
            "phones": [mobile(2)],
            "email": "y@example.com",
            "gender": "男",
            "birth": "1965-08",
            "city": "上海市",
        }
        | {"note": "老友, 常联系"},
    ]
    return "contacts.vcf", (old + new).encode(), truth


@kind
def a_person_over_two_lines_and_firms_in_merged_cells() -> Made:
    truth = [
        {
            "name": "汪道涵",
            "organization": "上海五千年文化有限公司",
            "title": "董事长",
            "phones": [mobile(1), mobile(2)],
        },
        {
            "name": "路过安",
            "organization": "上海五千年文化有限公司",
            "title": "总经理",
            "phones": [mobile(3)],
        },
        {"name": "操云鹏", "organization": "上海五千年文化有限公司", "title": "监事", "phones": []},
    ]

    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["单位", "姓名", "职务", "电话"])
        sheet.merge_range(1, 0, 4, 0, "上海五千年文化有限公司")
        sheet.merge_range(1, 1, 2, 1, "汪道涵")
        sheet.merge_range(1, 2, 2, 2, "董事长")
        sheet.write(1, 3, mobile(1))
        sheet.write(2, 3, mobile(2))
        sheet.write_row(3, 1, ["路过安", "总经理", mobile(3)])
        sheet.write_row(4, 1, ["操云鹏", "监事", "1.99E+10"])

    return "单位名单.xlsx", workbook(write), truth
