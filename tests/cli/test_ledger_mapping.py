"""Ledgers of other offices by command: a mapping is written, corrected and given back."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from tests.support import ledgers
from tests.support.office_ledgers import ALL, Made
from worker_legal.cli import main
from worker_legal.config import Settings

EXACT = {"sheet", "row", "column", "severity", "message"}


@pytest.fixture(autouse=True)
def installation(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on the database of the test."""
    values = {
        "WL_INSTANCE": str(settings.instance_dir),
        "WL_DATABASE_URL": settings.database_url,
        "WL_SECRET_KEY": settings.secret_key,
        "WL_FIELD_KEYS": ",".join(settings.field_keys),
        "WL_INDEX_KEY": settings.index_key,
        "WL_PORTAL_KEY": settings.portal_key,
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def _run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["import-ledger", *map(str, words)])


def _export(*words: str | Path) -> Result:
    year = ["--from", "2022-01-01", "--to", "2022-12-31"]
    return CliRunner().invoke(main, ["export-ledger", *year, *map(str, words)])


def _correct(path: Path, made: Made) -> None:
    """What an office does to the file in an editor."""
    told: dict[str, Any] = json.loads(path.read_text())
    for sheet in told["sheets"]:
        sheet["kind"], sheet["rows"] = "cases", made.rows
        for column in sheet["columns"]:
            wanted = made.corrections.get(column["head"])
            if wanted or column["field"] in made.corrections.values():
                column["field"] = wanted or ""
    path.write_text(json.dumps(told))


@pytest.mark.parametrize("name", ALL)
def test_a_ledger_of_other_words_comes_in_by_its_mapping(tmp_path: Path, name: str) -> None:
    made, file, mapping = ALL[name](), tmp_path / "ledger.xlsx", tmp_path / "mapping.json"
    file.write_bytes(made.content)
    assert _run(file, "--save-mapping", mapping).exit_code == 0
    _correct(mapping, made)
    words = (file, "--mapping", mapping, "--format", "json")
    for told in (json.loads(_run(*words, "--dry-run").stdout), json.loads(_run(*words).stdout)):
        assert (told["cases"], told["people"], told["amount_fen"]) == made.totals
        assert told["new"] == made.cases
        assert all(set(finding) == EXACT for finding in told["findings"])


def test_the_next_file_needs_no_mapping(tmp_path: Path) -> None:
    made, file, mapping = ALL["two-line-heads"](), tmp_path / "l.xlsx", tmp_path / "m.json"
    file.write_bytes(made.content)
    assert _run(file, "--dry-run").exit_code == 2
    _run(file, "--save-mapping", mapping)
    _correct(mapping, made)
    _run(file, "--mapping", mapping)
    again = _run(file, "--dry-run", "--format", "json")
    assert json.loads(again.stdout)["unchanged"] == made.cases


def test_a_mapping_that_is_none_is_one_line_on_the_other_stream(tmp_path: Path) -> None:
    file, mapping = tmp_path / "ledger.xlsx", tmp_path / "mapping.json"
    file.write_bytes(ledgers.small({}))
    mapping.write_text("not json")
    done = _run(file, "--mapping", mapping)
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1


def test_a_ledger_goes_out_in_the_form_of_a_file_and_comes_back_unchanged(tmp_path: Path) -> None:
    form, out = tmp_path / "form.xlsx", tmp_path / "out.xlsx"
    form.write_bytes(ledgers.original())
    assert _run(form).exit_code == 0
    done = _export("--template", form, out)
    assert (done.exit_code, "案件 313" in done.output) == (0, True)
    again = _run(out, "--dry-run", "--format", "json")
    told = json.loads(again.output)
    assert (told["cases"], told["new"], told["unchanged"]) == (313, 0, 313)
    assert (told["people"], told["amount_fen"]) == (1105, 1_416_330_000)


def test_a_form_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    form.write_bytes(b"PK")
    done = _export("--template", form, tmp_path / "out.xlsx")
    assert done.exit_code != 0
    assert not (tmp_path / "out.xlsx").exists()
