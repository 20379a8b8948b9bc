"""Wrong input, kind by kind: a sentence at the field, a status of refusal, nothing changed."""

from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import Tag

from tests.builders import make_case, make_group, make_id_number, make_party, make_site, make_user
from tests.support.pages import Page, PageClient
from worker_legal.domain import audit, cases, parties
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Role
from worker_legal.infra.db import Base, db

HTML = "<script>alert(1)</script>"
NUMBER = make_id_number(serial=77)
WRONG = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")
GOOD = {"workers-0-name": "张三", "respondents-0-name": "示例制造厂"}


def _group(size: int, chosen: int) -> dict[str, str]:
    names = {f"workers-{n}-name": f"职工{n}" for n in range(size)}
    return {**names, **{f"workers-{n}-is_representative": "y" for n in range(chosen)}}


def _kind(kind: str, field: str, says: str, /, **values: str) -> Any:
    typed = {key.replace("__", "-"): value for key, value in values.items()}
    return pytest.param(field, says, typed, id=kind)


INTAKE = [
    _kind(
        "no-name", "workers-0-name", "姓名", workers__0__name="", workers__0__phone="13800000001"
    ),
    _kind("no-worker", "workers-0-name", "至少填写一名", workers__0__name=""),
    _kind("no-employer", "respondents-0-name", "用人单位", respondents__0__name=""),
    _kind("only-spaces", "respondents-0-name", "用人单位", respondents__0__name="  \t "),
    _kind("name-too-long", "workers-0-name", "最多60个字", workers__0__name="长" * 61),
    _kind("employer-too-long", "respondents-0-name", "最多120", respondents__0__name="长" * 121),
    _kind("story-too-long", "story", "最多4000", story="长" * 4001),
    _kind("address-too-long", "workers-0-address", "最多200", workers__0__address="长" * 201),
    _kind("phone-too-long", "workers-0-phone", "最多40", workers__0__phone="1" * 41),
    _kind("number-too-long", "workers-0-id_no", "最多40", workers__0__id_no="1" * 41),
    _kind("wrong-check-digit", "workers-0-id_no", "校验位", workers__0__id_no=WRONG),
    _kind("digit-missing", "workers-0-id_no", "18位", workers__0__id_no=NUMBER[:-1]),
    _kind("old-fifteen-digits", "workers-0-id_no", "15位", workers__0__id_no="999000850615001"),
    _kind("impossible-birthday", "workers-0-id_no", "出生", workers__0__id_no="999000198502300011"),
    _kind("phone-of-six-digits", "workers-0-phone", "电话", workers__0__phone="138000"),
    _kind("negative-amount", "workers-0-claimed", "不能为负", workers__0__claimed="-5"),
    _kind("thirteen-digits", "workers-0-claimed", "过大", workers__0__claimed="1234567890123"),
    _kind("words-for-money", "workers-0-claimed", "应为数字", workers__0__claimed="很多"),
    _kind("three-decimals", "workers-0-claimed", "两位小数", workers__0__claimed="1.005"),
    _kind("sum-differs", "claimed_fen", "不一致", workers__0__claimed="5", claimed_fen="6"),
    _kind("impossible-day", "left_on", "没有这一天", left_on="2026-02-30"),
    _kind("day-in-words", "left_on", "日期请写成", left_on="上个月"),
    _kind("day-in-future", "left_on", "不能晚于今天", left_on="2026-11-24"),
    _kind("year-of-the-past", "hired_on", "年份", hired_on="1899-01-01"),
    _kind("left-before-hired", "left_on", "早于入职", hired_on="2026-05-02", left_on="2026-05-01"),
    _kind(
        "hurt-before-hired",
        "injured_on",
        "早于入职",
        hired_on="2026-05-02",
        injured_on="2026-05-01",
    ),
    _kind("month-thirteen", "unpaid_from", "月份", unpaid_from="2026-13"),
    _kind("months-reversed", "unpaid_to", "早于开始", unpaid_from="2026-08", unpaid_to="2026-07"),
    _kind("registered-tomorrow", "registered_on", "不能晚于今天", registered_on="2026-11-24"),
    _kind("no-registration-day", "registered_on", "请填写", registered_on=""),
    _kind("unknown-channel", "channel", "没有这个选项", channel="pigeon"),
    _kind("no-channel", "channel", "请选择", channel=""),
    _kind("unknown-cause", "dispute_kind", "没有这个选项", dispute_kind="weather"),
    _kind("unknown-stage", "first_stage", "没有这个选项", first_stage="appeal"),
    _kind("unknown-flag", "flags", "没有这个选项", flags="rich"),
    _kind("foreign-site", "site_id", "没有这个选项", site_id="foreign"),
    _kind("site-in-words", "site_id", "没有这个选项", site_id="中心"),
    _kind("foreign-handler", "handler_id", "没有这个选项", handler_id="foreign"),
    _kind(
        "wrong-credit-code",
        "respondents-0-uscc",
        "校验位",
        respondents__0__uscc="91999900MA0000A013",
    ),
    _kind("zero-byte", "story", "不能保存的字符", story="经\x00过"),
    _kind("zero-byte-in-row", "workers-0-name", "不能保存的字符", workers__0__name="张\x00三"),
    _kind("short-limitation", "plain_reason", "只剩", injured_on="2025-12-15"),
    _kind("forged-token", "token", "刷新", token="<x>"),
    pytest.param("representatives", "3至5人", _group(12, 2), id="two-representatives"),
    pytest.param("representatives", "3至5人", _group(12, 6), id="six-representatives"),
    pytest.param(
        "workers-1-id_no",
        "同一个人",
        {"workers-0-id_no": NUMBER, "workers-1-name": "张三", "workers-1-id_no": NUMBER},
        id="same-person-twice",
    ),
]


