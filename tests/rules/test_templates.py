"""Templates: safe by construction, each used, each there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.source import ROOT, TEMPLATES, calls, matches, named, parsed, python_files

BORROWED = re.compile(r'(?:extends|include|import|from)\s+"([^"]+)"')
INLINE_STYLE = r"\sstyle\s*=|<style\b"
HANDLER = r"<[^>]*\son[a-z]+\s*="
INLINE_SCRIPT = r"<script(?![^>]*\bsrc=)"


def _templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def _name(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def _used_by_python() -> Iterator[str]:
    """Patterns of the template names in the code; a part computed there fits anything."""
    for path in python_files("worker_legal"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if node.value.endswith((".html", ".txt")) and " " not in node.value:
                    yield re.escape(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[^/]+"
                    for part in node.values
                ]
                if parts[-1].endswith(r"\.html"):
                    yield "".join(parts)


def _used_by_templates() -> set[str]:
    return {name for path in _templates() for name in BORROWED.findall(path.read_text())}


def test_no_template_switches_escaping_off() -> None:
    assert matches(r"\|\s*safe\b|autoescape\s+false", iter(_templates())) == []


def test_no_code_switches_escaping_off() -> None:
    computed = [
        f"{named(path)}:{call.lineno}"
        for path in python_files("worker_legal")
        for name, call in calls(path)
        if name.split(".")[-1] == "Markup" and not isinstance(call.args[0], ast.Constant)
    ]
    assert computed == []


def test_no_template_has_inline_style_script_or_handler() -> None:
    assert matches(f"{INLINE_STYLE}|{HANDLER}|{INLINE_SCRIPT}", iter(_templates())) == []


def test_no_template_asks_the_database() -> None:
    assert matches(r"\.query\b|session\.|\.execute\(|\bselect\(", iter(_templates())) == []


def test_every_template_used_is_there() -> None:
    there = {_name(path) for path in _templates()}
    fixed = {pattern.replace("\\", "") for pattern in _used_by_python() if "[^/]+" not in pattern}
    templates = {name for name in fixed if "/" in name and name.endswith(".html")}
    assert (templates | _used_by_templates()) - there == set()


def test_every_template_is_used() -> None:
    patterns = [re.compile(pattern) for pattern in _used_by_python()]
    borrowed = _used_by_templates()
    unused = [
        _name(path)
        for path in _templates()
        if _name(path) not in borrowed
        and not any(pattern.fullmatch(_name(path)) for pattern in patterns)
    ]
    assert unused == []


def test_every_chinese_text_of_a_template_is_marked_for_translation() -> None:
    marked = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
    allowed = {"中文"}
    bare = [
        f"{named(path)}: {words}"
        for path in _templates()
        for words in re.findall(r"[\u4e00-\u9fff]+", marked.sub("", path.read_text()))
        if words not in allowed
    ]
    assert bare == []


def test_every_static_file_is_used() -> None:
    static = ROOT / "worker_legal" / "static"
    sources = [*_templates(), *python_files("worker_legal"), *static.rglob("*.css")]
    sources += static.rglob("*.js")
    text = "\n".join(path.read_text() for path in sources)
    assert [named(p) for p in static.rglob("*") if p.is_file() and p.name not in text] == []
