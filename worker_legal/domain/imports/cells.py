"""Reading one cell of an office's ledger: days in every spelling, numbers kept as text."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.law import identifiers, money
from worker_legal.law.enums import IdType

EXCEL_ZERO = date(1899, 12, 30)
LONGEST_EXACT = 15
SERIAL_DAYS = range(20_000, 80_000)
CENTURY = 2000
_DATE = re.compile(r"(\d{4}|\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_SERIAL = re.compile(r"(?:.*\D)?(\d{1,5})号?")
# the year and the number in one: 2022001
_SERIAL_IN_YEAR = re.compile(r"(?:.*\D)?20\d{2}(\d{3,5})号?")
PER_WAN = 10_000
_APART = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
NO_AMOUNT = frozenset(
    ("", "-", "—", "–", "/", "无", "不详", "待定", "未知", "不涉及", "不涉及金额")
)
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WITHOUT_YEAR = re.compile(r"(\d{1,2})[月./-](\d{1,2})[日号]?")
_HOUR = r"\d{1,2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?|[时点](?:\d{1,2}分?|半|整)?)"
_CLOCK = re.compile(
    rf"(?:[T ]+{_HOUR}|(?<=[日号]){_HOUR}|[T ]*(?:上午|下午|早上|晚上|中午|傍晚) ?(?:{_HOUR})?)$"
)
# what stands between the parts of a day instead of a hyphen, and around it for no reason
_BETWEEN = re.compile(r"(?<=\d)[\s、,\\-]+(?=\d)")
_AROUND = "'`.,;、。 "
_NUMERALS = {sign: str(value) for value, sign in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "○": "0",
}
_IN_NUMERALS = re.compile(r"[零〇○一二三四五六七八九十]+(?=[年月日号])")
_WEEKDAY = re.compile(r"[（(]?(星期|周)[一二三四五六日天][)）]?$")
_ROUNDED = re.compile(r"\d(\.\d+)?E\+?1[4-7]", re.IGNORECASE)
DESTROYED = N_(
    "证件号码已被Excel当成数字破坏，后几位变成了0，请先把这一列设为“文本”格式，再照身份证重新录入"
)
_SPACES = re.compile(r"[\s\u3000\u200b\ufeff]+")


def text_of(cell: Any) -> str:
    """A cell as text: numbers without a tail of zeros, surrounding space gone."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**LONGEST_EXACT:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell).replace("\u3000", " ").replace("\x00", "").strip()


def name_of(cell: Any) -> str:
    """A person's name without the spaces that fill it up to the width of three characters."""
    text = text_of(cell)
    return _SPACES.sub("", text) if not text.isascii() else " ".join(text.split())


def _half_width(cell: Any) -> str:
    """What stands in a cell with half-width digits and without spaces."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text_of(cell)))


def date_of(cell: Any, year: int | None = None) -> date | None:
    """A day in any spelling Excel users produce; 3月5日 takes the year of its sheet.

    2022-01-07, 2022.1.13, 22/3/5, 2022年1月11日, 二〇二二年三月五日, 20220305, a serial number, a
    real date; an hour behind it is left out.

    Raises BadInput for anything else that is not empty.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, int | float):
        cell = _without_clock(text_of(cell))
    text = _WEEKDAY.sub("", _half_width(cell))
    if not text:
        return None
    # a number such as 3.1 may have been 3.10: only a text can be a day without its year
    parts = _day_parts(text, None if isinstance(cell, int | float) else year)
    if parts is None:
        raise BadInput(N_("“%(word)s”不是日期，请写成2022-01-07的样子"), word=text[:20])
    try:
        return date(*parts)
    except ValueError:
        raise BadInput(N_("没有“%(word)s”这一天"), word=text[:20]) from None


def _without_clock(text: str) -> str:
    """A day as text without its hour, its parts told apart by one sign, numerals as digits."""
    day = unicodedata.normalize("NFKC", text).strip(_AROUND)
    day = _BETWEEN.sub("-", _CLOCK.sub("", day)).strip(_AROUND)
    return _IN_NUMERALS.sub(lambda found: _digits(found[0]), day)