@pytest.fixture
def clerk(centre: OrgUnit, client: PageClient) -> OrgUnit:
    """A station whose clerk is signed in."""
    station = make_site(parent=centre)
    client.sign_in(make_user(station, Role.INTAKE))
    return station


def _state() -> dict[str, list[Any]]:
    """Every row of the tables that intake and its neighbours write."""
    db.session.rollback()
    tables = {t.name: t for t in Base.metadata.sorted_tables}
    names = ("legal_case", "case_party", "worker", "employer", "case_event", "proceeding")
    more = ("deadline", "case_counter", "submit_token", "audit_entry")
    return {n: list(db.session.execute(sa.select(tables[n]))) for n in (*names, *more)}


def _sentence(page: Page, field: str) -> str:
    """What stands at a field, or at the group of boxes it is."""
    control = page.soup.find(attrs={"name": field})
    if isinstance(control, Tag) and control.get("type", "text") == "text":
        return page.error_of(field)
    at_group = page.texts(f"#{field} .field-error") + page.texts(f"#{field}-e")
    return " ".join(at_group or page.texts(".error-summary"))


def _typed(values: Mapping[str, str], centre: OrgUnit) -> dict[str, str]:
    foreign = {"site_id": str(centre.id), "handler_id": "999"}
    return {n: foreign.get(n, v) if v == "foreign" else v for n, v in values.items()}


@pytest.mark.parametrize(("field", "says", "values"), INTAKE)
def test_intake_answers_with_a_sentence_and_keeps_the_typing(
    client: PageClient,
    centre: OrgUnit,
    clerk: OrgUnit,
    field: str,
    says: str,
    values: dict[str, str],
) -> None:
    page = client.page("/cases/new")
    before, typed = _state(), _typed({**GOOD, **values}, centre)
    answer = client.submit(page, {**typed, "save": "1"})
    assert answer.status == 422
    assert says in _sentence(answer, field)
    assert [name for name in typed if not _is_kept(answer, name, typed[name])] == []
    assert _state() == before


