"""Word documents of headings, paragraphs and tables: plain OOXML, nothing fetched or embedded."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# what XML 1.0 cannot hold
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OFFICE = "http://schemas.openxmlformats.org"
_WORD = f"{_OFFICE}/wordprocessingml/2006/main"
_RELATIONS = f"{_OFFICE}/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_WIDTH = 9060


@dataclass(frozen=True)
class Heading:
    """A heading; level 0 is the title of the document."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Running text; `is_small` for notes under a table."""

    text: str
    is_small: bool = False


@dataclass(frozen=True)
class Grid:
    """A table; every column but the first is set to the right."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


Block = Heading | Paragraph | Grid


def write_docx(blocks: Iterable[Block], foot: str) -> bytes:
    """An A4 document; `foot` stands before the page number at the bottom of every page."""
    body = "".join(_block(block) for block in blocks)
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _relations(
            ("styles", "styles.xml"), ("footer", "footer1.xml")
        ),
        "word/styles.xml": _STYLES,
        "word/footer1.xml": _footer(foot),
        "word/document.xml": (
            f'{_HEAD}<w:document xmlns:w="{_WORD}" xmlns:r="{_RELATIONS}">'
            f"<w:body>{body}{_PAGE}</w:body></w:document>"
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return _paragraph(block.text, f"Heading{block.level}" if block.level else "Title")
    if isinstance(block, Paragraph):
        return _paragraph(block.text, "Small" if block.is_small else "")
    return _grid(block)


def _paragraph(text: str, style: str = "", right: bool = False) -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    aligned = '<w:jc w:val="right"/>' if right else ""
    plain = escape(_UNSPEAKABLE.sub("", text))
    run = f'<w:r><w:t xml:space="preserve">{plain}</w:t></w:r>'
    return f"<w:p><w:pPr>{named}{aligned}</w:pPr>{run}</w:p>"


def _grid(grid: Grid) -> str:
    share = _WIDTH // max(1, len(grid.head))
    columns = f'<w:gridCol w:w="{share}"/>' * len(grid.head)
    rows = "".join(_row(row, share) for row in grid.rows)
    head = _row(grid.head, share, is_head=True)
    layout = f'<w:tblStyle w:val="Figures"/><w:tblW w:w="{share * len(grid.head)}" w:type="dxa"/>'
    return (
        f"<w:tbl><w:tblPr>{layout}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{head}{rows}</w:tbl>"
        "<w:p/>"
    )


def _row(cells: Sequence[str], share: int, is_head: bool = False) -> str:
    repeated = "<w:tblHeader/>" if is_head else ""
    style = "CellHead" if is_head else "Cell"
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{share}" w:type="dxa"/></w:tcPr>'
        f"{_paragraph(cell, style, right=place > 0)}</w:tc>"
        for place, cell in enumerate(cells)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{made}</w:tr>"


def _footer(foot: str) -> str:
    plain = escape(_UNSPEAKABLE.sub("", foot))
    fields = (
        '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        "<w:r><w:t>/</w:t></w:r>"
        '<w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    )
    return (
        f'{_HEAD}<w:ftr xmlns:w="{_WORD}"><w:p><w:pPr><w:pStyle w:val="Small"/>'
        f'<w:jc w:val="center"/></w:pPr><w:r><w:t xml:space="preserve">{plain}  </w:t></w:r>'
        f"{fields}</w:p></w:ftr>"
    )


def _relations(*rows: tuple[str, str]) -> str:
    made = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(rows, start=1)
    )
    namespace = f"{_OFFICE}/package/2006/relationships"
    return f'{_HEAD}<Relationships xmlns="{namespace}">{made}</Relationships>'


def _style(name: str, paragraph: str, run: str, kind: str = "paragraph", more: str = "") -> str:
    return (
        f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{more or name}"/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


_LINES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="999999"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_STYLES = (
    f'{_HEAD}<w:styles xmlns:w="{_WORD}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体"/>'
    '<w:sz w:val="24"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="360" w:lineRule="auto"/></w:pPr>'
    "</w:pPrDefault></w:docDefaults>"
    + _style("Title", '<w:jc w:val="center"/>', '<w:b/><w:sz w:val="36"/>')
    + _style(
        "Heading1",
        '<w:keepNext/><w:outlineLvl w:val="0"/>',
        '<w:b/><w:sz w:val="28"/>',
        more="heading 1",
    )
    + _style("Small", "", '<w:sz w:val="18"/>')
    + _style(
        "Cell", '<w:spacing w:after="0" w:line="276" w:lineRule="auto"/>', '<w:sz w:val="21"/>'
    )
    + _style(
        "CellHead",
        '<w:spacing w:after="0" w:line="276" w:lineRule="auto"/>',
        '<w:b/><w:sz w:val="21"/>',
    )
    + '<w:style w:type="table" w:styleId="Figures"><w:name w:val="Figures"/>'
    f"<w:tblPr><w:tblBorders>{_LINES}</w:tblBorders></w:tblPr></w:style></w:styles>"
)
_PAGE = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1418" w:right="1418" w:bottom="1418" '
    'w:left="1418" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>'
)
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = (
    f'{_HEAD}<Types xmlns="{_OFFICE}/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_MAIN}.styles+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_MAIN}.footer+xml"/></Types>'
)
