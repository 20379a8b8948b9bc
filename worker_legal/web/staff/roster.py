"""A list of workers copied from a spreadsheet: which column is what, one row per worker (B4)."""

import re
import unicodedata
from collections.abc import Sequence

NAMES = ("name", "id_no", "phone", "claim_note", "claimed")
MOST_ROWS = 500
_HEADS = {
    "name": ("姓名", "职工", "name"),
    "id_no": ("证件", "身份证", "id"),
    "phone": ("手机", "电话", "联系", "phone", "mobile"),
    "claim_note": ("月份", "期间", "欠薪月", "month"),
    "claimed": ("金额", "工资", "数额", "元", "amount"),
}
_ID = re.compile(r"[0-9]{14,17}[0-9Xx]{0,2}|[A-Z]{1,3}[0-9]{7,12}")
_PHONE = re.compile(r"(\+?86)?[- ]?(1[0-9]{10}|0[0-9]{2,3}[- ]?[0-9]{7,8})")
_AMOUNT = re.compile(r"[¥￥]?[0-9][0-9,]*(\.[0-9]+)?(元|万|万元)?")
_MONTHS = re.compile(r"[0-9年月、,，.\-至到~ ]*月[0-9年月、,，.\-至到~ ]*|[0-9]{4}[-.][0-9]{1,2}.*")
_NAME = re.compile(r"[\u3400-\u9fff·]{2,15}|[A-Za-z][A-Za-z .'-]{1,58}")
_WORDS = re.compile(r".*[^\W\d].*")
_SEQ = re.compile(r"[0-9]{1,3}")
_SHAPES = (("id_no", _ID), ("phone", _PHONE), ("claim_note", _MONTHS), ("claimed", _AMOUNT))


def read_roster(text: str) -> list[dict[str, str]]:
    """Rows of a pasted list as name, id_no, phone, claim_note and claimed; texts as they stood."""
    lines = [_cells(line) for line in text.replace("\r", "").split("\n") if line.strip()]
    lines = lines[: MOST_ROWS + 1]
    if not lines:
        return []
    heads = _named_columns(lines[0])
    body = lines[1:] if heads else lines
    columns = heads or _guessed_columns(body)
    rows = []
    for cells in body:
        row = {name: cells[place] for name, place in columns.items() if place < len(cells)}
        if any(row.values()) and not _is_total(row):
            rows.append({name: row.get(name, "") for name in NAMES})
    return rows[:MOST_ROWS]


def _cells(line: str) -> list[str]:
    separator = "\t" if "\t" in line else "," if line.count(",") > 1 else None
    parts = line.split(separator) if separator else line.split()
    return [part.strip().strip('"').strip() for part in parts]


def _is_total(row: dict[str, str]) -> bool:
    return row.get("name", "").replace(" ", "") in {"合计", "总计", "小计"}


def _named_columns(cells: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        word = cell.lower()
        for name, marks in _HEADS.items():
            if name not in columns and any(mark in word for mark in marks):
                columns[name] = place
                break
    return columns if "name" in columns and len(columns) > 1 else {}


def _guessed_columns(body: Sequence[Sequence[str]]) -> dict[str, int]:
    columns: dict[str, int] = {}
    width = max(len(cells) for cells in body)
    free = [place for place in range(width) if not _counts_up(body, place)]
    for name, shape in _SHAPES:
        best = _best(body, free, shape)
        if best is not None:
            columns[name] = best
            free.remove(best)
    named = _best(body, free, _NAME)
    if named is None:  # odd names are names all the same, if the column holds words at all
        named = _best(body, free[:1], _WORDS)
    if named is not None:
        columns["name"] = named
    return columns


def _best(body: Sequence[Sequence[str]], free: Sequence[int], shape: re.Pattern[str]) -> int | None:
    scores = {place: _score(body, place, shape) for place in free}
    # of equal columns the later one: a serial number stands in front of an amount
    best = max(scores, key=lambda place: (scores[place], place), default=None)
    return best if best is not None and scores[best] >= 0.5 else None


def _score(body: Sequence[Sequence[str]], place: int, shape: re.Pattern[str]) -> float:
    filled = [cells[place] for cells in body if place < len(cells) and cells[place]]
    fitting = sum(bool(shape.fullmatch(_plain(cell))) for cell in filled)
    return fitting / len(filled) if filled else 0.0


def _counts_up(body: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a column only numbers the rows: 1, 2, 3 …"""
    cells = [row[place] if place < len(row) else "" for row in body]
    if not all(_SEQ.fullmatch(_plain(cell)) for cell in cells if cell):
        return False
    numbers = [int(_plain(cell)) for cell in cells if cell]
    return len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip()
