"""Money: whole fen, read from and printed as yuan; the only place where anything is rounded."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TypeAlias

from worker_legal.errors import BadInput
from worker_legal.i18n import N_

MAX_FEN = 1_000_000_000_000
"""The largest amount taken anywhere: ten thousand million yuan."""

_PREFIX = re.compile(r"^(?:人民币|RMB|CNY)?\s*¥?\s*", re.IGNORECASE)
_NUMBER = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?")
_UNITS = {"": 1, "元": 1, "圆": 1, "万": 10_000, "万元": 10_000, "亿": 10**8, "亿元": 10**8}
_MINUS = ("-", "\u2212", "\u2013", "(")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")

Exact: TypeAlias = int | Fraction | Decimal


def round_half_up(value: Exact) -> int:
    """Round an exact amount to whole fen, half a fen away from zero."""
    exact = Fraction(value)
    size = floor(abs(exact) + Fraction(1, 2))
    return size if exact >= 0 else -size


def parse_yuan(text: str, field: str | None = None) -> int:
    """Read what a clerk types for an amount in yuan ("12,345.60", "1.2万", "¥８００") as fen."""
    typed = unicodedata.normalize("NFKC", text).strip()
    if not typed:
        raise BadInput(N_("请填写金额"), field=field)
    bare = _PREFIX.sub("", typed)
    if typed.startswith(_MINUS) or bare.startswith(_MINUS):
        raise BadInput(N_("金额不能为负数"), field=field)
    number = _NUMBER.match(bare)
    unit = bare[number.end() :].strip() if number else ""
    if number is None or unit not in _UNITS:
        raise BadInput(N_("金额应为数字，例如 12,345.60 或 1.2万"), field=field)
    whole, part = number["whole"].replace(",", "").lstrip("0"), (number["part"] or "").rstrip("0")
    if len(whole) > 12:
        raise BadInput(N_("金额过大，请核对位数和单位"), field=field)
    if len(part) > 10:
        raise BadInput(N_("金额最多保留两位小数"), field=field)
    fen = (Fraction(int(whole or "0")) + Fraction(int(part or "0"), 10 ** len(part))) * 100
    return _whole_fen(fen * _UNITS[unit], field)


def _whole_fen(fen: Fraction, field: str | None) -> int:
    if fen.denominator != 1:
        raise BadInput(N_("金额最多保留两位小数"), field=field)
    if fen > MAX_FEN:
        raise BadInput(N_("金额过大，请核对位数和单位"), field=field)
    return fen.numerator


def format_yuan(fen: int) -> str:
    """Print fen as yuan with thousands marks and two decimals: "12,345.60"."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def format_wan(fen: int, places: int = 2) -> str:
    """Print fen in ten thousands of yuan (万元), rounded half up to so many decimals."""
    units = round_half_up(Fraction(fen * 10**places, 1_000_000))
    sign = "-" if units < 0 else ""
    whole, part = divmod(abs(units), 10**places)
    return f"{sign}{whole:,}.{part:0{places}d}" if places else f"{sign}{whole:,}"


def in_words(fen: int) -> str:
    """Write an amount in the capital numerals of receipts and agreements (大写)."""
    yuan, rest = divmod(abs(fen), 100)
    jiao, cents = divmod(rest, 10)
    words = f"{_whole_in_words(yuan)}元" if yuan else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif cents and yuan:
        words += "零"
    if cents:
        words += f"{_DIGITS[cents]}分"
    else:
        words = f"{words or '零元'}整"
    return f"负{words}" if fen < 0 else words


def _whole_in_words(yuan: int) -> str:
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if yuan >= size:
            high, low = divmod(yuan, size)
            gap = "零" if 0 < low < size // 10 else ""
            return _whole_in_words(high) + name + gap + (_whole_in_words(low) if low else "")
    return _group_in_words(yuan)


def _group_in_words(group: int) -> str:
    words = "".join(
        f"{_DIGITS[int(digit)]}{_PLACES[len(str(group)) - 1 - place]}" if digit != "0" else "零"
        for place, digit in enumerate(str(group))
    )
    return re.sub("零+", "零", words).rstrip("零")


def share(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Divide fen by weights so that the parts add up to the total (largest remainders first)."""
    whole = sum((Fraction(weight) for weight in weights), Fraction(0))
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise BadInput(N_("分配比例不能为负，合计应大于零"))
    exact = [Fraction(total) * Fraction(weight) / whole for weight in weights]
    parts = [floor(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts
