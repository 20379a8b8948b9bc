"""The words of the log: what was done, to what, and what else was noted."""

from typing import Any

from flask_babel import gettext, lazy_gettext

from worker_legal.domain.permissions import Role

ACTIONS = {
    "sign_in": lazy_gettext("登录"),
    "sign_in_failed": lazy_gettext("登录失败"),
    "sign_out": lazy_gettext("退出"),
    "end_other_sessions": lazy_gettext("退出其他设备"),
    "change_password": lazy_gettext("修改密码"),
    "enrol_second_factor": lazy_gettext("设置动态码"),
    "reset_second_factor": lazy_gettext("重置动态码"),
    "make_link": lazy_gettext("给一次性链接"),
    "use_link": lazy_gettext("用一次性链接设置密码"),
    "create_user": lazy_gettext("新建账号"),
    "change_user": lazy_gettext("修改账号"),
    "grant_role": lazy_gettext("加角色"),
    "revoke_roles": lazy_gettext("取消角色"),
    "disable_user": lazy_gettext("停用账号"),
    "enable_user": lazy_gettext("启用账号"),
    "set_up_office": lazy_gettext("修改单位信息"),
    "add_site": lazy_gettext("添加站点"),
    "edit_site": lazy_gettext("修改站点"),
    "move_site": lazy_gettext("移动站点"),
    "retire_site": lazy_gettext("停用站点"),
    "reopen_site": lazy_gettext("启用站点"),
    "set_route": lazy_gettext("设置送达方式"),
    "try_route": lazy_gettext("试发"),
    "set_own_route": lazy_gettext("设置自己的送达方式"),
    "enter_leave": lazy_gettext("登记不在和代班"),
    "take_back_leave": lazy_gettext("取消不在和代班"),
    "retry_delivery": lazy_gettext("再送一次"),
    "print_tray": lazy_gettext("打印待发箱"),
    "run_job": lazy_gettext("运行任务"),
    "print_dates": lazy_gettext("打印期限单"),
    "tick_off": lazy_gettext("代发打勾"),
    "import_holidays": lazy_gettext("导入放假安排"),
    "import_ledger": lazy_gettext("导入台账"),
    "confirm_restore": lazy_gettext("确认恢复完成"),
    "set_ladder": lazy_gettext("修改升级提醒"),
    "learn_ledger": lazy_gettext("记住台账的列"),
    "learn_words": lazy_gettext("确认台账的词"),
    "save_ledger_template": lazy_gettext("记住导出台账的格式"),
    "forget_ledger_template": lazy_gettext("恢复通常的台账格式"),
    "undo_import": lazy_gettext("撤销台账导入"),
    "set_sending_hours": lazy_gettext("修改发送时间"),
    "set_steps": lazy_gettext("修改提醒步骤"),
    "seed_parameters": lazy_gettext("写入自带的标准"),
    "add_parameter": lazy_gettext("添加地方标准"),
    "correct_parameter": lazy_gettext("更正地方标准"),
    "remove_parameter": lazy_gettext("删除地方标准"),
    "attach_calculation": lazy_gettext("附上计算"),
    "set_comparison": lazy_gettext("填写对比数字"),
    "save_wording": lazy_gettext("修改报告用语"),
    "lock_figures": lazy_gettext("锁定统计"),
    "unlock_figures": lazy_gettext("解除锁定"),
    "export": lazy_gettext("导出"),
    "ask_export": lazy_gettext("申请导出"),
    "agree_export": lazy_gettext("同意导出"),
    "refuse_export": lazy_gettext("不同意导出"),
    "fetch_export": lazy_gettext("下载导出的文件"),
    "register": lazy_gettext("登记案件"),
    "view": lazy_gettext("打开案件"),
    "open_proceeding": lazy_gettext("开始程序"),
    "record_event": lazy_gettext("登记事项"),
    "correct_event": lazy_gettext("更正事项"),
    "party_changed": lazy_gettext("当事人变更"),
    "facts_changed": lazy_gettext("事实日期变更"),
    "case_changed": lazy_gettext("登记事项变更"),
    "assigned": lazy_gettext("交办"),
    "handed_over": lazy_gettext("移交站点"),
    "close": lazy_gettext("结案"),
    "reopen": lazy_gettext("重开案件"),
    "void": lazy_gettext("作废案件"),
    "assign": lazy_gettext("指派"),
    "take": lazy_gettext("接手"),
    "hand_over": lazy_gettext("转交"),
    "reveal": lazy_gettext("查看敏感信息"),
    "issue_receipt": lazy_gettext("打印回执"),
    "merge": lazy_gettext("合并单位"),
    "classify_employer": lazy_gettext("改单位行业和规模"),
}
OBJECTS = {
    "user": lazy_gettext("账号"),
    "office": lazy_gettext("单位信息"),
    "route": lazy_gettext("送达方式"),
    "message": lazy_gettext("消息"),
    "org_unit": lazy_gettext("站点"),
    "job": lazy_gettext("任务"),
    "ledger_mapping": lazy_gettext("台账列的对应"),
    "ledger_template": lazy_gettext("导出台账的格式"),
    "ledger": lazy_gettext("台账"),
    "holiday": lazy_gettext("放假安排"),
    "case": lazy_gettext("案件"),
    "worker": lazy_gettext("职工"),
    "employer": lazy_gettext("用人单位"),
    "import_batch": lazy_gettext("台账"),
    "comparison_series": lazy_gettext("对比数字"),
    "report_template": lazy_gettext("报告用语"),
    "annual_snapshot": lazy_gettext("锁定的统计"),
    "export": lazy_gettext("导出"),
    "export_job": lazy_gettext("导出"),
    "parameter": lazy_gettext("地方标准"),
    "statistics": lazy_gettext("统计"),
    "reminder_step": lazy_gettext("提醒步骤"),
    "restore": lazy_gettext("备份恢复"),
    "reminder_ladder": lazy_gettext("升级提醒"),
    "sending_hours": lazy_gettext("发送时间"),
}
DETAILS = {
    "roles": lazy_gettext("角色"),
    "role": lazy_gettext("角色"),
    "site": lazy_gettext("站点编号"),
    "under": lazy_gettext("上级编号"),
    "reason": lazy_gettext("理由"),
    "fields": lazy_gettext("项目"),
    "field": lazy_gettext("项目"),
    "count": lazy_gettext("数量"),
    "rows": lazy_gettext("行数"),
    "people": lazy_gettext("人数"),
    "year": lazy_gettext("年份"),
    "old": lazy_gettext("原来"),
    "new": lazy_gettext("改为"),
    "cases": lazy_gettext("案件数"),
    "party": lazy_gettext("当事人编号"),
    "reissued": lazy_gettext("重新发放"),
    "merged": lazy_gettext("并入"),
    "industry": lazy_gettext("行业"),
    "size": lazy_gettext("企业规模"),
    "kind": lazy_gettext("种类"),
    "way": lazy_gettext("送达方式"),
    "on": lazy_gettext("使用"),
    "result": lazy_gettext("结果"),
    "deputy": lazy_gettext("代班账号编号"),
    "first_on": lazy_gettext("第一天"),
    "last_on": lazy_gettext("最后一天"),
}
DONE = {
    "planned": lazy_gettext("新安排"),
    "withdrawn": lazy_gettext("已撤回"),
    "delivered": lazy_gettext("已送到"),
    "accepted": lazy_gettext("对方已收"),
    "failed": lazy_gettext("没有送出"),
    "unannounced": lazy_gettext("该提醒而没有提醒"),
    "buckets": lazy_gettext("补算"),
    "days": lazy_gettext("封存天数"),
    "last": lazy_gettext("最后一天"),
    "sessions": lazy_gettext("清理会话"),
    "exports": lazy_gettext("清理导出"),
    "trouble": lazy_gettext("停下"),
}
TROUBLES = {
    "clocks_differ": lazy_gettext("数据库和程序的时钟不一致，暂停安排新提醒"),
    "restored": lazy_gettext("数据库从备份恢复过，等主任或管理员确认后再发"),
    "clock_went_back": lazy_gettext("时钟倒退了，暂停安排新提醒"),
}
ROLE_LABELS = {role.value: role.label for role in Role}