def _is_kept(page: Page, name: str, typed: str) -> bool:
    """Whether a text still stands in its field; a choice that does not exist cannot."""
    control = page.soup.find(attrs={"name": name})
    assert isinstance(control, Tag), name
    if control.name == "select" or control.get("type") in {"radio", "checkbox", "hidden"}:
        return True
    shown = control.text if control.name == "textarea" else str(control.get("value", ""))
    return "\x00" in typed or shown.strip() == typed.strip()


TEXTS = (
    "workers-0-name",
    "workers-0-claim_note",
    "workers-0-address",
    "respondents-0-name",
    "story",
    "plain_reason",
)


@pytest.mark.usefixtures("clerk")
def test_html_in_every_text_is_only_text(client: PageClient) -> None:
    page = client.page("/cases/new")
    values = {**dict.fromkeys(TEXTS, HTML), "save": "1"}
    shown = client.submit(page, values)
    assert shown.status == 200
    assert HTML in shown.text
    for path in ("/cases", "/cases/1", "/cases/1/people", "/employers", "/employers/1"):
        assert not client.page(path).soup.find_all("script", string="alert(1)")


@pytest.mark.usefixtures("clerk")
def test_a_double_submit_makes_one_case(client: PageClient) -> None:
    page = client.page("/cases/new")
    for _ in range(3):
        client.submit(page, {**GOOD, "save": "1"}, follow=False)
    assert db.session.scalar(sa.select(sa.func.count(cases.Case.id))) == 1


@pytest.mark.usefixtures("clerk")
def test_a_form_without_its_secret_is_refused(client: PageClient) -> None:
    before = _state()
    assert client.post("/cases/new", data=GOOD).status_code == 400
    assert _state() == before


def _case_of_two(site: OrgUnit) -> tuple[cases.Case, cases.CaseParty]:
    case = make_case(site, workers=make_group(2))
    db.session.commit()
    return case, next(p for p in cases.parties_of(case) if p.worker is not None)


PERSON = [
    _kind("name-gone", "name", "请填写", name=""),
    _kind("name-of-81", "name", "最多60", name="长" * 81),
    _kind("other-check-digit", "id_no", "校验位", id_no=WRONG),
    _kind("letters-for-phone", "phone", "", phone="abc"),
    _kind("sex-unknown-to-us", "gender", "没有这个选项", gender="robot"),
    _kind("paper-unknown-to-us", "id_type", "没有这个选项", id_type="library"),
    _kind("somebody-elses-number", "id_no", "另一人", id_no=NUMBER, as_told="y"),
]


@pytest.mark.parametrize(("field", "says", "values"), PERSON)
def test_a_correction_answers_with_a_sentence(
    client: PageClient, clerk: OrgUnit, field: str, says: str, values: dict[str, str]
) -> None:
    parties.find_or_add_worker(parties.WorkerInput("别人", id_no=NUMBER))
    db.session.commit()
    case, party = _case_of_two(clerk)
    page = client.page(f"/cases/{case.id}/people/{party.id}/change")
    before = _state()
    answer = client.submit(page, values)
    assert answer.status == 422
    assert says in answer.error_of(field)
    assert answer.error_of(field)
    assert _state() == before


def test_a_stale_correction_shows_both(client: PageClient, clerk: OrgUnit) -> None:
    case, party = _case_of_two(clerk)
    path = f"/cases/{case.id}/people/{party.id}/change"
    mine, theirs = client.page(path), client.page(path)
    client.submit(theirs, {"name": "别人改的"})
    answer = client.submit(mine, {"name": "我改的"})
    assert answer.status == 409
    assert answer.one("#name")["value"] == "我改的"
    assert "别人改的" in answer.text
    assert client.submit(answer).status == 200
    assert "我改的" in client.page(f"/cases/{case.id}/people").text


