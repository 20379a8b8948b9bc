"""The tree is what the set-up says it is."""

import configparser
from pathlib import Path

import pytest

from tests.support.source import PACKAGE, ROOT, all_files, named

MAPPED = {"worker_legal.templates", "worker_legal.migrations"}


@pytest.fixture(scope="module")
def config() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def _words(text: str) -> set[str]:
    return set(text.replace("|", " ").replace(":", " ").split())


def _packages() -> set[str]:
    folders = {path.parent for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts}
    return {named(folder).replace("/", ".") for folder in folders}


def test_setup_lists_every_package(config: configparser.ConfigParser) -> None:
    assert _words(config["options"]["packages"]) == _packages() | MAPPED


def test_every_package_says_so() -> None:
    missing = [
        name for name in _packages() if not (ROOT / name.replace(".", "/") / "__init__.py").exists()
    ]
    assert missing == []


def test_the_portal_window_names_every_concept_but_its_own(
    config: configparser.ConfigParser,
) -> None:
    concepts = {
        path.stem
        for path in (PACKAGE / "domain").iterdir()
        if (path.suffix == ".py" or path.is_dir()) and not path.name.startswith("_")
    }
    listed = _words(config["importlinter:contract:portal-window"]["forbidden_modules"])
    wanted = {f"worker_legal.domain.{name}" for name in concepts - {"portal"}}
    assert listed == wanted


@pytest.mark.parametrize("face", ["staff", "admin", "portal"])
def test_a_folder_of_templates_is_named_as_its_view(face: str) -> None:
    views = {path.stem for path in (PACKAGE / "web" / face).glob("*.py")}
    folders = {path.name for path in (ROOT / "templates" / face).glob("*/")}
    assert {name for name in folders if name not in views} == set()


def test_locked_versions_have_hashes_and_name_no_place() -> None:
    for name in ("base", "test"):
        lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
        pins = [line for line in lines if "==" in line and not line.startswith(("#", " "))]
        assert pins
        assert all(line.endswith("\\") for line in pins)
        code = [line for line in lines if not line.startswith("#")]
        assert not [line for line in code if "://" in line or line.startswith("-")]


def test_every_declared_package_is_locked(config: configparser.ConfigParser) -> None:
    wanted = config["options"]["install_requires"] + config["options.extras_require"]["test"]
    names = {
        line.split(";")[0].split(">")[0].split("[")[0].strip().lower()
        for line in wanted.splitlines()
        if line
    }
    lock = (ROOT / "requirements" / "test.txt").read_text()
    locked = {
        line.split("==")[0].split("[")[0].lower() for line in lock.splitlines() if "==" in line
    }
    assert names - locked == set()


def test_the_instance_folder_keeps_nothing_in_git() -> None:
    kept = [named(path) for path in all_files() if named(path).startswith("instance/")]
    assert kept == ["instance/.gitignore"]


def test_the_ci_runs_the_one_command() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert len(commands) == 1
    assert commands[0].endswith('dev.py" test')
    assert Path(ROOT / ".ci" / "run").stat().st_mode & 0o100
