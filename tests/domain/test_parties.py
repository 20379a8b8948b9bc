"""Workers and employers: one record each, doubtful numbers kept as told."""

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.builders import make_actor, make_id_number, make_site
from worker_legal.domain import audit, parties
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.parties import EmployerInput, WorkerInput
from worker_legal.domain.permissions import Actor, Role
from worker_legal.errors import BadInput, NotAllowed, RuleBroken
from worker_legal.infra.db import db
from worker_legal.law.enums import Gender, IdType

pytestmark = pytest.mark.usefixtures("app")
CODE, OTHER_CODE = "91999900MA0000A012", "91999900MA0000B032"


def _firm(name: str, code: str = "") -> parties.Employer:
    return parties.find_or_add_employer(EmployerInput(name=name, uscc=code))


def test_the_same_number_is_the_same_person() -> None:
    number = make_id_number()
    one = parties.find_or_add_worker(WorkerInput("张三", IdType.RESIDENT, number))
    spaced = f"{number[:6]} {number[6:]}".lower()
    assert parties.find_or_add_worker(WorkerInput("张三", IdType.RESIDENT, spaced)).id == one.id


def test_a_doubtful_number_is_kept_as_told() -> None:
    worker = parties.find_or_add_worker(WorkerInput("张三", IdType.RESIDENT, "12345"))
    assert worker.is_identified


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("", IdType.NONE),
        ("999000198506150018", IdType.RESIDENT),
        ("99900019850615001", IdType.RESIDENT),
        ("810000199001011234", IdType.HMT_RESIDENT),
        ("911124198108030024", IdType.FOREIGN_PR),
        ("H12345678", IdType.HM_PASS),
        ("12345678", IdType.TW_PASS),
        ("E12345678", IdType.PASSPORT),
    ],
)
def test_the_paper_is_judged_by_the_number(number: str, kind: IdType) -> None:
    assert parties.kind_of_number(number) is kind


def test_doubts_name_their_field() -> None:
    doubts = parties.doubts(WorkerInput("张三", IdType.RESIDENT, "12", "123"))
    assert {field for field, _ in doubts} == {"id_no", "phone"}


def test_a_number_under_another_name_is_doubtful() -> None:
    number = make_id_number()
    parties.find_or_add_worker(WorkerInput("张三", IdType.RESIDENT, number))
    assert parties.doubts(WorkerInput("李四", IdType.RESIDENT, number))


def test_a_person_in_order_raises_no_doubt() -> None:
    assert not parties.doubts(WorkerInput("张三", IdType.RESIDENT, make_id_number(), "13800000001"))


def test_the_sex_is_read_from_the_number() -> None:
    worker = parties.find_or_add_worker(
        WorkerInput("张三", IdType.RESIDENT, make_id_number(serial=12))
    )
    assert worker.gender is Gender.FEMALE


def test_a_number_of_somebody_else_cannot_be_taken() -> None:
    number = make_id_number()
    parties.find_or_add_worker(WorkerInput("张三", IdType.RESIDENT, number))
    other = parties.find_or_add_worker(WorkerInput("李四", IdType.RESIDENT, make_id_number()))
    with pytest.raises(BadInput) as refused:
        parties.change_worker(other, WorkerInput("李四", IdType.RESIDENT, number))
    assert refused.value.field == "id_no"


def test_empty_fields_of_a_correction_leave_the_old_ones() -> None:
    worker = parties.find_or_add_worker(WorkerInput("张三", phone="13800000001"))
    assert parties.change_worker(worker, WorkerInput("张三")) == {}
    assert worker.masked_phone == "138****0001"


def test_the_paper_can_be_corrected_alone() -> None:
    worker = parties.find_or_add_worker(WorkerInput("张三", IdType.PASSPORT, "E12345678"))
    parties.change_worker(worker, WorkerInput("张三", IdType.OTHER))
    assert worker.id_type is IdType.OTHER


def test_seeing_clear_values_leaves_a_line_in_the_log(centre: OrgUnit) -> None:
    worker = parties.find_or_add_worker(
        WorkerInput("张三", phone="13800000001", address="示例路1号")
    )
    clear = parties.reveal(make_actor(centre, Role.INTAKE), worker, "核对送达地址")
    line = db.session.scalars(sa.select(audit.AuditEntry).filter_by(action="reveal")).one()
    assert (clear.phone, clear.address) == ("13800000001", "示例路1号")
    assert line.detail == {"reason": "核对送达地址"}


def test_seeing_clear_values_needs_a_reason(centre: OrgUnit) -> None:
    worker = parties.find_or_add_worker(WorkerInput("张三"))
    with pytest.raises(BadInput):
        parties.reveal(make_actor(centre, Role.INTAKE), worker, " ")


def test_auditors_see_no_clear_values(centre: OrgUnit) -> None:
    worker = parties.find_or_add_worker(WorkerInput("张三"))
    with pytest.raises(NotAllowed):
        parties.reveal(make_actor(centre, Role.AUDITOR), worker, "想看")


def test_an_old_name_offers_the_company() -> None:
    firm = _firm("晋江示例鞋业有限公司", CODE)
    parties.add_alias(firm, "示例鞋厂")
    assert [found.id for found in parties.suggest_employers("鞋厂")] == [firm.id]
    assert _firm("示例鞋厂").id == firm.id


@pytest.mark.parametrize("text", ["晋江示例", "9199", "jjsl", "91999900ma"])
def test_name_code_and_initials_offer_the_company(text: str) -> None:
    firm = _firm("晋江示例鞋业有限公司", CODE)
    assert [found.id for found in parties.suggest_employers(text)] == [firm.id]


def test_another_name_with_the_same_code_becomes_an_alias() -> None:
    firm = _firm("晋江示例鞋业有限公司", CODE)
    assert _firm("示例鞋业", CODE).id == firm.id
    assert parties.aliases_of(firm) == ["示例鞋业"]


def test_a_name_never_joins_two_codes() -> None:
    assert _firm("示例鞋业", CODE).id != _firm("示例鞋业", OTHER_CODE).id


def test_a_natural_person_is_never_offered() -> None:
    one = parties.find_or_add_employer(EmployerInput(name="包工头老王", is_individual=True))
    two = parties.find_or_add_employer(EmployerInput(name="包工头老王", is_individual=True))
    assert one.id != two.id
    assert parties.suggest_employers("老王") == []


def test_a_merged_record_leads_to_the_survivor(actor: Actor) -> None:
    gone, stays = _firm("示例鞋厂"), _firm("示例鞋业", CODE)
    parties.merge_employers(actor, stays, gone)
    assert _firm("示例鞋厂").id == stays.id
    assert [found.id for found in parties.suggest_employers("示例鞋")] == [stays.id]


def test_two_codes_cannot_be_merged(actor: Actor) -> None:
    with pytest.raises(RuleBroken):
        parties.merge_employers(actor, _firm("甲", CODE), _firm("乙", OTHER_CODE))


def test_a_record_cannot_be_merged_twice(actor: Actor) -> None:
    gone, stays, third = _firm("甲厂"), _firm("乙厂"), _firm("丙厂")
    parties.merge_employers(actor, stays, gone)
    with pytest.raises(RuleBroken):
        parties.merge_employers(actor, third, gone)


def test_clerks_do_not_merge(app: Flask, centre: OrgUnit) -> None:
    clerk = make_actor(make_site(parent=centre), Role.INTAKE)
    with pytest.raises(NotAllowed):
        parties.merge_employers(clerk, _firm("甲厂"), _firm("乙厂"))


def test_initials_are_those_of_the_search_box() -> None:
    assert parties.initials_of("张三") == "zs"
