"""Files that wait between two steps: sealed, for one person, gone after use or after a day."""

import os
from pathlib import Path

import pytest
from flask import Flask

from worker_legal.errors import NotFound
from worker_legal.infra import clock, waiting


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """A folder that does not exist yet; the application has loaded the keys."""
    return tmp_path / "waiting"


def test_a_file_comes_back_to_its_owner(folder: Path) -> None:
    word = waiting.put(folder, b"\x00\xffbytes", "user:1")
    assert waiting.get(folder, word, "user:1") == b"\x00\xffbytes"


def test_nobody_else_can_open_it(folder: Path) -> None:
    word = waiting.put(folder, b"secret", "user:1")
    with pytest.raises(NotFound):
        waiting.get(folder, word, "user:2")


def test_the_file_on_disk_is_sealed(folder: Path) -> None:
    word = waiting.put(folder, b"secret" * 10, "user:1")
    assert b"secret" not in (folder / f"{word}.sealed").read_bytes()


def test_a_dropped_file_is_gone(folder: Path) -> None:
    word = waiting.put(folder, b"secret", "user:1")
    waiting.drop(folder, word)
    with pytest.raises(NotFound):
        waiting.get(folder, word, "user:1")


@pytest.mark.parametrize("word", ["", "../../etc/passwd", "x" * 32, "a/b" * 10])
def test_a_word_nobody_gave_opens_nothing(folder: Path, word: str) -> None:
    with pytest.raises(NotFound):
        waiting.get(folder, word, "user:1")


def test_a_file_nobody_came_for_goes_after_a_day(folder: Path) -> None:
    old = folder / f"{waiting.put(folder, b'old', 'user:1')}.sealed"
    yesterday = clock.now().timestamp() - 25 * 3600
    os.utime(old, (yesterday, yesterday))
    waiting.put(folder, b"new", "user:1")
    assert not old.exists()
