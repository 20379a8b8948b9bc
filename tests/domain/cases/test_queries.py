"""Lists: order, pages, figures that equal the rows, and nothing from out of sight."""

from datetime import date, timedelta

import pytest

from tests.builders import make_actor, make_case, make_id_number, make_party, make_site
from tests.support.clocks import TestClock
from worker_legal.domain import cases, parties
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor, Role
from worker_legal.errors import NotFound
from worker_legal.infra.db import db
from worker_legal.law.enums import DisputeKind, Flag, Stage


def _found(actor: Actor, **wanted: object) -> set[int]:
    query = cases.search(actor, cases.CaseFilter(**wanted))  # type: ignore[arg-type]
    return {case.id for case in db.session.scalars(query)}


def _walk(actor: Actor, order: cases.Order, size: int = 3) -> list[int]:
    query, found, key = cases.search(actor, cases.CaseFilter()), [], ""
    while True:
        page = cases.page_of(query, after=key, size=size, order=order)
        found += [case.id for case in page.rows]
        if not page.next_key:
            return found
        key = page.next_key


def _many(centre: OrgUnit, count: int = 11) -> list[cases.Case]:
    day = date(2026, 11, 20)
    return [
        make_case(
            centre,
            registered_on=day - timedelta(days=n % 4),
            first_stage=Stage.MEDIATION if n % 2 else Stage.CONSULTATION,
            workers=[make_party(claimed_fen=(n % 3) * 100)],
            flags=(Flag.URGENT,) if n == 5 else (),
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("order", list(cases.Order))
def test_pages_show_every_case_once(centre: OrgUnit, actor: Actor, order: cases.Order) -> None:
    made = _many(centre)
    walked = _walk(actor, order)
    assert sorted(walked) == sorted(case.id for case in made)


@pytest.mark.parametrize("order", list(cases.Order))
def test_going_back_shows_the_page_before(
    centre: OrgUnit, actor: Actor, order: cases.Order
) -> None:
    _many(centre)
    query = cases.search(actor, cases.CaseFilter())
    first = cases.page_of(query, size=4, order=order)
    second = cases.page_of(query, after=first.next_key, size=4, order=order)
    back = cases.page_of(query, before=second.previous_key, size=4, order=order)
    assert [case.id for case in back.rows] == [case.id for case in first.rows]
    assert back.previous_key == ""


@pytest.mark.parametrize("order", list(cases.Order))
def test_urgent_cases_come_first(centre: OrgUnit, actor: Actor, order: cases.Order) -> None:
    made = _many(centre)
    assert _walk(actor, order)[0] == made[5].id


def test_the_nearest_date_comes_first(centre: OrgUnit, actor: Actor) -> None:
    late = make_case(centre, facts=cases.FactDates(left_on=date(2026, 10, 31)))
    soon = make_case(centre, first_stage=Stage.MEDIATION)
    never = make_case(centre)
    assert _walk(actor, cases.Order.DUE) == [soon.id, late.id, never.id]


def test_a_key_from_elsewhere_is_no_page(centre: OrgUnit, actor: Actor) -> None:
    query = cases.search(actor, cases.CaseFilter())
    for key in ("x", "1_2_3_4", "1_2026-13-01_1", "__"):
        with pytest.raises(NotFound):
            cases.page_of(query, after=key)


def test_figures_equal_the_rows(centre: OrgUnit, actor: Actor) -> None:
    made = _many(centre)
    figures = cases.figures(cases.search(actor, cases.CaseFilter()))
    assert figures.cases == len(made)
    assert figures.claimed_fen == sum(case.claimed_fen for case in made)
    assert figures.person_times == sum(case.worker_count for case in made)


def test_a_void_case_is_only_in_its_own_list(centre: OrgUnit, actor: Actor) -> None:
    case = make_case(centre)
    cases.void(actor, case, "误登")
    assert case.id not in _found(actor)
    assert case.id in _found(actor, status=case.status)


def test_conditions_add_up(centre: OrgUnit, actor: Actor) -> None:
    pay = make_case(centre, first_stage=Stage.MEDIATION)
    make_case(centre, dispute_kind=DisputeKind.RELATION, first_stage=Stage.MEDIATION)
    make_case(centre)
    wanted = {"dispute_kind": DisputeKind.PAY, "stage": Stage.MEDIATION}
    assert _found(actor, **wanted) == {pay.id}


def test_unidentified_people_have_their_list(centre: OrgUnit, actor: Actor) -> None:
    case = make_case(centre, workers=[make_party("", id_no="")])
    make_case(centre)
    assert _found(actor, unidentified=True) == {case.id}


def test_imported_cases_without_dates_have_their_list(centre: OrgUnit, actor: Actor) -> None:
    bare = make_case(centre, source="ledger")
    make_case(centre, source="ledger", facts=cases.FactDates(left_on=date(2026, 10, 31)))
    make_case(centre)
    assert _found(actor, missing_dates=True) == {bare.id}


NUMBER = make_id_number(serial=999)


@pytest.mark.parametrize(
    "text",
    [
        "zs",
        "张三",
        NUMBER,
        NUMBER[-4:],
        "13800001234",
        "1234",
        "示援…1号",
        "1号",
        "示例鞋",
        "旧鞋厂",
    ],
)
def test_one_box_finds_the_case(centre: OrgUnit, actor: Actor, text: str) -> None:
    firm = parties.find_or_add_employer(parties.EmployerInput(name="晋江示例鞋业有限公司"))
    parties.add_alias(firm, "示例旧鞋厂")
    case = make_case(
        centre,
        workers=[make_party("张三", id_no=NUMBER, phone="13800001234")],
        respondents=[cases.NewRespondent(parties.EmployerInput(employer_id=firm.id))],
    )
    make_case(
        centre,
        workers=[make_party("李四", id_no=make_id_number(serial=5))],
        registered_on=date(2025, 5, 1),
    )
    assert case.id in _found(actor, text=text)


@pytest.mark.parametrize("text", ["%", "_", "a%b", "\\"])
def test_signs_of_the_database_find_nothing(centre: OrgUnit, actor: Actor, text: str) -> None:
    make_case(centre)
    assert _found(actor, text=text) == set()


@pytest.mark.parametrize(
    "text",
    [NUMBER, NUMBER.lower(), "13800001234", "138-0000-1234", "+86 13800001234", "0595-85551234"],
)
def test_numbers_of_people_are_told_from_words(text: str) -> None:
    assert cases.is_personal(text)


@pytest.mark.parametrize("text", ["张三", "zs", "1234", "示援〔2026〕1号", "示例鞋", "285", "2026"])
def test_words_are_no_numbers_of_people(text: str) -> None:
    assert not cases.is_personal(text)


@pytest.fixture
def elsewhere(centre: OrgUnit) -> cases.Case:
    """A case at a station whose people are known nowhere else."""
    site = make_site(parent=centre)
    worker = make_party("外站人", id_no=NUMBER, phone="13800001234")
    firm = cases.NewRespondent(parties.EmployerInput(name="外站示例公司"))
    return make_case(site, workers=[worker], respondents=[firm])


@pytest.mark.parametrize(
    "text", ["外站人", "wzr", NUMBER, "13800001234", "1234", "外站示例", "1号"]
)
def test_another_station_finds_nothing(centre: OrgUnit, elsewhere: cases.Case, text: str) -> None:
    stranger = make_actor(make_site(parent=centre), Role.INTAKE)
    query = cases.search(stranger, cases.CaseFilter(text=text))
    assert cases.figures(query) == cases.Figures(0, 0, 0)
    assert cases.people_with(stranger, text) == []


def test_another_station_is_only_told_that_there_is_something(
    centre: OrgUnit, elsewhere: cases.Case
) -> None:
    stranger = make_actor(make_site(parent=centre), Role.INTAKE)
    found = cases.earlier_cases(stranger, NUMBER, "13800001234", "外站人", "外站示例公司")
    assert (found.cases, found.elsewhere) == ([], True)


def test_the_own_station_sees_the_earlier_case(centre: OrgUnit, elsewhere: cases.Case) -> None:
    own = make_actor(cases.get_case(Actor.system("t"), elsewhere.id).site, Role.INTAKE)
    for words in (
        (NUMBER, "", "", ""),
        ("", "13800001234", "", ""),
        ("", "", "外站人", "外站示例"),
    ):
        assert [case.id for case in cases.earlier_cases(own, *words).cases] == [elsewhere.id]


def test_employers_of_another_station_are_not_listed(
    centre: OrgUnit, elsewhere: cases.Case
) -> None:
    stranger = make_actor(make_site(parent=centre), Role.INTAKE)
    assert cases.employers_in_sight(stranger) == ([], 0)
    with pytest.raises(NotFound):
        cases.get_employer(stranger, elsewhere.lead_employer_id or 0)


def test_pay_cases_of_ninety_days_are_counted(
    centre: OrgUnit, actor: Actor, clock: TestClock
) -> None:
    firm = parties.find_or_add_employer(parties.EmployerInput(name="示例鞋业"))
    for days in (0, 90, 91):
        make_case(
            centre,
            registered_on=clock.today - timedelta(days=days),
            respondents=[cases.NewRespondent(parties.EmployerInput(employer_id=firm.id))],
        )
    assert cases.recent_pay_cases(actor, firm.id) == 2
