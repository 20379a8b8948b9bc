"""Three ledgers as other offices keep them, made with their totals known beforehand."""

import io
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import xlsxwriter

from tests.builders import make_id_number

EXCEL_ZERO = date(1899, 12, 30)
KINDS = ("拖欠工资", "工伤", "经济补偿", "社保")
METHODS = (("咨询", "已答复"), ("调解", "调解成功"), ("法律援助", "已指派律师"))


@dataclass
class Made:
    """A ledger file, its totals, and what its columns mean where its words are strange."""

    content: bytes = b""
    year: int = 2023
    cases: int = 0
    people: int = 0
    amount_fen: int = 0
    corrections: Mapping[str, str] = field(default_factory=dict)
    rows: str = "case"

    def count(self, people: int, fen: int) -> None:
        """Take one case into the totals."""
        self.cases += 1
        self.people += people
        self.amount_fen += fen

    @property
    def totals(self) -> tuple[int, int, int]:
        """Cases, people, fen."""
        return self.cases, self.people, self.amount_fen


def _book(fill: Callable[[Any], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as book:
        fill(book)
    return out.getvalue()


def two_line_heads(cases: int = 24) -> Made:
    """Titles above, a head over two lines with merged cells, 万元, days without a year."""
    made, luck = Made(year=2021), random.Random(1)
    made.corrections = {"用工主体": "employer", "接谈人": "handler"}

    def fill(book: Any) -> None:
        sheet = book.add_worksheet("汇总")
        sheet.merge_range("A1:M1", "2021年度劳动纠纷接待登记台账")
        sheet.merge_range("A2:M2", "填报单位：示例街道工会        单位：万元")
        for column, text in {"A": "序号", "B": "接待日期", "H": "用工主体", "M": "接谈人"}.items():
            sheet.merge_range(f"{column}3:{column}4", text)
        sheet.merge_range("C3:F3", "职工")
        sheet.merge_range("I3:J3", "金额")
        sheet.write_row("C4", ["姓名", "性别", "身份证号", "人数"])
        sheet.merge_range("G3:G4", "案由")
        sheet.write_row("I4", ["涉案金额", "协议金额"])
        sheet.merge_range("K3:L3", "办理")
        sheet.write_row("K4", ["方式", "结果"])
        for number in range(cases):
            people, tenths = luck.randint(1, 6), luck.randint(1, 900)
            made.count(people, tenths * 100_000)
            day = date(2021, 1, 5) + timedelta(days=11 * number)
            method, result = METHODS[number % 2]
            row = [number + 1, f"{day.month}月{day.day}日", f"李{number}", "男", make_id_number()]
            row += [people, KINDS[number % 4], f"示例第{number}机械有限公司", tenths / 10]
            row += ["", method, result, "王办"]
            sheet.write_row(4 + number, 0, row)
        last = 4 + cases
        sheet.write_row(last, 0, ["合计", "", "", "", "", made.people, "", ""])
        sheet.write(last, 8, made.amount_fen / 1_000_000)
        sheet.write(last + 1, 0, "填表人：王办        审核人：赵审")

    made.content = _book(fill)
    return made


def one_row_per_worker(cases: int = 15) -> Made:
    """A flat sheet of other words: the number again for each worker, days as numbers."""
    made, luck = Made(year=2020, rows="worker"), random.Random(2)
    made.corrections = {"单位全称": "employer", "诉请（元）": "amount", "处置": "method"}
    made.corrections |= {
        "处置情况": "result",
        "来访日": "registered_on",
        "登记编号": "serial",
    }

    def fill(book: Any) -> None:
        sheet = book.add_worksheet("Sheet1")
        head = [
            "来访日",
            "登记编号",
            "单位全称",
            "劳动者",
            "公民身份号码",
            "联系方式",
            "诉请（元）",
        ]
        sheet.write_row(0, 0, [*head, "争议事项", "处置", "处置情况", "附注"])
        line = 1
        for number in range(1, cases + 1):
            workers, fen = luck.randint(1, 4), 0
            day = date(2020, 2, 3) + timedelta(days=13 * number)
            for place in range(workers):
                cents = luck.randint(10_000, 9_000_000)
                fen += cents
                row: list[Any] = [
                    (day - EXCEL_ZERO).days,
                    f"2020-{number:03d}" if not place else "",
                ]
                row += [f"示例第{number}电子有限公司", f"周{number}{place}", make_id_number()]
                row += ["13900000000", f"{cents / 100:,.2f}", KINDS[number % 4], "咨询", "已答复"]
                sheet.write_row(line, 0, row)
                line += 1
            made.count(workers, fen)

    made.content = _book(fill)
    return made


def months_as_sheets(months: int = 4) -> Made:
    """A sheet per month, each with its own numbers, part sums and a total."""
    made, luck = Made(year=2019), random.Random(3)
    head = ["序号", "登记日期", "申请人", "申请人身份证号", "人数", "被申请人", "案由"]
    head += ["金额（元）", "处理方式", "处理结果", "结案时间"]

    def fill(book: Any) -> None:
        for month in range(1, months + 1):
            sheet = book.add_worksheet(f"{month}月")
            sheet.merge_range("A1:K1", f"2019年{month}月劳动争议登记表")
            sheet.write_row(1, 0, head)
            line, people, yuan = 2, 0, 0
            for number in range(1, 8):
                some, amount = luck.randint(1, 5), luck.randint(100, 90_000)
                people, yuan = people + some, yuan + amount
                made.count(some, amount * 100)
                day = f"19.{month}.{number + 3}"
                row = [number, day, f"孙{month}{number}", make_id_number(), some]
                row += [f"示例{month}之{number}家政有限公司", KINDS[number % 4], amount]
                sheet.write_row(line, 0, [*row, "咨询", "已答复", day])
                line += 1
                if number == 4:
                    sheet.write_row(line, 0, ["小计", "", "", "", people, "", "", yuan])
                    line += 1
            sheet.write_row(line, 0, ["本月合计", "", "", "", people, "", "", yuan])
            sheet.write_row(line + 1, 0, ["累计", "", "", "", made.people])

    made.content = _book(fill)
    return made


def with_words_of_its_own(quarters: int = 4) -> Made:
    """Labels broken over lines, days as 03.05, 6人, part sums without sums, notes at the end.

    Every column is known; what 办结 means in a mediation only the office can say.
    """
    made, luck = Made(year=2024), random.Random(4)
    head = [
        "序\n号",
        "接待\n时间",
        "来 访 人\n姓  名",
        "年龄",
        "身份证号",
        "所在单位",
        "来访\n事由",
    ]
    head += [
        "涉及\n人数",
        "涉及金额\n（万元）",
        "处理\n方式",
        "处理\n结果",
        "办结\n时间",
        "接待人\n签字",
    ]

    def fill(book: Any) -> None:
        sheet = book.add_worksheet("工作台账")
        sheet.merge_range("A1:M1", "附件2")
        sheet.merge_range("A2:M2", "2024年度职工维权工作台账")
        sheet.write("A3", "填报单位（盖章）：示例工会")
        sheet.write_row(3, 0, head)
        line = 4
        for quarter in range(quarters):
            for number in range(1, 6):
                people, hundredths = luck.randint(1, 6), luck.randint(1, 800)
                made.count(people, hundredths * 10_000)
                day = f"{1 + 3 * quarter:02d}.{3 * number:02d}"
                row: list[Any] = [quarter * 5 + number, day, f"陈 {KINDS[number % 4][0]}", 40]
                row += [make_id_number(), f"示例第{line}针织有限公司", KINDS[number % 4]]
                row += [f"{people}人", hundredths / 100, "调解", "办结", day, "林办"]
                sheet.write_row(line, 0, row)
                line += 1
            sheet.write_row(line, 0, ["", "小 计"])
            line += 1
        sheet.write_row(line, 1, ["合   计", "", "", "", "", "", f"{made.people}人"])
        sheet.write(line, 8, made.amount_fen / 1_000_000)
        sheet.write(line + 1, 0, "注：本表一式两份")
        sheet.write_row(line + 2, 0, ["填表人：林办", "", "", "审核人：王审"])

    made.content = _book(fill)
    return made


ALL: Mapping[str, Callable[[], Made]] = {
    "two-line-heads": two_line_heads,
    "one-row-per-worker": one_row_per_worker,
    "months-as-sheets": months_as_sheets,
}
