"""The commands an administrator types, on an installation of their own."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from worker_legal.cli import main

NOTICE = """2027-01-01至2027-01-03,放假,元旦
2027-02-05至2027-02-11,放假,春节
2027-01-30,上班
2027-02-20,上班
2027-04-03至2027-04-05,放假,清明节
2027-05-01至2027-05-05,放假,劳动节
2027-06-09,放假,端午节
2027-09-15,放假,中秋节
2027-10-01至2027-10-07,放假,国庆节
"""


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("WL_DATABASE_URL", "WL_ENV", "WL_DEMO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WL_INSTANCE", str(tmp_path))
    return tmp_path


def run(*words: str, answer: str = "") -> Result:
    return CliRunner().invoke(main, list(words), input=answer, catch_exceptions=False)


def make_admin(*more: str) -> Result:
    return run("create-admin", "--username", "chief", "--name", "吴守正", *more)


def test_a_fresh_installation_has_no_account_until_one_is_made(instance: Path) -> None:
    made = make_admin()
    assert made.exit_code == 0
    assert "/welcome#" in made.output


def test_the_link_is_not_kept_in_the_database(instance: Path) -> None:
    token = make_admin().output.split("/welcome#")[1].strip()
    assert token.encode() not in (instance / "worker_legal.db").read_bytes()


def test_a_second_administrator_is_asked_for_twice(instance: Path) -> None:
    make_admin()
    again = run("create-admin", "--username", "second", "--name", "乙", answer="n\n")
    assert again.exit_code == 1


def test_a_taken_name_is_one_line_and_exit_two(instance: Path) -> None:
    make_admin()
    again = make_admin("--yes")
    assert again.exit_code == 2
    assert len(again.stderr.strip().splitlines()) == 1


def test_the_keys_are_made_for_the_owner_only(instance: Path) -> None:
    make_admin()
    assert (instance / "keys.json").stat().st_mode & 0o777 == 0o600


def test_an_empty_office_reports_nothing_and_compares_with_nothing(instance: Path) -> None:
    words = ("report", "--from", "2022-01-01", "--to", "2022-12-31", "--format", "json")
    figures = json.loads(run(*words).stdout)
    assert (figures["cases"], figures["people"], figures["change_percent"]) == (0, 0, None)


def test_a_holiday_notice_is_imported(instance: Path) -> None:
    notice = instance / "2027.csv"
    notice.write_text(NOTICE, encoding="utf-8")
    done = run("holidays", "import", str(notice), "--year", "2027")
    assert "2027: imported" in done.stdout, done.stderr


def test_a_dry_run_of_a_notice_changes_nothing(instance: Path) -> None:
    notice = instance / "2027.csv"
    notice.write_text(NOTICE, encoding="utf-8")
    assert run("holidays", "import", str(notice), "--year", "2027", "--dry-run").stdout == ""


def test_a_notice_with_a_missing_festival_is_refused(instance: Path) -> None:
    notice = instance / "2027.csv"
    notice.write_text(NOTICE.replace("2027-06-09,放假,端午节\n", ""), encoding="utf-8")
    done = run("holidays", "import", str(notice), "--year", "2027")
    assert done.exit_code == 2
    assert "端午" in done.stderr
