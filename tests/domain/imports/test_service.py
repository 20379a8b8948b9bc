"""A ledger in the books: whole, once, through the same functions as a clerk's entries."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support import ledgers
from worker_legal.domain import access, audit, cases, imports, org, parties
from worker_legal.domain.cases import Case
from worker_legal.domain.cases.queries import CaseFilter, open_deadlines
from worker_legal.domain.imports import Result
from worker_legal.domain.parties import Employer
from worker_legal.domain.permissions import Actor, Role
from worker_legal.errors import NotAllowed, RuleBroken
from worker_legal.infra.db import db, transaction
from worker_legal.law.enums import CaseStatus, OrgKind

SYSTEM = Actor.system("tests")
CODE = "91999999MA9LLEHTGU"


def _bring_in(content: bytes, actor: Actor = SYSTEM) -> Result:
    with transaction():
        return imports.commit(actor, content, "ledger.xlsx")


def _count(table: Any) -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def _cases() -> list[Case]:
    return list(db.session.scalars(cases.search(SYSTEM, CaseFilter()).order_by(Case.id)))


def _companies() -> dict[str, str | None]:
    return {row.name: row.uscc for row in db.session.scalars(sa.select(Employer))}


def test_every_row_becomes_a_case(app: Flask) -> None:
    assert _bring_in(ledgers.small({}, {}, {})) == Result(added=3, unchanged=0)
    assert [case.registered_on.day for case in _cases()] == [1, 2, 3]


def test_the_same_file_twice_changes_nothing(app: Flask) -> None:
    content = ledgers.small({}, {}, {})
    _bring_in(content)
    assert _bring_in(content) == Result(added=0, unchanged=3)
    assert _count(Case) == 3


def test_the_same_cells_in_another_spelling_change_nothing(app: Flask) -> None:
    number = make.make_id_number()
    _bring_in(ledgers.small({"身份证号码": number}))
    again = {"身份证号码": number, "接访日期": "2022年3月1日", "涉及金额（元）": "1,000.00"}
    assert _bring_in(ledgers.small(again)) == Result(added=0, unchanged=1)


def test_rows_added_below_are_new(app: Flask) -> None:
    numbers = [make.make_id_number() for _ in range(3)]
    rows = [{"身份证号码": number} for number in numbers]
    _bring_in(ledgers.small(*rows[:2]))
    assert _bring_in(ledgers.small(*rows)) == Result(added=1, unchanged=2)


def test_a_changed_row_stops_the_whole_file(app: Flask) -> None:
    number = make.make_id_number()
    _bring_in(ledgers.small({"身份证号码": number}))
    changed = ledgers.small({"身份证号码": number, "涉及金额（元）": 7}, {})
    with pytest.raises(RuleBroken):
        _bring_in(changed)
    assert _count(Case) == 1


def test_a_changed_row_is_named_at_its_number(app: Flask) -> None:
    number = make.make_id_number()
    _bring_in(ledgers.small({"身份证号码": number}))
    found = imports.preview(SYSTEM, ledgers.small({"身份证号码": number, "涉及金额（元）": 7}))
    [finding] = [finding for finding in found.findings if finding.severity == "error"]
    assert (finding.row, finding.column) == (2, "A")


def test_an_open_result_leaves_the_case_open(app: Flask) -> None:
    _bring_in(ledgers.small({"办理结果": "办理中", "结案日期": ""}))
    assert [case.status for case in _cases()] == [CaseStatus.OPEN]


def test_a_result_without_a_day_stays_open_and_is_told(app: Flask) -> None:
    content = ledgers.small({"结案日期": ""})
    assert [f.column for f in imports.preview(SYSTEM, content).findings] == ["N"]
    _bring_in(content)
    assert [case.closed_on for case in _cases()] == [None]


def test_a_closed_case_keeps_its_day(app: Flask) -> None:
    _bring_in(ledgers.small({"结案日期": "2022-03-09"}))
    assert [case.closed_on for case in _cases()] == [date(2022, 3, 9)]


def test_missing_sites_are_made_below_the_centre(app: Flask) -> None:
    rows = ({"受理点位": "示例中心"}, {"受理点位": "东区工作站"}, {"受理点位": "南园服务点"})
    _bring_in(ledgers.small(*rows))
    kinds = {unit.name: unit.kind for unit in org.tree()}
    assert kinds == {
        "示例中心": OrgKind.CENTRE,
        "东区工作站": OrgKind.STATION,
        "南园服务点": OrgKind.POINT,
    }


def test_a_known_site_is_used(app: Flask) -> None:
    with transaction():
        make.make_site(OrgKind.POINT, "示例服务点", make.make_office())
    _bring_in(ledgers.small({}))
    assert len(org.tree()) == 2


def test_a_handler_is_an_account_that_cannot_sign_in(app: Flask) -> None:
    _bring_in(ledgers.small({}))
    [user] = [user for user in access.users() if user.display_name == "经办甲"]
    assert not access.sign_in(user.username, "", "127.0.0.1").user


def test_a_short_name_without_code_joins_no_company(app: Flask) -> None:
    coded = {"用人单位": "示例华鞋业厂", "统一社会信用代码": CODE}
    _bring_in(ledgers.small(coded, {"用人单位": "示例华鞋业厂"}))
    codes = db.session.scalars(sa.select(Employer.uscc).where(Employer.name == "示例华鞋业厂"))
    assert set(codes) == {CODE, None}


def test_a_short_name_with_the_same_code_becomes_an_alias(app: Flask) -> None:
    full = {"用人单位": "示例市华鞋业有限公司", "统一社会信用代码": CODE}
    short = {"用人单位": "示例华鞋业厂", "统一社会信用代码": CODE}
    _bring_in(ledgers.small(short, full))
    assert _companies() == {"示例市华鞋业有限公司": CODE}
    company = parties.find_employer_by_code(CODE)
    assert company is not None
    assert parties.aliases_of(company) == ["示例华鞋业厂"]


def test_a_person_in_two_cases_is_one_person(app: Flask) -> None:
    number = make.make_id_number()
    content = ledgers.small({"身份证号码": number}, {"身份证号码": number})
    found = imports.preview(SYSTEM, content)
    assert (found.people, found.person_times) == (1, 2)


def test_past_dates_of_history_are_quiet(app: Flask) -> None:
    _bring_in(ledgers.small({"办理方式": "调解", "办理结果": "办理中", "结案日期": ""}))
    query = open_deadlines(SYSTEM)
    due = [row for row in db.session.scalars(query) if row.due_on and row.due_on < date(2026, 1, 1)]
    assert due == []


def test_open_imported_cases_without_dates_are_listed(app: Flask) -> None:
    _bring_in(ledgers.small({"办理方式": "仲裁", "办理结果": "办理中", "结案日期": ""}, {}))
    query = cases.search(SYSTEM, CaseFilter(missing_dates=True))
    assert [case.registered_on for case in db.session.scalars(query)] == [date(2022, 3, 1)]


def test_an_import_is_in_the_log(app: Flask) -> None:
    _bring_in(ledgers.small({}))
    actions = db.session.scalars(sa.select(audit.AuditEntry.action))
    assert "import_ledger" in set(actions)


def test_progress_reaches_the_end(app: Flask) -> None:
    seen: list[tuple[int, int]] = []
    with transaction():
        imports.commit(
            SYSTEM, ledgers.small({}, {}), "x.xlsx", lambda done, all_: seen.append((done, all_))
        )
    assert seen == [(1, 2), (2, 2)]


def test_a_clerk_may_not_import(app: Flask) -> None:
    with transaction():
        clerk = make.make_actor(make.make_office(), Role.INTAKE)
    with pytest.raises(NotAllowed):
        imports.preview(clerk, ledgers.small({}))


def test_a_director_imports_into_the_own_office(app: Flask) -> None:
    with transaction():
        director = make.make_actor(make.make_office(), Role.DIRECTOR)
    assert _bring_in(ledgers.small({}, {}), director).added == 2


def test_two_ledgers_with_the_same_numbers_are_told_apart_by_name(app: Flask) -> None:
    east, west = ledgers.small({}, {}), ledgers.small({"用人单位": "西区第一制衣有限公司"}, {})
    with transaction():
        assert imports.commit(SYSTEM, east, "east.xlsx").added == 2
    assert imports.preview(SYSTEM, west).has_errors
    for expected in (2, 0):
        with transaction():
            done = imports.commit(SYSTEM, west, "west.xlsx", source="西区站")
        assert (done.added, done.unchanged) == (expected, 2 - expected)
    assert db.session.scalar(sa.select(sa.func.count(Case.id))) == 4
    assert [batch.source for batch in imports.batches()] == ["西区站", ""]
