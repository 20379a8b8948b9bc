"""Reading one cell of an office's ledger: dates in five spellings, numbers kept as text."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.law import identifiers, money
from worker_legal.law.enums import IdType

EXCEL_ZERO = date(1899, 12, 30)
LONGEST_EXACT = 15
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
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


def date_of(cell: Any) -> date | None:
    """A day written as 2022-01-07, 2022/1/8, 2022.1.13, 2022年1月11日 or a real date.

    Raises BadInput for anything else that is not empty.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and cell.is_integer() and 20_000 <= cell <= 80_000:
        return EXCEL_ZERO + timedelta(days=int(cell))
    text = text_of(cell)
    if not text:
        return None
    found = _DATE.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    if found is None:
        raise BadInput(N_("“%(word)s”不是日期，请写成2022-01-07的样子"), word=text[:20])
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise BadInput(N_("没有“%(word)s”这一天"), word=text[:20]) from None


def fen_of(cell: Any) -> int | None:
    """An amount in fen from yuan as number or text (12,345.60 or 1.2万); a blank is none.

    Raises BadInput.
    """
    if isinstance(cell, bool):
        raise BadInput(N_("金额不是数字"))
    if isinstance(cell, int | float):
        try:
            return money.parse_yuan(format(Decimal(repr(cell)), "f"))
        except InvalidOperation:
            raise BadInput(N_("金额不是数字")) from None
    text = text_of(cell)
    if text in {"", "-", "—", "/", "无"}:
        return None
    return money.parse_yuan(text)


def count_of(cell: Any) -> int | None:
    """A number of people; a blank is none.

    Raises BadInput.
    """
    text = text_of(cell).removesuffix("人")
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
        raise BadInput(
            N_("证件号码已被Excel当成数字破坏，后几位变成了0，请把这一列设为文本后重新录入")
        )
    return identifiers.normalise_id(text_of(cell))


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
