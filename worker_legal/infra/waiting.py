"""Files that wait on disk between two steps: sealed, under a random name, gone after use."""

import base64
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from worker_legal.errors import NotFound, OutsideFailure
from worker_legal.i18n import N_
from worker_legal.infra import clock, crypto

LONGEST_WAIT = timedelta(hours=24)
GONE = N_("这个文件已经不在了，请重做上一步")
_NAME = re.compile(r"[A-Za-z0-9_-]{20,60}")


def put(folder: Path, content: bytes, owner: str) -> str:
    """Keep a file for its owner and give the word by which it is found again."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(folder)
    word = secrets.token_urlsafe(24)
    text = base64.b64encode(content).decode()
    path = folder / f"{word}.sealed"
    path.touch(mode=0o600)
    path.write_text(crypto.seal(text, _place(word, owner)))
    return word


def get(folder: Path, word: str, owner: str) -> bytes:
    """The file that waits under a word, opened for its owner only.

    Raises NotFound for a word nobody gave, and for a file that is gone.
    """
    path = folder / f"{word}.sealed"
    if not _NAME.fullmatch(word) or not path.exists():
        raise NotFound(GONE)
    try:
        return base64.b64decode(crypto.unseal(path.read_text(), _place(word, owner)))
    except OutsideFailure:
        raise NotFound(GONE) from None


def drop(folder: Path, word: str) -> None:
    """Let a file go."""
    if _NAME.fullmatch(word):
        (folder / f"{word}.sealed").unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Let go what nobody fetched in time."""
    oldest = clock.now() - LONGEST_WAIT
    for path in folder.glob("*.sealed"):
        if datetime.fromtimestamp(path.stat().st_mtime, tz=oldest.tzinfo) < oldest:
            path.unlink(missing_ok=True)


def _place(word: str, owner: str) -> str:
    return f"waiting:{owner}:{word}"
