"""The commands about figures, as integrators and the office's own scripts call them."""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from tests import builders as make
from tests.support import ledgers
from worker_legal.cli import main
from worker_legal.config import Settings
from worker_legal.domain.statistics import recount
from worker_legal.domain.statistics.models import FigureRollup
from worker_legal.infra import clock
from worker_legal.infra.db import db, transaction

REPORT = ["report", "--from", "2022-01-01", "--to", "2022-12-31"]


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


def _run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def _json(*words: str) -> Any:
    done = _run(*words, "--format", "json")
    return json.loads(done.stdout)


def _file(tmp_path: Path, content: bytes) -> str:
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(content)
    return str(path)


def test_a_ledger_comes_in_and_is_counted(tmp_path: Path) -> None:
    done = _json("import-ledger", _file(tmp_path, ledgers.small({}, {"涉及人数": 3})))
    assert {name: done[name] for name in ("cases", "people", "person_times", "new")} == {
        "cases": 2,
        "people": 4,
        "person_times": 4,
        "new": 2,
    }
    assert _json(*REPORT)["amount_fen"] == done["amount_fen"] == 300_000


def test_progress_goes_to_the_other_stream(tmp_path: Path) -> None:
    done = _run("import-ledger", _file(tmp_path, ledgers.small({}, {})))
    assert "2/2" in done.stderr
    assert "2/2" not in done.stdout


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    assert _run("import-ledger", _file(tmp_path, ledgers.small({})), "--dry-run").exit_code == 0
    assert _json(*REPORT)["cases"] == 0


def test_a_second_run_finds_nothing_new(tmp_path: Path) -> None:
    path = _file(tmp_path, ledgers.small({}, {}))
    _run("import-ledger", path)
    again = _json("import-ledger", path)
    assert (again["new"], again["unchanged"]) == (0, 2)


def test_a_wrong_cell_ends_with_its_place(tmp_path: Path) -> None:
    path = _file(tmp_path, ledgers.small({"接访日期": "2022-02-30"}))
    done = _run("import-ledger", path, "--format", "json")
    assert done.exit_code == 1
    [finding] = [f for f in json.loads(done.stdout)["findings"] if f["severity"] == "error"]
    place = {name: finding[name] for name in ("sheet", "row", "column")}
    assert place == {"sheet": "接访台账", "row": 2, "column": "B"}
    assert "2022-02-30" in finding["message"]


def test_a_wrong_cell_is_named_in_words_too(tmp_path: Path) -> None:
    done = _run("import-ledger", _file(tmp_path, ledgers.small({"接访日期": "2022-02-30"})))
    assert "接访台账 B2" in done.stdout


def test_what_is_no_workbook_is_one_line_on_the_other_stream(tmp_path: Path) -> None:
    done = _run("import-ledger", _file(tmp_path, b"not a workbook"))
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1


def test_a_comparison_changes_the_report(tmp_path: Path) -> None:
    _run("import-ledger", _file(tmp_path, ledgers.small({}, {}, {})))
    _run("comparison", "set", "--year", "2021", "--cases", "4", "--source", "园区总结")
    found = _json(*REPORT)
    assert (found["change_percent"], found["change_basis"]) == (-25.0, "series")


def test_without_a_comparison_the_change_is_null() -> None:
    assert _json(*REPORT)["change_percent"] is None


def test_the_report_in_words_is_the_sentence() -> None:
    assert _run(*REPORT).stdout.startswith("2022年，园区职工法律服务一体化平台共受理劳动争议0起")


def test_a_site_is_counted_alone(tmp_path: Path) -> None:
    rows = ({"受理点位": "示例中心"}, {"受理点位": "示例服务点"})
    _run("import-ledger", _file(tmp_path, ledgers.small(*rows)))
    assert _json(*REPORT, "--site", "TZ02")["cases"] == 1


@pytest.mark.parametrize(
    "words",
    [
        [*REPORT, "--site", "nowhere"],
        ["report", "--from", "2022-12-31", "--to", "2022-01-01"],
        ["report", "--from", "2022-02-30", "--to", "2022-12-31"],
        ["comparison", "set", "--cases", "4", "--source", "园区总结"],
        ["comparison", "set", "--year", "20222", "--cases", "4", "--source", "园区总结"],
        ["comparison", "set", "--year", "2021", "--cases", "-4", "--source", "园区总结"],
        ["comparison", "set", "--year", "2021", "--cases", "4", "--source", " "],
        ["import-ledger", "/nowhere.xlsx"],
    ],
    ids=["site", "backward", "no-day", "no-period", "year", "negative", "no-source", "no-file"],
)
def test_a_wrong_word_ends_with_2_and_a_sentence(words: list[str]) -> None:
    done = _run(*words)
    assert done.exit_code == 2
    assert done.stderr


def test_recount_names_a_wrong_figure_and_mends_it() -> None:
    with transaction():
        centre = make.make_office()
        make.make_case(centre)
        recount.refresh()
    assert "differences=0" in _run("recount").stdout
    with transaction():
        db.session.execute(sa.update(FigureRollup).values(cases=FigureRollup.cases + 1))
    refused = _run("recount")
    assert refused.exit_code == 1
    assert f"{clock.today():%Y-%m} {centre.id}" in refused.stdout
    assert _run("recount", "--fix").exit_code == 0
    assert "differences=0" in _run("recount").stdout
