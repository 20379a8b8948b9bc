"""The intake screen by the keyboard alone."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.builders import PASSWORD, make_case, make_office, make_user
from tests.support.browser import Navigator, OpenPage
from worker_legal.domain import cases, parties
from worker_legal.domain.permissions import Role
from worker_legal.infra.db import transaction

pytestmark = [pytest.mark.browser]

EMPLOYER = "晋江示例鞋业有限公司"


@pytest.fixture
def intake(app: Flask, live_server: str, open_page: OpenPage) -> Page:
    """The intake screen of a clerk whose office knows one employer."""
    with transaction():
        centre = make_office()
        make_case(centre, respondents=[cases.NewRespondent(parties.EmployerInput(EMPLOYER))])
        clerk = make_user(centre, Role.INTAKE, password=PASSWORD).username
    office = Navigator(open_page(), live_server)
    office.sign_in(clerk, PASSWORD)
    office.go("/cases/new")
    office.page.locator("[name=respondents-0-name]").press_sequentially("示例鞋")
    return office.page


def test_enter_takes_the_suggested_employer(intake: Page) -> None:
    intake.locator("[role=option]").first.wait_for()
    intake.keyboard.press("Enter")
    expect(intake.locator("[name=respondents-0-name]")).to_have_value(EMPLOYER)
    expect(intake.locator("[name=respondents-0-employer_id]")).to_have_value(re.compile(r"^\d+$"))


def test_enter_in_the_field_of_the_employer_saves_nothing_half_filled(intake: Page) -> None:
    intake.evaluate("window.stillHere = true")
    intake.keyboard.press("Enter")
    intake.wait_for_load_state("networkidle")
    assert intake.evaluate("window.stillHere")


def test_a_click_right_after_typing_far_down_hits_its_button(intake: Page) -> None:
    button = intake.locator("button[name=print]").first
    intake.locator("[name=story]").fill("停产三个月。")
    before = button.bounding_box()
    intake.evaluate("new Promise((go) => setTimeout(go, 500))")
    assert intake.evaluate("scrollY") > 300
    assert button.bounding_box() == before
