"""One page sent by many impatient clicks at once makes one case (threats K3)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.builders import make_user
from tests.support.pages import PageClient, fields_of
from worker_legal.domain import cases
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Role
from worker_legal.infra.db import db

CLICKS = 10


@pytest.mark.both_databases
def test_ten_equal_posts_make_one_case(app: Flask, client: PageClient, centre: OrgUnit) -> None:
    client.sign_in(make_user(centre, Role.INTAKE))
    page = client.page("/cases/new")
    typed = {"workers-0-name": "张三", "respondents-0-name": "示例厂", "save": "1"}
    data = {**fields_of(page.form("#intake")), **typed}
    cookie = client.get_cookie("wl")
    assert cookie is not None

    def send(_click: int) -> str | None:
        hand = app.test_client()
        hand.set_cookie("wl", cookie.value)
        return hand.post("/cases/new", data=data).location

    with ThreadPoolExecutor(CLICKS) as hands:
        answers = set(hands.map(send, range(CLICKS)))
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(cases.Case.id))) == 1
    assert len(answers) == 1


@pytest.mark.both_databases
def test_a_new_employer_typed_by_many_at_once_is_one_record(
    app: Flask, client: PageClient, centre: OrgUnit
) -> None:
    client.sign_in(make_user(centre, Role.INTAKE))
    typed = {
        "workers-0-name": "张三",
        "workers-0-id_no": "H12345678",
        "respondents-0-name": "示例厂",
        "respondents-0-uscc": "91999900MA0000A012",
        "save": "1",
    }
    pages = [fields_of(client.page("/cases/new").form("#intake")) for _ in range(4)]
    cookie = client.get_cookie("wl")
    assert cookie is not None

    def send(fields: dict[str, str]) -> int:
        hand = app.test_client()
        hand.set_cookie("wl", cookie.value)
        return hand.post("/cases/new", data={**fields, **typed}).status_code

    with ThreadPoolExecutor(len(pages)) as hands:
        assert set(hands.map(send, pages)) == {302}
    db.session.rollback()
    found = db.session.execute(
        sa.select(
            sa.func.count(cases.Case.id),
            sa.func.count(sa.distinct(cases.Case.lead_employer_id)),
            sa.func.count(sa.distinct(cases.Case.lead_worker_id)),
        )
    ).one()
    assert tuple(found) == (4, 1, 1)
