"""The wheel is whole: installed elsewhere, it migrates a database and serves its pages."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.source import PACKAGE, ROOT, all_files, named

pytestmark = pytest.mark.slow

VISIT = """
import json, sys
import flask_migrate
import worker_legal
app = worker_legal.create_app()
with app.app_context():
    flask_migrate.upgrade()
client = app.test_client()
answers = {path: client.get(path).status_code for path in sys.argv[1:]}
print(json.dumps({"from": worker_legal.__file__, "answers": answers}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy so that nothing is left in the tree."""
    copy = tmp_path_factory.mktemp("source")
    for path in all_files():
        target = copy / named(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    out = tmp_path_factory.mktemp("wheel")
    _pip("wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", str(out), str(copy))
    [made] = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, capture_output=True, text=True)


@pytest.mark.parametrize("folder", ["templates", "migrations"])
def test_the_wheel_carries_the_mapped_folder(contents: set[str], folder: str) -> None:
    files = (path for path in all_files() if named(path).startswith(f"{folder}/"))
    wanted = {f"worker_legal/{named(path)}" for path in files}
    assert wanted - contents == set()


def test_the_wheel_carries_every_file_of_the_package(contents: set[str]) -> None:
    wanted = {named(path) for path in all_files() if path.is_relative_to(PACKAGE)}
    assert wanted - contents == set()


def test_the_wheel_carries_nothing_else(contents: set[str]) -> None:
    strange = [name for name in contents if not name.startswith(("worker_legal/", "worker_legal-"))]
    assert strange == []
    assert [name for name in contents if name.endswith(".pyc") or "instance/" in name] == []


def test_the_installed_wheel_serves_its_pages_from_another_folder(
    wheel: Path, tmp_path: Path
) -> None:
    _pip("install", "--no-deps", "--no-index", "--target", str(tmp_path / "site"), str(wheel))
    (tmp_path / "elsewhere").mkdir()
    paths = ["/sign-in", "/static/app.css", "/static/page.js"]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", VISIT, *paths],
        cwd=tmp_path / "elsewhere",
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    )
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["answers"] == dict.fromkeys(paths, 200)
    assert str(tmp_path) in seen["from"]
    assert str(ROOT) not in seen["from"]
