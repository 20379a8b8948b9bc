"""How far a long piece of work is, in a file beside it, for every process of the installation."""

import json
import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from worker_legal.infra import clock

KEPT = timedelta(hours=24)
_WORD = re.compile(r"[A-Za-z0-9_-]{20,60}")

# Not in the database: the work holds its one writer for as long as it takes, so that SQLite
# would show no progress before the end.


def claim(folder: Path, word: str, state: dict[str, Any]) -> bool:
    """Begin to keep the state of a work; False when somebody began it before."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(folder)
    try:
        with _path(folder, word).open("x", encoding="utf-8") as file:
            file.write(_stamped(state))
    except FileExistsError:
        return False
    return True


def write(folder: Path, word: str, state: dict[str, Any]) -> None:
    """Put a new state in place of the last, whole."""
    path = _path(folder, word)
    fresh = path.with_suffix(".new")
    fresh.write_text(_stamped(state), encoding="utf-8")
    os.replace(fresh, path)


def read(folder: Path, word: str) -> tuple[dict[str, Any], timedelta] | None:
    """The state of a work and how long ago it was written; None for a word nobody gave."""
    if not _WORD.fullmatch(word):
        return None
    path = _path(folder, word)
    try:
        state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return state, clock.now() - datetime.fromisoformat(state.pop("at"))
    except (FileNotFoundError, ValueError):
        return None


def _path(folder: Path, word: str) -> Path:
    return folder / f"{word}.progress"


def _stamped(state: dict[str, Any]) -> str:
    return json.dumps({**state, "at": clock.now().isoformat()})


def _sweep(folder: Path) -> None:
    oldest = (clock.now() - KEPT).timestamp()
    for path in folder.glob("*.progress"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
