"""Word documents read back: their paragraphs and their tables as plain text."""

import io
import zipfile
from xml.etree import ElementTree

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _body(content: bytes) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))  # noqa: S314 - our own file
    [body] = root
    return body


def _text(element: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{WORD}t"))


def paragraphs(content: bytes) -> list[str]:
    """The text outside tables, empty lines left out."""
    return [text for part in _body(content).findall(f"{WORD}p") if (text := _text(part))]


def tables(content: bytes) -> list[list[list[str]]]:
    """Every table as rows of cells."""
    return [
        [[_text(cell) for cell in row.iter(f"{WORD}tc")] for row in table.iter(f"{WORD}tr")]
        for table in _body(content).iter(f"{WORD}tbl")
    ]
