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
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WITHOUT_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
_CLOCK = re.compile(r"[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
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

    2022-01-07, 2022.1.13, 22/3/5, 2022年1月11日, 20220305, a serial number, a real date.

    Raises BadInput for anything else that is not empty.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, int | float):
        cell = _CLOCK.sub("", unicodedata.normalize("NFKC", text_of(cell)))
    text = _WEEKDAY.sub("", _half_width(cell))
    if not text:
        return None
    parts = _day_parts(text, year)
    if parts is None:
        raise BadInput(N_("“%(word)s”不是日期，请写成2022-01-07的样子"), word=text[:20])
    try:
        return date(*parts)
    except ValueError:
        raise BadInput(N_("没有“%(word)s”这一天"), word=text[:20]) from None


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
    text = text_of(cell)
    if text in {"", "-", "—", "/", "无"}:
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