def action_word(code: str) -> str:
    """What was done, in words; the code itself where nobody has put it into words."""
    return str(ACTIONS.get(code, code))


def object_word(code: str) -> str:
    """To what it was done."""
    return str(OBJECTS.get(code, code))


def result_words(text: str) -> str:
    """What a job did, in words; what is not pairs of a name and a value stays as it is."""
    pairs = [part.partition("=") for part in text.split()]
    if not all(equals for _, equals, _ in pairs):
        return text
    said = [f"{DONE.get(name, name)} {_told(name, value)}" for name, _, value in pairs]
    return gettext("，").join(said)


def _told(name: str, value: str) -> str:
    return trouble_words(value) if name == "trouble" else value


def trouble_words(code: str) -> str:
    """Why planning stands still."""
    return str(TROUBLES.get(code, code))


def detail_words(detail: dict[str, Any]) -> str:
    """What else was noted of an action."""
    parts = [
        gettext("%(name)s：%(value)s", name=DETAILS.get(name, name), value=_value(value))
        for name, value in detail.items()
        if value not in ("", None, [], {})
    ]
    return gettext("；").join(parts)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, list | tuple):
        return gettext("、").join(_value(item) for item in value)
    text = str(value)
    return gettext(ROLE_LABELS[text]) if text in ROLE_LABELS else text
