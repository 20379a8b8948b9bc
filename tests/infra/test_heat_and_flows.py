"""Heat and flow: every mark a link with its number, escaped, and never too thin to follow."""

import xml.etree.ElementTree as ET

from markupsafe import Markup

from worker_legal.infra import flows
from worker_legal.infra.heat import Spot, heat

NASTY = '<script>alert("1")</script>&\'"'


def parse(picture: Markup) -> ET.Element:
    return ET.fromstring(f"<root>{picture}</root>")


def _tones(root: ET.Element) -> list[str]:
    return [str(rect.get("class")).split("-")[-1] for rect in root.iter("rect")]


def test_a_cell_links_to_its_rows_and_an_empty_one_nowhere() -> None:
    root = parse(heat(["周一", "周二"], [("9点", [Spot(3, "/rows", "三次"), Spot(0)])], "来访")[0])
    links = list(root.iter("a"))
    assert [(link.get("href"), link.findtext("title")) for link in links] == [("/rows", "三次")]
    assert [text.text for text in root.iter("text")] == ["周一", "周二", "9点", "3"]


def test_the_more_the_darker_and_the_most_is_darkest() -> None:
    spots = [Spot(0), Spot(1), Spot(5), Spot(8)]
    assert _tones(parse(heat(list("1234"), [("9点", spots)], "来访")[0])) == ["0", "1", "3", "4"]


def test_a_plain_row_neither_has_a_tone_nor_sets_the_scale() -> None:
    rows = [("9点", [Spot(4)]), ("不明", [Spot(400, is_plain=True)])]
    assert _tones(parse(heat(["周一"], rows, "来访")[0])) == ["4", "0"]


def test_the_pictures_carry_nothing_a_strict_page_would_refuse() -> None:
    for drawn, _ in (
        heat([NASTY], [(NASTY, [Spot(1, "/x?a=1&b=2", NASTY)])], NASTY),
        flows.flow([flows.Band(NASTY, NASTY, 1, "/x?a=1&b=2", NASTY)], NASTY),
    ):
        assert "<script" not in drawn
        assert "style=" not in drawn
        assert parse(drawn).find(".//a") is not None


def test_a_band_carries_its_number_and_leads_to_its_cases() -> None:
    bands = [flows.Band("调解", "仲裁", 12, "/a", "十二起"), flows.Band("调解", "诉讼", 1, "/b")]
    root = parse(flows.flow(bands, "流转")[0])
    assert [link.get("href") for link in root.iter("a")] == ["/a", "/b"]
    assert [text.text for text in root.iter("text")] == ["调解", "仲裁", "诉讼", "12", "1"]


def test_the_thinnest_band_can_still_be_read_and_bands_do_not_overlap() -> None:
    bands = [flows.Band("调解", str(number), value) for number, value in enumerate((900, 1, 1))]
    drawn, height = flows.flow(bands, "流转")
    starts = sorted(float(text.get("y") or 0) for text in list(parse(drawn).iter("text"))[-3:])
    assert all(
        after - before >= flows.LEAST for before, after in zip(starts, starts[1:], strict=False)
    )
    assert height < 3 * flows.TALLEST


def test_without_a_band_there_is_an_empty_picture() -> None:
    assert parse(flows.flow([], "流转")[0]).find(".//a") is None
