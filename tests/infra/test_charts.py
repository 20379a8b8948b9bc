"""The pictures: well formed, escaped, every mark a link, nothing a strict page would refuse."""

import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from markupsafe import Markup

from worker_legal.infra import charts
from worker_legal.infra.charts import Bar, Column, Lane, Mark, MonthTick, Span
from worker_legal.infra.tracks import fit_labels

TODAY = date(2026, 12, 14)
NASTY = '<script>alert("1")</script>&\'"'


def parse(picture: Markup) -> ET.Element:
    return ET.fromstring(f"<root>{picture}</root>")


def a_lane(**changes: object) -> Lane:
    values: dict[str, object] = {
        "label": "仲裁",
        "state_text": "已受理，8人",
        "url": "/cases/1#p4",
        "spans": (Span(date(2026, 12, 3), TODAY, "done"), Span(TODAY, date(2027, 1, 25), "todo")),
        "marks": (
            Mark(date(2026, 12, 10), "event", "12-10 受理", "#e1", "2026-12-10 周四 受理"),
            Mark(date(2026, 12, 15), "soon", "12-15 送达", "#d1", strong=True),
            Mark(date(2027, 1, 25), "ok", "01-25 裁决", "#d2"),
        ),
    }
    return Lane(**{**values, **changes})  # type: ignore[arg-type]


def drawn(*lanes: Lane) -> Markup:
    ticks = [
        MonthTick(day, f"{day.year}年{day.month}月", f"{day.month}月")
        for day in charts.month_starts(lanes, TODAY)
    ]
    return charts.tracks(lanes, TODAY, ticks, "今天 12-14", "1个程序")


ALL = {
    "columns": lambda word: charts.columns([Column(word, 3, 4, "/c?a=1&b=2")], word, word),
    "bars": lambda word: charts.bars([Bar(word, 3, "/c?a=1&b=2")], word, (word, word, word)),
    "spark": lambda word: charts.spark([1, 2, 3], word),
    "tracks": lambda word: drawn(
        a_lane(label=word, state_text=word, marks=(Mark(TODAY, "late", word, "/?a=1&b=2", word),))
    ),
}


@pytest.mark.parametrize("kind", ALL)
def test_text_from_outside_never_becomes_markup(kind: str) -> None:
    picture = ALL[kind](NASTY)
    assert not parse(picture).findall(".//script")
    assert "<script" not in picture


@pytest.mark.parametrize("kind", ALL)
def test_a_strict_page_accepts_the_picture(kind: str) -> None:
    for element in parse(ALL[kind]("调解")).iter():
        assert element.tag not in {"script", "style"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("kind", ALL)
def test_the_picture_is_marked_safe_for_templates(kind: str) -> None:
    assert isinstance(ALL[kind]("调解"), Markup)


def test_every_month_links_to_its_cases_and_says_both_figures() -> None:
    picture = parse(
        charts.columns(
            [Column("1", 31, 36, "/cases?m=1", "2026年1月 31件，2025年同期36件")], "每月"
        )
    )
    link = picture.find(".//a")
    assert link is not None
    assert link.get("href") == "/cases?m=1"
    assert link.findtext("title") == "2026年1月 31件，2025年同期36件"


def test_a_column_is_as_high_as_its_figure() -> None:
    picture = parse(charts.columns([Column("1", 10), Column("2", 20)], "每月"))
    heights = [float(bar.get("height", "0")) for bar in picture.findall(".//rect")]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)


def test_columns_without_last_year_draw_one_column_each() -> None:
    picture = parse(charts.columns([Column("1", 10)], "每月"))
    assert [bar.get("class") for bar in picture.findall(".//rect")] == ["c-now"]


def test_columns_of_nothing_keep_their_floor() -> None:
    assert len(parse(charts.columns([], "每月")).findall(".//line")) == 2


def test_columns_of_zeros_stay_on_the_floor() -> None:
    picture = parse(charts.columns([Column("1", 0, 0)], "每月"))
    assert {bar.get("height") for bar in picture.findall(".//rect")} == {"0.0"}


@pytest.mark.parametrize("highest", [1, 3, 7, 36, 99, 101, 4_321, 9_999_999])
def test_the_scale_holds_the_highest_figure_in_few_lines(highest: int) -> None:
    top, distance = charts.top_of_scale(highest)
    assert top >= highest
    assert top % distance == 0
    assert top // distance <= 4


