"""Word documents of headings, paragraphs, tables and pictures: plain OOXML, nothing fetched."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# what XML 1.0 cannot hold
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OFFICE = "http://schemas.openxmlformats.org"
_WORD = f"{_OFFICE}/wordprocessingml/2006/main"
_RELATIONS = f"{_OFFICE}/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
# the text across, in twentieths of a point; Word counts pictures in smaller units
_WIDTH = 9060
_EMU = 635
# pictures come after styles and footer in the relations
_FIRST_PICTURE = 2
_MIDDLE = '<w:vAlign w:val="center"/>'


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


@dataclass(frozen=True)
class Picture:
    """A PNG as wide as the text; `alt` is read out in its place."""

    content: bytes
    width: int
    height: int
    alt: str


Block = Heading | Paragraph | Grid | Picture


def write_docx(blocks: Iterable[Block], foot: str) -> bytes:
    """An A4 document; `foot` stands before the page number at the bottom of every page."""
    made = list(blocks)
    pictures = [block for block in made if isinstance(block, Picture)]
    body = "".join(_block(block, pictures) for block in made)
    media = {f"media/picture{n}.png": each.content for n, each in enumerate(pictures, start=1)}
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _relations(
            ("styles", "styles.xml"),
            ("footer", "footer1.xml"),
            *(("image", name) for name in media),
        ),
        **{f"word/{name}": content for name, content in media.items()},
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


def _block(block: Block, pictures: Sequence[Picture]) -> str:
    if isinstance(block, Picture):
        return _picture(block, pictures.index(block) + 1)
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


def _picture(picture: Picture, number: int) -> str:
    across = _WIDTH * _EMU
    size = f'cx="{across}" cy="{across * picture.height // picture.width}"'
    name = quoteattr(_UNSPEAKABLE.sub("", picture.alt))
    own = f'id="{number}" name="picture{number}" descr={name}'
    drawing = f"{_OFFICE}/drawingml/2006"
    return (
        "<w:p><w:pPr><w:keepNext/></w:pPr><w:r><w:drawing>"
        f'<wp:inline xmlns:wp="{drawing}/wordprocessingDrawing">'
        f'<wp:extent {size}/><wp:docPr {own}/><a:graphic xmlns:a="{drawing}/main">'
        f'<a:graphicData uri="{drawing}/picture"><pic:pic xmlns:pic="{drawing}/picture">'
        f"<pic:nvPicPr><pic:cNvPr {own}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="rId{_FIRST_PICTURE + number}"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def _grid(grid: Grid) -> str:
    widths = _widths(len(grid.head))
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_row(row, widths) for row in grid.rows)
    head = _row(grid.head, widths, is_head=True)
    layout = f'<w:tblStyle w:val="Figures"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
    return (
        f"<w:tbl><w:tblPr>{layout}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{head}{rows}</w:tbl>"
        "<w:p/>"
    )


def _widths(count: int) -> list[int]:
    """The first column, with the words, is wider than those with figures."""
    share = _WIDTH * 2 // (2 * count + 1)
    return [_WIDTH - share * (count - 1), *[share] * (count - 1)]


def _row(cells: Sequence[str], widths: Sequence[int], is_head: bool = False) -> str:
    repeated = "<w:tblHeader/>" if is_head else ""
    style = "CellHead" if is_head else "Cell"
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{widths[min(place, len(widths) - 1)]}" w:type="dxa"/>'
        f"{_MIDDLE}</w:tcPr>"
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
    '<Default Extension="png" ContentType="image/png"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_MAIN}.styles+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_MAIN}.footer+xml"/></Types>'
)
