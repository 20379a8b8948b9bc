"""The wording of the report: figures in named places, unknown names refused, versions kept."""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders as make
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.statistics import wording
from worker_legal.domain.statistics.measures import Change, Figures, Period
from worker_legal.domain.statistics.wording import BUILT_IN, PLACES, NewWording
from worker_legal.errors import BadInput, NotAllowed
from worker_legal.infra.db import transaction

YEAR = Period(date(2022, 1, 1), date(2022, 12, 31))
SYSTEM = Actor.system("tests")


def _figures(**changes: Any) -> Figures:
    counted = Figures(
        cases=313,
        people=1105,
        person_times=1129,
        amount_fen=1_416_330_000,
        agreed_fen=5_000_000,
        received_fen=100,
        work_injury_people=97,
        closed=300,
        open=13,
        collective=2,
        change=Change(permille=-231, basis="series", before=407, source="", entered_by=""),
    )
    return replace(counted, **changes)


NO_CHANGE = Change(permille=None, basis="", before=None, source="", entered_by="")


def _read(text: str, found: Figures | None = None) -> str:
    return "".join(part.text for part in wording.fill_in(text, YEAR, found or _figures()))


def _new(**changes: Any) -> NewWording:
    return replace(NewWording("今年用语", "zh", "共{案件数}起。", date(2026, 1, 1)), **changes)


def test_the_wording_of_2022_is_built_in() -> None:
    assert _read(BUILT_IN) == (
        "2022年，园区职工法律服务一体化平台共受理劳动争议313起，涉及职工1,105人（1,129人次），"
        "涉案金额1,416.33万元，协助职工申请工伤认定97人，案件数同比下降约23%。"
    )


@pytest.mark.parametrize("place", PLACES, ids=[place.english for place in PLACES])
def test_both_names_of_a_place_mean_the_same(place: wording.Place) -> None:
    assert _read("{" + place.name + "}") == _read("{" + place.english + "}") != ""


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("{案件数}，{cases}", "313，313"),
        ("｛案件数｝起", "313起"),
        ("{ 案件数 }起", "313起"),
        ("{金额万元}万元即{金额元}元", "1,416.33万元即14,163,300.00元"),
        ("协议{协议万元}，到账{到账万元}", "协议5.00，到账0.00"),
        ("同比{同比}，上年{上年同期}起", "同比下降约23%，上年407起"),
    ],
)
def test_figures_stand_in_their_places(text: str, read: str) -> None:
    assert _read(text) == read


@pytest.mark.parametrize(
    ("permille", "words"),
    [(-231, "下降约23%"), (-235, "下降约24%"), (0, "持平"), (5, "上升约1%"), (1000, "上升约100%")],
)
def test_the_change_is_put_into_words(permille: int, words: str) -> None:
    change = replace(_figures().change, permille=permille)
    assert _read("{同比}", _figures(change=change)) == words


def test_a_bracket_with_an_unknown_figure_is_left_out() -> None:
    text = "{案件数}起[，同比{同比}]［，上年{上年同期}起］。"
    assert _read(text, _figures(change=NO_CHANGE)) == "313起。"
    assert _read(text) == "313起，同比下降约23%，上年407起。"


def test_outside_a_bracket_an_unknown_figure_is_a_dash() -> None:
    assert _read("同比{同比}。", _figures(change=NO_CHANGE)) == "同比—。"


def test_every_figure_of_the_sentence_names_its_rows() -> None:
    parts = wording.fill_in(BUILT_IN, YEAR, _figures())
    assert [part.figure for part in parts if part.figure] == [
        "cases",
        "people",
        "person_times",
        "amount",
        "work_injury_people",
        "change",
    ]


@pytest.mark.parametrize("name", ["案件", "", " ", "Cases", "案件数}{x", "0", "cases.real"])
def test_an_unknown_place_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(BadInput) as refused:
        wording.fill_in("共{" + name + "}起", YEAR, _figures())
    wrong = name.split("{")[-1]
    assert refused.value.field == "text"
    assert refused.value.params["name"] == "{" + wrong + "}"
    assert "案件数、cases" in str(refused.value.params["known"])


@pytest.mark.parametrize(
    "text", ["{案件数", "案件数}", "[{案件数}", "{案件数}]", "[[{案件数}]]", "{a[b}"]
)
def test_brackets_that_do_not_pair_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        wording.fill_in(text, YEAR, _figures())


@given(st.text(max_size=60))
def test_any_text_is_filled_in_whole_or_refused(text: str) -> None:
    filled = ""
    with suppress(BadInput):
        filled = _read(text)
    assert not set("{}[]") & set(filled)


# --- versions ---------------------------------------------------------------------------


def test_without_a_version_the_built_in_wording_holds(centre: OrgUnit) -> None:
    assert wording.text_for("zh", date(2026, 1, 1)) == BUILT_IN


def test_a_wording_holds_from_its_day_on(actor: Actor) -> None:
    with transaction():
        wording.save(actor, _new())
    assert wording.text_for("zh", date(2025, 12, 31)) == BUILT_IN
    assert wording.text_for("zh", date(2026, 1, 1)) == "共{案件数}起。"
    assert wording.text_for("en", date(2026, 1, 1)) == BUILT_IN


def test_the_later_version_of_one_day_holds_and_both_are_kept(actor: Actor) -> None:
    with transaction():
        wording.save(actor, _new())
        wording.save(actor, _new(text="只有{人数}人。"))
        wording.save(actor, _new(text="旧的{人次}。", valid_from=date(2020, 1, 1)))
    assert wording.text_for("zh", date(2026, 6, 1)) == "只有{人数}人。"
    assert wording.text_for("zh", date(2022, 6, 1)) == "旧的{人次}。"
    assert [row.version for row in wording.versions("zh")] == [3, 2, 1]


def test_saving_the_same_twice_is_one_version(actor: Actor) -> None:
    with transaction():
        wording.save(actor, _new())
        wording.save(actor, _new())
    assert len(wording.versions("zh")) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"text": " "}, "text"),
        ({"text": "没有数"}, "text"),
        ({"text": "{案件数}" + "长" * 600}, "text"),
        ({"text": "{不知道}"}, "text"),
        ({"language": "fr"}, "language"),
    ],
)
def test_a_wrong_wording_is_refused_at_its_field(
    actor: Actor, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(BadInput) as refused, transaction():
        wording.save(actor, _new(**changes))
    assert refused.value.field == field
    assert wording.versions("zh") == []


def test_the_director_of_a_station_does_not_word_the_whole_office(centre: OrgUnit) -> None:
    with transaction():
        station = make.make_actor(make.make_site(parent=centre), Role.DIRECTOR)
    with pytest.raises(NotAllowed), transaction():
        wording.save(station, _new())