def test_room_is_kept_for_the_months_to_come() -> None:
    whole = charts.columns([Column("1", 1)], "每月")
    part = charts.columns([Column("1", 1)], "每月", slots=12)
    widths = [float(parse(one).find(".//rect").get("width")[:-1]) for one in (whole, part)]  # type: ignore[union-attr,index]
    assert widths[0] == pytest.approx(widths[1] * 12, rel=0.01)


def test_the_longest_bar_fills_the_row() -> None:
    picture = parse(charts.bars([Bar("拖欠工资", 128), Bar("工伤", 64)], "事由", ("a", "b", "c")))
    assert [bar.get("width") for bar in picture.findall(".//rect")] == ["100.00%", "50.00%"]


def test_a_bar_without_cases_has_no_length() -> None:
    picture = parse(charts.bars([Bar("其他", 0)], "事由", ("a", "b", "c")))
    assert picture.find(".//rect").get("width") == "0.00%"  # type: ignore[union-attr]


def test_bars_of_nothing_are_an_empty_table() -> None:
    assert parse(charts.bars([], "事由", ("a", "b", "c"))).findall(".//tbody/tr") == []


def test_a_spark_of_one_value_is_drawn() -> None:
    assert parse(charts.spark([5], "走势")).find(".//polyline").get("points") == "0.0,28.0"  # type: ignore[union-attr]


def test_a_spark_is_an_image_with_words() -> None:
    picture = parse(charts.spark([5, 6], "受理案件走势")).find("svg")
    assert picture is not None
    assert (picture.get("role"), picture.get("aria-label")) == ("img", "受理案件走势")


def test_each_proceeding_has_its_lane() -> None:
    assert len(parse(drawn(a_lane(), a_lane(label="监察"))).findall(".//li")) == 2


def test_every_mark_leads_to_its_entry() -> None:
    targets = [link.get("href") for link in parse(drawn(a_lane())).findall(".//svg//a")]
    assert targets == ["#e1", "#d1", "#d2"]


def test_a_mark_without_words_is_read_as_its_date() -> None:
    lane = a_lane(marks=(Mark(date(2026, 12, 1), "event", "申请", "#e"),))
    assert parse(drawn(lane)).findtext(".//svg/a/title") == "2026-12-01 申请"


def test_marks_and_today_lie_inside_the_picture() -> None:
    picture = drawn(a_lane(marks=(Mark(date(2020, 1, 1), "event"), Mark(date(2029, 1, 1), "ok"))))
    places = [float(dot.get("cx", "0%")[:-1]) for dot in parse(picture).findall(".//circle")]
    assert all(0 < place < 100 for place in places)


def test_later_days_lie_further_right() -> None:
    hits = parse(drawn(a_lane())).findall(".//circle[@class='t-hit']")
    places = [float(hit.get("cx", "0%")[:-1]) for hit in hits]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("event", "t-mark"),
        ("optional", "t-opt"),
        ("ok", "t-ok"),
        ("soon", "t-soon"),
        ("late", "t-late"),
    ],
)
def test_each_kind_of_mark_has_its_own_shape(kind: str, shape: str) -> None:
    assert f'class="{shape}"' in drawn(a_lane(marks=(Mark(TODAY, kind),)))


def test_a_case_of_one_day_is_drawn() -> None:
    lane = a_lane(spans=(Span(TODAY, TODAY, "done"),), marks=(Mark(TODAY, "event", "登记"),))
    assert parse(drawn(lane)).find(".//circle") is not None


def test_a_case_without_proceedings_shows_only_the_axis() -> None:
    picture = parse(charts.tracks([], TODAY, [], "今天"))
    assert picture.findall(".//li") == []
    assert picture.findtext(".//text") == "今天"


def test_a_hundred_lanes_are_drawn() -> None:
    picture = drawn(*(a_lane(label=f"程序{number}") for number in range(100)))
    assert len(parse(picture).findall(".//li")) == 100


def test_months_are_thinned_over_many_years() -> None:
    lane = a_lane(marks=(Mark(TODAY - timedelta(days=3650), "event"),))
    assert len(charts.month_starts([lane], TODAY)) <= 8


def test_labels_never_overlap() -> None:
    marks = [Mark(TODAY + timedelta(days=day), "event", "12-14 很长的文字") for day in range(5)]
    assert len(fit_labels(marks, lambda day: (day - TODAY).days + 40.0)) < len(marks)


def test_the_nearest_date_keeps_its_label_before_the_others() -> None:
    marks = [Mark(TODAY, "event", "12-14 申请登记"), Mark(TODAY, "soon", "12-14 送达", strong=True)]
    assert 1 in fit_labels(marks, lambda _day: 5.0)
