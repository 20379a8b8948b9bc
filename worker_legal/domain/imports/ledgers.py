"""Which column of an office's ledger means what, and the office's words for our codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra.spreadsheets import Sheet
from worker_legal.law.enums import Channel, DisputeKind, Gender, Outcome, Stage

HEAD_WITHIN = 12

CASES: Mapping[str, tuple[str, ...]] = {
    "serial": ("序号", "编号", "台账序号"),
    "registered_on": ("接访日期", "登记日期", "受理日期", "来访日期", "日期"),
    "channel": ("来访方式", "渠道", "来源", "受理方式"),
    "site": ("受理点位", "站点", "受理站点", "受理点", "接访地点"),
    "name": ("职工姓名", "姓名", "申请人", "当事人"),
    "gender": ("性别",),
    "id_no": ("身份证号码", "身份证号", "证件号码", "身份证"),
    "phone": ("联系电话", "电话", "手机", "手机号码"),
    "people": ("涉及人数", "人数", "涉及职工人数"),
    "employer": ("用人单位", "单位名称", "被申请人", "企业名称"),
    "uscc": ("统一社会信用代码", "信用代码"),
    "kind": ("纠纷类型", "争议类型", "案由", "事由"),
    "story": ("诉求摘要", "诉求", "主要诉求", "案情"),
    "amount": ("涉及金额（元）", "涉及金额", "金额", "金额（元）", "涉案金额", "涉案金额（元）"),
    "method": ("办理方式", "处理方式", "环节"),
    "result": ("办理结果", "处理结果", "结果"),
    "settled": ("协议/裁决金额（元）", "协议金额", "协议金额（元）", "结案金额", "裁决金额"),
    "closed_on": ("结案日期", "办结日期"),
    "handler": ("经办人", "承办人", "办理人"),
    "remark": ("备注", "说明"),
}
CASES_NEED = ("serial", "registered_on", "name", "employer", "kind", "method", "result")

ROSTER: Mapping[str, tuple[str, ...]] = {
    "serial": ("台账序号", "序号", "案件序号"),
    "name": ("姓名", "职工姓名"),
    "gender": ("性别",),
    "id_no": CASES["id_no"],
    "phone": CASES["phone"],
    "amount": CASES["amount"],
    "representative": ("是否代表", "代表"),
}
ROSTER_NEED = ("serial", "name")

INJURIES: Mapping[str, tuple[str, ...]] = {
    "serial": ("台账序号", "序号", "案件序号"),
    "name": ("职工姓名", "姓名"),
    "id_no": CASES["id_no"],
    "injured_on": ("受伤日期", "事故日期"),
    "filed_on": ("申请日期",),
    "applicant": ("申请人",),
    "accepted_on": ("受理日期",),
    "conclusion": ("认定结论", "结论"),
    "concluded_on": ("认定日期",),
    "grade": ("伤残等级", "等级"),
}
INJURIES_NEED = ("serial", "name", "filed_on")

CHANNELS = {
    "来访": Channel.WALK_IN,
    "现场来访": Channel.WALK_IN,
    "上门": Channel.WALK_IN,
    "来电": Channel.PHONE,
    "电话": Channel.PHONE,
    "12351": Channel.UNION_HOTLINE,
    "12351转办": Channel.UNION_HOTLINE,
    "12345": Channel.CITY_HOTLINE,
    "12345转办": Channel.CITY_HOTLINE,
    "网上": Channel.QR,
    "扫码": Channel.QR,
    "转入": Channel.TRANSFER_IN,
    "转办": Channel.TRANSFER_IN,
}
KINDS = {
    **{kind.label: kind for kind in DisputeKind},
    "拖欠工资": DisputeKind.PAY,
    "工伤": DisputeKind.WORK_INJURY,
    "经济补偿": DisputeKind.TERMINATION,
    "解除劳动合同": DisputeKind.TERMINATION,
    "劳动关系": DisputeKind.RELATION,
    "加班费": DisputeKind.PAY,
    "社保": DisputeKind.SOCIAL_INSURANCE,
}
METHODS = {
    "咨询": Stage.CONSULTATION,
    "法律援助": Stage.LEGAL_AID,
    "援助": Stage.LEGAL_AID,
    "调解": Stage.MEDIATION,
    "仲裁": Stage.ARBITRATION,
    "诉讼": Stage.LITIGATION,
    "执行": Stage.ENFORCEMENT,
    "检察": Stage.PROCURATORATE,
    "劳动监察": Stage.INSPECTION,
    "监察": Stage.INSPECTION,
    "工伤认定": Stage.WORK_INJURY,
}
OPEN_RESULTS = frozenset({"办理中", "在办", "未结", ""})
RESULTS: Mapping[tuple[Stage, str], Outcome] = {
    (Stage.CONSULTATION, "已答复"): Outcome.ADVISED,
    (Stage.CONSULTATION, "转介"): Outcome.REFERRED,
    (Stage.LEGAL_AID, "已指派律师"): Outcome.AID_GRANTED,
    (Stage.LEGAL_AID, "不予援助"): Outcome.AID_REFUSED,
    (Stage.MEDIATION, "达成调解协议"): Outcome.AGREED,
    (Stage.MEDIATION, "调解成功"): Outcome.AGREED,
    (Stage.MEDIATION, "和解"): Outcome.RECONCILED,
    (Stage.MEDIATION, "调解不成"): Outcome.FAILED,
    (Stage.ARBITRATION, "仲裁调解"): Outcome.MEDIATED,
    (Stage.ARBITRATION, "裁决"): Outcome.AWARDED,
    (Stage.LITIGATION, "判决"): Outcome.JUDGMENT_FIRST,
    (Stage.LITIGATION, "法院调解"): Outcome.MEDIATED,
    (Stage.INSPECTION, "责令改正"): Outcome.ORDERED,
    (Stage.ENFORCEMENT, "执行完毕"): Outcome.PERFORMED,
    **{(stage, "撤回"): Outcome.WITHDRAWN for stage in Stage},
    **{(stage, "撤诉"): Outcome.WITHDRAWN for stage in Stage},
}
CONCLUSIONS = {
    "认定为工伤": Outcome.RECOGNISED,
    "认定工伤": Outcome.RECOGNISED,
    "不予认定": Outcome.NOT_RECOGNISED,
    "不予认定工伤": Outcome.NOT_RECOGNISED,
}
APPLICANTS = {"职工本人": "worker", "近亲属": "kin", "工会": "union", "用人单位": "employer"}
GENDERS = {"男": Gender.MALE, "女": Gender.FEMALE}
TOTALS = ("合计", "总计", "小计")


@dataclass(frozen=True)
class Line:
    """One data row of a sheet: where it stands and its cells by meaning."""

    sheet: str
    number: int
    cells: Mapping[str, Any]
    columns: Mapping[str, str]

    def column(self, field: str) -> str:
        """The letter of the column a field was read from."""
        return self.columns.get(field, "")


@dataclass(frozen=True)
class Book:
    """A ledger as found: its lines, the totals row, and the lines above the head."""

    cases: list[Line]
    roster: list[Line]
    injuries: list[Line]
    totals: Line | None
    preface: tuple[str, ...]


def read_book(sheets: Sequence[Sheet]) -> Book:
    """Find the ledger, the roster and the work-injury sheet by their heads.

    Raises BadInput when no sheet looks like a ledger.
    """
    found = {
        "injuries": _find(sheets, INJURIES, INJURIES_NEED),
        "cases": _find(sheets, CASES, CASES_NEED),
    }
    used = {sheet.name for sheet, _, _ in filter(None, found.values())}
    others = [sheet for sheet in sheets if sheet.name not in used]
    found["roster"] = _find(others, ROSTER, ROSTER_NEED)
    if found["cases"] is None:
        names = "、".join(CASES[field][0] for field in CASES_NEED)
        raise BadInput(N_("没有找到台账：表头要有%(names)s这几列"), field="file", names=names)
    sheet, head, columns = found["cases"]
    lines = _lines(sheet, head, columns)
    totals = [line for line in lines if _is_total(line)]
    preface = tuple(
        str(cell).strip() for row in sheet.rows[:head] for cell in row if str(cell).strip()
    )
    return Book(
        cases=[line for line in lines if not _is_total(line)],
        roster=_all_lines(found["roster"]),
        injuries=_all_lines(found["injuries"]),
        totals=totals[-1] if totals else None,
        preface=preface,
    )


Found = tuple[Sheet, int, dict[str, int]]


def _find(
    sheets: Sequence[Sheet], fields: Mapping[str, tuple[str, ...]], needed: Sequence[str]
) -> Found | None:
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[:HEAD_WITHIN]):
            columns = _columns(row, fields)
            if all(field in columns for field in needed):
                return sheet, number, columns
    return None


def _columns(row: Sequence[Any], fields: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    heads = {_plain(cell): index for index, cell in reversed(list(enumerate(row)))}
    columns: dict[str, int] = {}
    for field, names in fields.items():
        for name in names:
            index = heads.get(_plain(name))
            if index is not None and index not in columns.values():
                columns[field] = index
                break
    return columns


def _plain(cell: Any) -> str:
    text = "".join(str(cell).split())
    return text.replace("(", "（").replace(")", "）")


def _all_lines(found: Found | None) -> list[Line]:
    return [] if found is None else [line for line in _lines(*found) if not _is_total(line)]


def _lines(sheet: Sheet, head: int, columns: Mapping[str, int]) -> list[Line]:
    letters = {field: letter(index) for field, index in columns.items()}
    lines = []
    for number, row in enumerate(sheet.rows[head + 1 :], start=head + 2):
        cells = {field: row[i] if i < len(row) else "" for field, i in columns.items()}
        if any(str(cell).strip() for cell in cells.values()):
            lines.append(Line(sheet.name, number, cells, letters))
    return lines


def _is_total(line: Line) -> bool:
    return _plain(line.cells.get("serial", "")).startswith(TOTALS)


def letter(index: int) -> str:
    """The letter Excel gives a column, from 0."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text
