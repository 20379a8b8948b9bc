"""Workbooks: read with limits, written so that no cell can become a formula."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from worker_legal.errors import BadInput
from worker_legal.i18n import N_

MOST_ENTRIES = 2_000
MOST_BYTES = 200 * 1024 * 1024
MOST_OF_ONE = 50 * 1024 * 1024
MOST_RATIO = 200
MOST_ROWS = 50_000
# what reading one workbook may take: bytes of address space, and seconds
CHILD = Path(__file__).with_name("workbook_child.py")
CHILD_MEMORY = 1024 * 1024 * 1024
CHILD_SECONDS = 60
# what a program needs to start at all; keys and addresses stay here
CHILD_ENVIRONMENT = ("SYSTEMROOT",)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4 = 9
# Excel takes 255 characters, the page number among them
LONGEST_FOOT = 200
FORMULA_LEADS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

Cell = Any


@dataclass(frozen=True)
class Sheet:
    """One sheet as read: its name and its rows, cells as text, numbers or dates."""

    name: str
    rows: list[list[Cell]]


@dataclass(frozen=True)
class Table:
    """One sheet to be written; money columns are given in yuan with two decimals."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    money: frozenset[int] = field(default_factory=frozenset)
    widths: Sequence[int] = ()
    title: str = ""
    # stands at the bottom of every printed page, before its number
    foot: str = ""
    # lines of the head above its last one
    above: Sequence[Sequence[str]] = ()


def read_workbook(content: bytes) -> list[Sheet]:
    """Every sheet of an xlsx file, refused before unpacking when it is a bomb (threats I5).

    Raises BadInput.
    """
    _refuse_bombs(content)
    sheets = [Sheet(name, [list(map(_cell, row)) for row in rows]) for name, rows in _read(content)]
    if any(len(sheet.rows) > MOST_ROWS for sheet in sheets):
        raise BadInput(N_("一次最多导入%(n)s行，请分成几个文件"), field="file", n=MOST_ROWS)
    return sheets


def _read(content: bytes) -> list[tuple[str, list[list[Cell]]]]:
    """Let a process of its own read the file: whatever becomes of it, this one lives (I5)."""
    command = [sys.executable, "-I", str(CHILD), str(CHILD_MEMORY), str(CHILD_SECONDS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own file and two numbers
            command,
            input=content,
            capture_output=True,
            check=True,
            timeout=CHILD_SECONDS,
            env={name: os.environ[name] for name in CHILD_ENVIRONMENT if name in os.environ},
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as broken:
        raise BadInput(N_("这个文件打不开，请用Excel另存为xlsx后再传"), field="file") from broken
    found: list[tuple[str, list[list[Cell]]]] = json.loads(done.stdout)
    return found


def _cell(told: Cell) -> Cell:
    """A cell as the child told it."""
    if not isinstance(told, dict):
        return told
    ((word, value),) = told.items()
    return TOLD[word](value)


TOLD: dict[str, Callable[[Any], Cell]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}


OLD_BOX = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCAL_HEADER = 30
PIECE = 1024 * 1024


def _refuse_bombs(content: bytes) -> None:
    _refuse_other_kinds(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as broken:
        raise BadInput(N_("请上传xlsx文件（Excel 2007以后的格式）"), field="file") from broken
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    largest = max((entry.file_size for entry in entries), default=0)
    is_bomb = (
        len(entries) > MOST_ENTRIES
        or total > MOST_BYTES
        or largest > MOST_OF_ONE
        or total / max(1, packed) > MOST_RATIO
        or packed > len(content)  # entries that lie over one another
    )
    if is_bomb or any(_holds_more_than_it_says(content, entry) for entry in entries):
        raise BadInput(N_("文件解开后太大，拒绝读取"), field="file")


def _refuse_other_kinds(content: bytes) -> None:
    """Say what a file is that only bears the name of a workbook."""
    if not content:
        raise BadInput(N_("这个文件是空的"), field="file")
    if content.startswith(OLD_BOX):
        # Excel keeps a workbook with a password in the same box as its format of 1997
        text = (
            N_("这个文件加了打开密码，请在Excel里去掉密码再传")
            if "EncryptedPackage".encode("utf-16-le") in content
            else N_("这是旧的xls文件，请在Excel里另存为xlsx再传")
        )
        raise BadInput(text, field="file")
    if not content.startswith(b"PK"):
        raise BadInput(
            N_("这不是xlsx文件，只是改了名字；请用Excel打开后另存为xlsx再传"), field="file"
        )


def _holds_more_than_it_says(content: bytes, entry: zipfile.ZipInfo) -> bool:
    """Unpack piece by piece, keeping nothing: the stated size may be a lie."""
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        return entry.compress_size > entry.file_size
    at = entry.header_offset
    names = content[at + LOCAL_HEADER - 4 : at + LOCAL_HEADER]
    at += LOCAL_HEADER + int.from_bytes(names[:2], "little") + int.from_bytes(names[2:], "little")
    packed, unpacker, size = content[at : at + entry.compress_size], zlib.decompressobj(-15), 0
    try:
        while packed and not unpacker.eof and size <= entry.file_size:
            size += len(unpacker.decompress(packed, PIECE))
            packed = unpacker.unconsumed_tail
    except zlib.error:
        return False  # broken, not a bomb: the reader says so
    return size > entry.file_size


def safe_text(value: Cell) -> Cell:
    """Text that a spreadsheet cannot take for a formula (threats O1)."""
    if isinstance(value, str) and value.startswith(FORMULA_LEADS):
        return f"'{value}"
    return value


def write_xlsx(tables: Iterable[Table]) -> bytes:
    """A workbook with one sheet per table, in constant memory; text is never a formula or link."""
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        money = book.add_format({"num_format": "#,##0.00"})
        for table in tables:
            _write_table(book.add_worksheet(table.name[:31]), table, bold, money)
    return out.getvalue()


def _write_table(sheet: Any, table: Table, bold: Any, money: Any) -> None:
    for index, width in enumerate(table.widths):
        sheet.set_column(index, index, width)
    top = _write_head(sheet, table, bold)
    sheet.freeze_panes(top + 1, 0)
    _lay_out(sheet, top, table.foot)
    for number, row in enumerate(table.rows, start=top + 1):
        for index, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, index, safe_text(value))
            elif value is not None:
                sheet.write(number, index, value, money if index in table.money else None)


def _write_head(sheet: Any, table: Table, bold: Any) -> int:
    """What stands above the rows; gives the number of its last line."""
    titles = [[table.title]] if table.title else []
    lines = [*titles, *table.above, table.head]
    for number, line in enumerate(lines):
        for index, name in enumerate(line):
            sheet.write_string(number, index, safe_text(name), bold)
    return len(lines) - 1


def _lay_out(sheet: Any, head: int, foot: str) -> None:
    """Ready for the printer: A4 across, fit to width, the head on every page, page x of y."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, head)
    plain = foot.replace("&", "&&")[:LONGEST_FOOT]
    sheet.set_footer(f"&L{plain}&R&P / &N" if plain else "&C&P / &N")


def write_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A csv that Excel opens as UTF-8, line by line."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield b"\xef\xbb\xbf"
    for row in _with_head(head, rows):
        writer.writerow([safe_text(value) for value in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def _with_head(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterable[Sequence[Cell]]:
    yield head
    yield from rows
