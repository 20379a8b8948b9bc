"""Ledgers as files: the office's own of 2022, changed cell by cell, and small made-up ones."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.builders import make_id_number
from worker_legal.infra.spreadsheets import Sheet, read_workbook

FILE = Path(__file__).parents[1] / "data" / "ledger-2022.xlsx"
LEDGER, ROSTER, INJURIES = "接访台账", "职工名册", "工伤认定申请"
HEAD = (
    *("序号", "接访日期", "来访方式", "受理点位", "职工姓名", "身份证号码", "涉及人数"),
    *("用人单位", "统一社会信用代码", "纠纷类型", "涉及金额（元）", "办理方式", "办理结果"),
    *("结案日期", "经办人"),
)
Place = tuple[str, int, str]


def original() -> bytes:
    """The office's own ledger of 2022, as it came."""
    return FILE.read_bytes()


def changed(cells: Mapping[Place, Any]) -> bytes:
    """The ledger of 2022 saved again with some cells changed, each by sheet, row and column."""
    sheets = read_workbook(original())
    for (name, row, column), value in cells.items():
        [sheet] = [sheet for sheet in sheets if sheet.name == name]
        sheet.rows[row - 1][ord(column) - ord("A")] = value
    return saved(sheets)


def saved(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with these sheets; dates are dates."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as book:
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            for number, row in enumerate(sheet.rows):
                for index, value in enumerate(row):
                    if isinstance(value, str):
                        page.write_string(number, index, value)
                    else:
                        page.write(number, index, value)
    return out.getvalue()


def small(*rows: Mapping[str, Any]) -> bytes:
    """A ledger of a few cases, each given by what differs from an ordinary one."""
    lines: list[list[Any]] = [list(HEAD)]
    for serial, row in enumerate(rows, start=1):
        ordinary: dict[str, Any] = {
            "序号": serial,
            "接访日期": date(2022, 3, serial),
            "来访方式": "来访",
            "受理点位": "示例服务点",
            "职工姓名": f"职工{serial}",
            "身份证号码": make_id_number(serial=serial),
            "涉及人数": 1,
            "用人单位": f"示例第{serial}制造有限公司",
            "纠纷类型": "劳动报酬",
            "涉及金额（元）": 1000 * serial,
            "办理方式": "咨询",
            "办理结果": "已答复",
            "结案日期": date(2022, 3, serial),
            "经办人": "经办甲",
        }
        lines.append([{**ordinary, **row}.get(name, "") for name in HEAD])
    return saved([Sheet(LEDGER, lines)])
