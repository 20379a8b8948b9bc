"""Finding the head of a sheet: where it stands, over how many rows, what its columns are called."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from worker_legal.domain.imports import ledgers
from worker_legal.infra.spreadsheets import Sheet

HEAD_WITHIN = 12
FEWEST_KNOWN = 2
FEWEST_NAMED = 3
LONGEST_LABEL = 60
WAN = "万元"
_BRACKETS = re.compile(r"（[^）]*）")
_UNIT = re.compile(r"(单位)?(人民币)?[:：]?(万元|元)$")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_MONTH = re.compile(r"(?:20\d{2}[年.\-]?)?(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?")


@dataclass(frozen=True)
class Head:
    """The head of one sheet: its place and the label of each column, each label once."""

    sheet: Sheet
    top: int
    depth: int
    labels: tuple[str, ...]

    @property
    def below(self) -> int:
        """The index of the first row under the head."""
        return self.top + self.depth

    @property
    def preface(self) -> tuple[str, ...]:
        """What stands above the head: titles, the unit, who made the sheet."""
        rows = self.sheet.rows[: self.top]
        return tuple(text for row in rows for cell in row if (text := str(cell).strip()))

    @property
    def all_wan(self) -> bool:
        """Whether a line above the head says that amounts are in 万元."""
        return any("单位" in text and WAN in text for text in self.preface)

    @property
    def signature(self) -> str:
        """The same for every sheet with these columns, in whatever order they stand."""
        return signature_of(self.labels, self.all_wan)

    @property
    def year(self) -> int | None:
        """The year named by the sheet or the lines above its head."""
        for text in (self.sheet.name, *self.preface):
            found = _YEAR.search(text)
            if found:
                return int(found[1])
        return None

    @property
    def month(self) -> int:
        """The month a sheet is named after, else 0."""
        found = _MONTH.fullmatch("".join(self.sheet.name.split()))
        if found is None:
            return 0
        word = found[1]
        return int(word) if word.isdigit() else _MONTHS.index(word) + 1

    def samples(self, index: int, most: int = 3) -> list[Any]:
        """The first values under a label."""
        rows = self.sheet.rows[self.below :]
        values = (row[index] for row in rows if index < len(row))
        return [value for value in values if str(value).strip()][:most]


def signature_of(labels: Iterable[str], all_wan: bool) -> str:
    """What a head is known by: its labels in no order, and 万元 said above it."""
    parts = sorted(label for label in labels if label)
    text = "\n".join([*parts, WAN if all_wan else ""])
    return hashlib.sha256(text.encode()).hexdigest()


def plain(cell: Any) -> str:
    """A label in one spelling: no spaces or line ends, brackets full-width, letters half-width."""
    text = "".join(unicodedata.normalize("NFKC", str(cell)).split()).strip("*:：")
    return text.replace("(", "（").replace(")", "）")


def base(label: str) -> str:
    """A label without remarks in brackets and without its unit."""
    bare = _BRACKETS.sub("", plain(label))
    return _UNIT.sub("", bare) or bare


KNOWN = frozenset(
    base(word)
    for fields in (ledgers.CASES, ledgers.ROSTER, ledgers.INJURIES)
    for words in fields.values()
    for word in words
)


def find_head(sheet: Sheet) -> Head | None:
    """The head of a sheet, one line or two, below whatever titles; None when there is none."""
    best, most = None, FEWEST_KNOWN - 1
    for depth in (1, 2):
        for top in range(min(HEAD_WITHIN, len(sheet.rows))):
            labels = _labels(sheet, top, depth)
            known = len({base(label) for label in labels} & KNOWN)
            if known > most:
                best, most = Head(sheet, top, depth, labels), known
    return best or _unknown_head(sheet)


def _unknown_head(sheet: Sheet) -> Head | None:
    """In a sheet of strange words the first row of several different texts is the head."""
    for top, row in enumerate(sheet.rows[:HEAD_WITHIN]):
        labels = [plain(cell) for cell in row if plain(cell)]
        if len(set(labels)) == len(labels) >= FEWEST_NAMED and _is_text(row):
            return Head(sheet, top, 1, _labels(sheet, top, 1))
    return None


def _labels(sheet: Sheet, top: int, depth: int) -> tuple[str, ...]:
    first = [plain(cell) for cell in sheet.rows[top]]
    if depth == 1:
        return _each_once(first)
    if top + 1 >= len(sheet.rows) or not _is_text(sheet.rows[top + 1]):
        return ()
    second = [plain(cell) for cell in sheet.rows[top + 1]]
    width = max(len(first), len(second))
    first += [""] * (width - len(first))
    second += [""] * (width - len(second))
    labels, group = [], ""
    for over, under in zip(first, second, strict=True):
        group = over or (group if under else "")
        labels.append(_joined(group, under) if under else over)
    return _each_once(labels)


def _joined(group: str, under: str) -> str:
    """The name of a column that stands below a common head."""
    if under in {WAN, "元"}:
        return f"{group}（{under}）"
    both = group + under
    if base(both) in KNOWN or base(under) not in KNOWN:
        return both
    # the unit over several columns is the unit of each
    return f"{under}（{WAN}）" if WAN in group and "元" not in under else under


def _is_text(row: Sequence[Any]) -> bool:
    """Whether a row can be part of a head: texts only, none of them a number."""
    filled = [cell for cell in row if str(cell).strip()]
    return bool(filled) and all(
        isinstance(cell, str) and not any(sign.isdigit() for sign in cell) for cell in filled
    )


def _each_once(labels: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    found = []
    for text in labels:
        label = text[:LONGEST_LABEL]
        seen[label] = seen.get(label, 0) + 1
        found.append(f"{label}（{seen[label]}）" if label and seen[label] > 1 else label)
    return tuple(found)