def _digits(numerals: str) -> str:
    """二〇二二 as 2022 and 二十三 as 23."""
    if "十" not in numerals:
        return "".join(_NUMERALS[sign] for sign in numerals)
    tens, _, ones = numerals.partition("十")
    return str(int(_NUMERALS.get(tens, "1")) * 10 + int(_NUMERALS.get(ones, "0")))


def _day_parts(text: str, year: int | None) -> tuple[int, int, int] | None:
    serial = re.fullmatch(r"(\d{5})(\.\d+)?", text)
    if serial is not None and int(serial[1]) in SERIAL_DAYS:
        day = EXCEL_ZERO + timedelta(days=int(serial[1]))
        return day.year, day.month, day.day
    found = _DATE.fullmatch(text) or _SOLID.fullmatch(text)
    if found is not None:
        first, month, last = (int(part) for part in found.groups())
        return first if len(found[1]) > 2 else CENTURY + first, month, last
    short = _WITHOUT_YEAR.fullmatch(text)
    return (year, int(short[1]), int(short[2])) if short and year else None


def fen_of(cell: Any, wan: bool = False) -> int | None:
    """An amount in fen from number or text (12,345.60 or 1.2万); a blank is none.

    A column in 万元 says so with `wan`; several cells of one case add up. Raises BadInput.
    """
    if isinstance(cell, tuple):
        parts = [part for one in cell if (part := fen_of(one, wan)) is not None]
        return sum(parts) if parts else None
    if isinstance(cell, bool):
        raise BadInput(N_("金额不是数字"))
    if isinstance(cell, int | float):
        try:
            # fifteen digits are what Excel keeps; behind them is the noise of its own sums
            yuan = Decimal(format(cell, ".15g")) * (PER_WAN if wan else 1)
            return money.parse_yuan(format(yuan, "f"))
        except InvalidOperation:
            raise BadInput(N_("金额不是数字")) from None
    # two numbers in one cell stay two, and no amount
    text = _APART.sub("", unicodedata.normalize("NFKC", text_of(cell))).removesuffix("整")
    if text in NO_AMOUNT:
        return None
    has_unit = not wan or text.endswith(("元", "万", "亿"))
    return money.parse_yuan(text if has_unit else f"{text}万")


def may_be_money(values: Iterable[Any]) -> bool:
    """Whether values could be amounts: a unit is asked for such columns only."""
    try:
        found = [fen_of(value) for value in values]
    except BadInput:
        return False
    return any(found)


def serial_of(cell: Any) -> int | None:
    """The running number of a row, also out of 2022-015, 2022015 or 第15号; a blank is none.

    Raises BadInput.
    """
    text = _half_width(cell)
    if not text:
        return None
    found = _SERIAL_IN_YEAR.fullmatch(text) or _SERIAL.fullmatch(text)
    if found is None or not int(found[1]):
        raise BadInput(N_("“%(word)s”不是序号"), word=text[:20])
    return int(found[1])


def count_of(cell: Any) -> int | None:
    """A number of people; a blank is none.

    Raises BadInput.
    """
    text = _half_width(cell).removesuffix("人").removesuffix("名")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise BadInput(N_("“%(word)s”不是人数"), word=text[:20])
    return int(text)


def id_number_of(cell: Any) -> str:
    """An identity number; one that Excel has turned into a rounded number is refused.

    Raises BadInput.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10**14:
        raise BadInput(DESTROYED)
    number = identifiers.normalise_id(text_of(cell))
    if _ROUNDED.fullmatch(_half_width(cell)) or _ends_rounded(number):
        raise BadInput(DESTROYED)
    return number


def _ends_rounded(number: str) -> bool:
    """Excel keeps 15 digits and puts three zeros behind; a true number ends so once in a while."""
    if len(number) != 18 or not number.isdigit() or not number.endswith("000"):
        return False
    return bool(identifiers.check_id(IdType.RESIDENT, number, clock.today()))


def id_type_of(number: str) -> IdType:
    """Which paper a ledger's number most likely stands on."""
    if not number:
        return IdType.NONE
    if len(number) == 18:
        return IdType.HMT_RESIDENT if number[:2] in {"81", "82", "83"} else IdType.RESIDENT
    return IdType.RESIDENT if number.isdigit() and len(number) >= 15 else IdType.OTHER


def phone_of(cell: Any) -> str:
    """A phone number, also when Excel kept it as a number."""
    return identifiers.normalise_phone(text_of(cell))
