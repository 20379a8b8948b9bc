"""In CI nothing is skipped and nothing is left to chance."""

import os
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import settings

IN_CI = os.environ.get("CI") == "true"
# No time limit per example: two processes share two cores with a browser and a database.
settings.register_profile("house", deadline=None, derandomize=IN_CI, print_blob=not IN_CI)
settings.load_profile("house")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the report of a skipped test into a failure when CI=true."""
    report = yield
    _refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn the report of a skipped file into a failure when CI=true."""
    report = yield
    _refuse(report)
    return report


def _refuse(report: Any) -> None:
    if report.skipped and IN_CI:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
