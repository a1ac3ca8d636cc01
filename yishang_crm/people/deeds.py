"""What the trail calls the deeds of this room; its small rooms name their own."""

from yishang_crm.core.deeds import say_deeds
from yishang_crm.core.words import N_
from yishang_crm.people.exports import deeds as exports
from yishang_crm.people.files import deeds as files
from yishang_crm.people.rights import deeds as rights
from yishang_crm.people.rounds import deeds as rounds
from yishang_crm.people.stewards import deeds as stewards


def open_deeds() -> None:
    """Leave them where the trail looks."""
    for small_room in (exports, files, rights, rounds, stewards):
        small_room.open_deeds()
    say_deeds(
        "people",
        {
            # The record of a person.
            "add_person": N_("添加人员"),
            "edit_person": N_("修改人员资料"),
            "edit_cell": N_("在名单里改一项"),
            "confirm": N_("确认资料无误"),
            "add_post": N_("添加任职"),
            "end_post": N_("登记离任"),
            "set_id_number": N_("登记证件号码"),
            "open_id_number": N_("打开证件号码"),
            "reencrypt_id_numbers": N_("证件号码换用新密钥"),
            "add_contact": N_("添加联系方式"),
            "mark_contact": N_("标记联系方式的状态"),
            "edit_contact": N_("修改联系方式"),
            "edit_post": N_("修改任职"),
            "remove_contact": N_("删除联系方式"),
            "open_contact": N_("打开联系方式"),
            "forbid_contact": N_("登记要求不再联系"),
            "reach_again": N_("恢复联系"),
            "share": N_("共享给别的单位"),
            "set_owner": N_("指定联系人"),
            "relate": N_("添加人际关系"),
            "end_relation": N_("结束人际关系"),
            "turn_birthdays": N_("推算下次生日"),
            "add_up_counts": N_("归并人数统计"),
            # Many at once.
            "edit_many": N_("批量修改人员"),
            "tag_many": N_("批量打标签"),
            "untag_many": N_("批量去标签"),
            "assign_owner": N_("批量指定联系人"),
            "assign_unit": N_("批量改负责单位"),
            # Lists.
            "add_tag": N_("新建标签"),
            "rename_tag": N_("给标签改名"),
            "retire_tag": N_("停用标签"),
            "revive_tag": N_("恢复标签"),
            "set_cell_tags": N_("在名单里改标签"),
            "save_view": N_("存为视图"),
            "keep_view": N_("更新视图的条件"),
            "rename_view": N_("给视图改名"),
            "remove_view": N_("删除视图"),
            "choose_columns": N_("选择名单的列"),
            "add_segment": N_("新建人群"),
            "edit_segment": N_("修改人群"),
            "remove_segment": N_("删除人群"),
            "begin_snapshot": N_("开始留存快照"),
            "freeze": N_("写入快照名单"),
            "finish_snapshot": N_("快照留存完毕"),
            # Twice in the record.
            "find_duplicates": N_("全库查重"),
            "keep_ready": N_("准备查重的依据"),
            "decide_pair": N_("判定疑似重复"),
            "offer_again": N_("重新列入查重"),
            "merge_people": N_("合并重复的人"),
            "undo_merge": N_("撤销合并"),
            "ask_merge": N_("请市局合并"),
            # Organizations and dictionaries.
            "add_organization": N_("添加企业商会等单位"),
            "edit_organization": N_("修改企业商会等单位"),
            "begin_edition": N_("商会换届"),
            "add_officer": N_("添加商会任职"),
            "add_word": N_("添加词典条目"),
            "edit_word": N_("修改词典条目"),
            "confirm_word": N_("核定词典条目"),
            "close_word": N_("停用词典条目"),
            "reopen_word": N_("恢复词典条目"),
            "seed_dictionary": N_("导入出厂词典"),
            "add_place": N_("添加籍贯条目"),
            "edit_place": N_("修改籍贯条目"),
            "seed_places": N_("导入籍贯字典"),
            # Files that are brought.
            "open_batch": N_("读入名册"),
            "keep_file": N_("暂存名册原件"),
            "check": N_("核对名册"),
            "decide_row": N_("处理名册的一处冲突"),
            "decide_rows": N_("批量处理名册的冲突"),
            "mend_cell": N_("更正名册的一格"),
            "choose_rule": N_("选定两边不同以谁为准"),
            "check_again": N_("重新核对名册"),
            "remember_layout": N_("记住名册的列"),
            "take_problem_rows": N_("取走名册没写入的行"),
            "discard_import": N_("作废名册"),
            "wipe_import": N_("清除名册的内容"),
            "begin_writing": N_("确定写入名册"),
            "take_up_import": N_("着手写入名册"),
            "import": N_("写入名册"),
            "update_from_file": N_("按名册更新资料"),
            "finish_import": N_("名册写入完毕"),
            "close_import": N_("中止写入名册"),
            "begin_undoing": N_("确定撤销导入"),
            "undo_import": N_("撤销导入"),
            "put_back": N_("恢复导入前的资料"),
            "finish_undoing": N_("撤销导入完毕"),
            "drop_images": N_("清除撤销导入的依据"),
            "end_undoing": N_("导入过期不可撤销"),
        },
    )
