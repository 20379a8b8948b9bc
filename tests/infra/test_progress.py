"""How far a work is, for every process: begun once, replaced whole, gone after a day."""

import os
from pathlib import Path

import pytest

from worker_legal.infra import clock, progress

WORD = "a" * 32


def test_a_state_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    progress.claim(tmp_path, WORD, {"done": 0})
    progress.write(tmp_path, WORD, {"done": 7})
    found = progress.read(tmp_path, WORD)
    assert found is not None
    assert found[0] == {"done": 7}


def test_only_one_process_begins_a_work(tmp_path: Path) -> None:
    assert progress.claim(tmp_path, WORD, {})
    assert not progress.claim(tmp_path, WORD, {})


@pytest.mark.parametrize("word", ["", "x", "../keys", "b" * 32])
def test_a_word_nobody_gave_has_no_state(tmp_path: Path, word: str) -> None:
    progress.claim(tmp_path, WORD, {})
    assert progress.read(tmp_path, word) is None


def test_old_states_go_when_a_new_work_begins(tmp_path: Path) -> None:
    progress.claim(tmp_path, WORD, {})
    old = (clock.now() - progress.KEPT).timestamp() - 60
    os.utime(tmp_path / f"{WORD}.progress", (old, old))
    progress.claim(tmp_path, "c" * 32, {})
    assert progress.read(tmp_path, WORD) is None