@pytest.mark.parametrize("verb", ["change", "remove", "reveal"])
def test_a_party_of_another_case_is_not_there(
    client: PageClient, clerk: OrgUnit, verb: str
) -> None:
    case, _ = _case_of_two(clerk)
    _, stranger = _case_of_two(clerk)
    assert client.get(f"/cases/{case.id}/people/{stranger.id}/{verb}").status_code == 404


@pytest.mark.parametrize("path", ["", "/people", "/people/add", "/people/add-respondent"])
def test_a_case_of_another_station_is_not_there(
    client: PageClient, centre: OrgUnit, clerk: OrgUnit, path: str
) -> None:
    case, _ = _case_of_two(make_site(parent=centre))
    assert client.get(f"/cases/{case.id}{path}").status_code == 404


def test_removing_without_a_reason_is_refused(client: PageClient, clerk: OrgUnit) -> None:
    case, party = _case_of_two(clerk)
    page = client.page(f"/cases/{case.id}/people/{party.id}/remove")
    answer = client.submit(page, {"reason": " "})
    assert answer.status == 422
    assert "请填写" in answer.error_of("reason")


def test_a_claim_of_thirteen_digits_is_refused(client: PageClient, clerk: OrgUnit) -> None:
    case, party = _case_of_two(clerk)
    page = client.page(f"/cases/{case.id}/people/{party.id}/change")
    answer = client.submit(page, {"claimed_fen": "1234567890123"}, form=".claim-panel")
    assert answer.status == 422
    assert "过大" in answer.error_of("claimed_fen")


def test_a_repeated_respondent_is_refused(client: PageClient, clerk: OrgUnit) -> None:
    case, _ = _case_of_two(clerk)
    firm = next(p.employer for p in cases.parties_of(case) if p.employer is not None)
    page = client.page(f"/cases/{case.id}/people/add-respondent")
    answer = client.submit(page, {"name": firm.name})
    assert answer.status == 422
    assert "已经在案件里" in answer.error_of("name")


def test_an_employer_nobody_knows_is_refused(client: PageClient, clerk: OrgUnit) -> None:
    page = client.page("/cases/new")
    answer = client.submit(page, {**GOOD, "respondents-0-employer_id": "987654", "save": "1"})
    assert answer.status in {404, 422}
    assert db.session.scalar(sa.select(sa.func.count(cases.Case.id))) == 0


@pytest.mark.parametrize(
    "query",
    [
        "registered_from=2026-02-30",
        "status=asleep",
        "stage=appeal",
        "site=99999",
        "handler_id=99999",
        "registered_to=昨天",
    ],
)
@pytest.mark.usefixtures("clerk")
def test_a_wrong_condition_of_the_list_is_named(client: PageClient, query: str) -> None:
    page = client.page(f"/cases?{query}")
    assert page.status == 422
    assert page.texts(".error-summary")


@pytest.mark.parametrize("key", ["after=x", "before=1_2_3", "after=1_2026-99-99_1"])
@pytest.mark.usefixtures("clerk")
def test_a_page_that_never_was_is_not_there(client: PageClient, key: str) -> None:
    assert client.get(f"/cases?status=open&{key}").status_code == 404


def test_nothing_wrong_reaches_the_log(client: PageClient, clerk: OrgUnit) -> None:
    page = client.page("/cases/new")
    client.submit(page, {**GOOD, "workers-0-id_no": WRONG, "save": "1"})
    lines = db.session.scalars(sa.select(audit.AuditEntry)).all()
    assert all(WRONG not in str(line.detail) for line in lines)


def test_a_person_of_the_list_needs_no_name_in_the_address(
    client: PageClient, clerk: OrgUnit
) -> None:
    make_case(clerk, workers=[make_party("张三", id_no=NUMBER)])
    page = client.page("/cases")
    token = page.one(".find input[name=csrf_token]")["value"]
    answer = client.post("/search", data={"q": NUMBER, "csrf_token": token})
    assert answer.status_code == 302
    assert NUMBER not in answer.location
