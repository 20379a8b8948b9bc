"""Reads one workbook in a process of its own, which a hostile file may exhaust or bring down.

Started by path and alone (`python -I workbook_child.py MEMORY SECONDS`), with the file on standard
input; gives the sheets as JSON on standard output. It imports nothing of the product, so that it
starts in a moment and holds no key, no connection and no personal data of others.
"""

import io
import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineWorkbook

# what JSON does not know, by the word that stands before it
WORDS = {datetime: "datetime", date: "date", time: "time"}


def main(memory: int, seconds: int) -> None:
    """Read standard input within so many bytes of memory and seconds of work."""
    _limit(memory, seconds)
    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheets = [
        (name, [list(map(_plain, row)) for row in _rows(book, name)]) for name in book.sheet_names
    ]
    sys.stdout.write(json.dumps(sheets))


def _rows(book: CalamineWorkbook, name: str) -> list[list[Any]]:
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _limit(memory: int, seconds: int) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _plain(cell: Any) -> Any:
    if isinstance(cell, timedelta):
        return {"seconds": cell.total_seconds()}
    word = WORDS.get(type(cell))
    return {word: cell.isoformat()} if word else cell


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
