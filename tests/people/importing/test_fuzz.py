"""Whatever stands in the cells, a file is read or refused; it never breaks the reader."""

import contextlib
import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yishang_crm.people.importing import UnreadableFile, read_file

ODD = (
    "姓名 手机 单位 职务 籍贯 出生年月 备注 合计 小计 同上 〃 注：1.说明 填表人：甲 第一批 怀宁县 香港 江望之 查慧女士 李总 19900000001 1.99E+10 +852 "
    "9000 0001 0556-9000001 农历十二月初十 1965年十二月 三十 十月 1965.8 65年 24000 19650803 甲有限公司董事长 董事长 会长 a@example.com @ = =1+1 "
    "<script> ' \" ; 1/2 ++ ( ) （ ） ( 无 — 太湖 〇 𠮷 · 12345678901234567890 340822196508030011 共3人 一、桐城市（2人） 兼 、、 公司 有限公司"
).split()
cells = st.sampled_from(ODD) | st.text(max_size=12) | st.just("")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(cells, min_size=1, max_size=7), min_size=1, max_size=12))
def test_any_table_is_read_or_refused_and_every_row_accounted_for(rows):
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    try:
        reading = read_file(file.getvalue().encode("utf-8", errors="replace"), "名单.csv")
    except UnreadableFile:
        return
    for sheet in reading.sheets:
        assert [line.row for line in sheet.lines] == list(range(1, len(sheet.lines) + 1))
        assert sheet.counts["person"] == len(sheet.rows)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"BEGIN:VCARD\r\n"]),
)
def test_any_bytes_are_read_or_refused(content, start):
    with contextlib.suppress(UnreadableFile):
        assert read_file(start + content, "名单.xlsx").sheets
