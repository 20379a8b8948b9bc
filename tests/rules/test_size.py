"""A file fits in a head, a function on a screen."""

import ast

from tests.support.source import PACKAGE, all_files, named, parsed, python_files

CODE = ("worker_legal", "tests", "scripts")
LONGEST_FILE = 500
LONGEST_FUNCTION = 50
NAMELESS = {"utils.py", "helpers.py", "common.py", "misc.py"}


def test_no_file_is_longer_than_500_lines() -> None:
    lengths = {named(path): len(path.read_text().splitlines()) for path in python_files(*CODE)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_style_or_script_is_longer_than_500_lines() -> None:
    served = [path for path in all_files() if path.is_relative_to(PACKAGE / "static")]
    texts = [path for path in served if path.suffix in {".css", ".js"}]
    assert texts
    lengths = {named(path): len(path.read_text().splitlines()) for path in texts}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_the_fixtures_stay_on_a_few_screens() -> None:
    [conftest] = [path for path in python_files("tests") if named(path) == "tests/conftest.py"]
    assert len(conftest.read_text().splitlines()) <= 200


def test_no_function_is_longer_than_50_lines() -> None:
    too_long = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path in python_files(*CODE)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert too_long == []


def test_every_module_is_named_for_what_it_holds() -> None:
    assert [named(path) for path in python_files(*CODE) if path.name in NAMELESS] == []
