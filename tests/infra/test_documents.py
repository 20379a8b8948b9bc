"""Word documents: whole XML whatever the text, tables that read back as they were."""

import io
import zipfile
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from tests.support.documents import paragraphs, tables
from worker_legal.infra.documents import Grid, Heading, Paragraph, Picture, write_docx

TEXT = st.text(max_size=40)


@given(st.lists(TEXT, max_size=5))
def test_any_text_makes_whole_parts(texts: list[str]) -> None:
    content = write_docx([Paragraph(text) for text in texts], "脚注")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))  # noqa: S314 - our own file


def test_a_table_reads_back_as_it_was() -> None:
    grid = Grid(["项目", "起"], [["劳动报酬", "12"], ["<其他> & 更多", "3"]])
    assert tables(write_docx([grid], "")) == [[["项目", "起"], *map(list, grid.rows)]]


def test_text_stands_in_its_order() -> None:
    content = write_docx([Heading("标题", 0), Paragraph("一句话"), Heading("一、")], "")
    assert paragraphs(content) == ["标题", "一句话", "一、"]


def test_a_document_points_to_nothing_outside() -> None:
    content = write_docx([Paragraph("https://example.org/")], "")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        relations = [archive.read(name) for name in archive.namelist() if name.endswith(".rels")]
    assert all(b"External" not in part for part in relations)


def test_every_part_that_is_named_is_there() -> None:
    with zipfile.ZipFile(io.BytesIO(write_docx([], ""))) as archive:
        names = set(archive.namelist())
        types = archive.read("[Content_Types].xml").decode()
    assert {"word/document.xml", "word/styles.xml", "word/footer1.xml"} <= names
    assert all(
        f"/{name}" in types for name in names if name.startswith("word/") and "_rels" not in name
    )


def test_pictures_are_inside_and_named_for_who_cannot_see_them() -> None:
    pictures = [Picture(b"one", 720, 230, '每月受理 "图" <1>'), Picture(b"two", 1, 1, "x")]
    with zipfile.ZipFile(io.BytesIO(write_docx(pictures, ""))) as archive:
        kept = [archive.read(f"word/media/picture{number}.png") for number in (1, 2)]
        relations = archive.read("word/_rels/document.xml.rels").decode()
        root = ElementTree.fromstring(archive.read("word/document.xml"))  # noqa: S314 - our own file
    assert kept == [b"one", b"two"]
    for part in root.iter():
        for name, value in part.attrib.items():
            if name.endswith("}embed"):
                assert f'Id="{value}"' in relations
    named = [part.get("descr") for part in root.iter() if part.tag.endswith("}docPr")]
    assert named == [picture.alt for picture in pictures]
