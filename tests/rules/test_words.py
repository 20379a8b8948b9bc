"""What is never left in the tree."""

from pathlib import Path

from tests.support.source import matches, named, text_files

THIS_FILE = Path(__file__)
OWN = ("worker_legal", "templates", "migrations", "tests", "scripts")
KNOWN_ADDRESSES = (
    r"127\.0\.0\.1|localhost|\[::1\]|www\.w3\.org|schemas\.openxmlformats\.org|"
    r"[\w.-]*example\b|\{|%\(|%s|\w+\.test\b"
)
# what only says that a program is missing on this machine; in CI that is a failure
LACKING = ("tests/support/browser.py", "tests/support/office.py")


def _own(*folders: str, suffixes: tuple[str, ...] = ()) -> list[Path]:
    return [
        path
        for path in text_files()
        if path != THIS_FILE
        and named(path).split("/")[0] in (folders or OWN)
        and (not suffixes or path.suffix in suffixes)
    ]


def test_nothing_is_left_to_do() -> None:
    assert matches(r"\b(TODO|FIXME|XXX|HACK)\b", iter(_own())) == []


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    found = matches(r"mark\.(skip|skipif|xfail)|pytest\.(skip|xfail|importorskip)\(", iter(_own()))
    assert [line for line in found if not line.startswith(LACKING)] == []


def test_every_exemption_names_its_rule() -> None:
    assert matches(r"# noqa(?!: [A-Z]+\d+)|# type: ignore(?!\[)", iter(_own())) == []


def test_nothing_is_printed_but_by_commands() -> None:
    printing = matches(r"^\s*(print|breakpoint)\(", iter(_own("worker_legal", suffixes=(".py",))))
    assert printing == []


def test_nothing_comes_from_a_foreign_origin() -> None:
    shipped = _own("worker_legal", "templates", suffixes=(".py", ".html", ".css", ".js", ".svg"))
    assert matches(rf"https?://(?!{KNOWN_ADDRESSES})[A-Za-z0-9]", iter(shipped)) == []


def test_no_path_of_a_machine_is_written_down() -> None:
    home = "/ro" + "ot/"
    found = matches(rf"(?<![\w.]){home}|/home/[a-z]+/", (p for p in text_files() if p != THIS_FILE))
    assert found == []


def test_text_files_end_with_one_line_break() -> None:
    wrong = [
        named(path)
        for path in text_files()
        if path.stat().st_size
        and path.suffix != ".po"  # written by the catalogue's own tool
        and not (path.read_bytes().endswith(b"\n") and not path.read_bytes().endswith(b"\n\n"))
    ]
    assert wrong == []
