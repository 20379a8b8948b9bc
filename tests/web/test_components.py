"""The shared parts of pages: labels, errors in words, dates with a word and a shape."""

import re
from datetime import date

import pytest
from flask import Flask
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from tests.support.bare import bare_app
from tests.support.clocks import TestClock
from tests.support.source import ROOT


class Example(Form):
    """A form of a needed field, a free one and two lists."""

    employer = StringField("用人单位", [InputRequired("请填写用人单位")])
    left_on = StringField("离职日期", [Optional()])
    cause = SelectField("事由", choices=[SelectChoice("", "不限"), SelectChoice("pay", "欠薪")])
    channel = SelectField("渠道", choices=[SelectChoice("visit", "来访")])


@pytest.fixture
def bare(clock: TestClock) -> Flask:
    """Draws shared parts on the stopped day."""
    return bare_app()


def rendered(bare: Flask, source: str, **values: object) -> str:
    with bare.test_request_context():
        return bare.jinja_env.from_string(source).render(**values)


def field(bare: Flask, form: Form, name: str) -> str:
    source = '{% from "components/form.html" import field %}{{ field(f, help="全称") }}'
    return rendered(bare, source, f=form[name])


def due(bare: Flask, days: int | None) -> str:
    source = '{% from "components/deadline.html" import due %}{{ due(days) }}'
    return rendered(bare, source, days=days)


@pytest.fixture
def refused() -> Form:
    form = Example()
    form.validate()
    return form


def test_a_field_is_labelled(bare: Flask) -> None:
    assert '<label for="employer">用人单位</label>' in field(bare, Example(), "employer")


def test_a_field_that_is_needed_is_not_marked(bare: Flask) -> None:
    assert "选填" not in field(bare, Example(), "employer")


def test_a_list_whose_first_line_means_none_is_marked(bare: Flask) -> None:
    assert "选填" in field(bare, Example(), "cause")


def test_a_list_without_such_a_line_is_not_marked(bare: Flask) -> None:
    assert "选填" not in field(bare, Example(), "channel")


def test_an_optional_field_says_so(bare: Flask) -> None:
    assert "选填" in field(bare, Example(), "left_on")


def test_an_error_is_tied_to_its_field(bare: Flask, refused: Form) -> None:
    html = field(bare, refused, "employer")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="employer-h employer-e"' in html
    assert '<p class="field-error" id="employer-e">请填写用人单位</p>' in html


def test_the_summary_links_to_the_field(bare: Flask, refused: Form) -> None:
    source = '{% from "components/form.html" import error_summary %}{{ error_summary(form) }}'
    html = rendered(bare, source, form=refused)
    assert '<a href="#employer">用人单位：请填写用人单位</a>' in html


def test_there_is_no_summary_without_errors(bare: Flask) -> None:
    source = '{% from "components/form.html" import error_summary %}{{ error_summary(form) }}'
    assert rendered(bare, source, form=Example()).strip() == ""


def test_a_refusal_without_a_field_is_the_headline(bare: Flask) -> None:
    source = (
        '{% from "components/form.html" import error_summary %}{{ error_summary(none, "不能") }}'
    )
    assert "<h2>不能</h2>" in rendered(bare, source)


@pytest.mark.parametrize(
    ("days", "shape", "words"),
    [
        (-3, "late", "逾期3天"),
        (0, "soon", "今天"),
        (3, "soon", "还有3天"),
        (4, "ok", "还有4天"),
        (None, "none", "没有期限"),
    ],
)
def test_days_left_have_a_word_and_a_shape(
    bare: Flask, days: int | None, shape: str, words: str
) -> None:
    assert due(bare, days).strip() == f'<span class="due due-{shape}">{words}</span>'


def test_a_right_about_to_lapse_stands_out(bare: Flask) -> None:
    source = (
        '{% from "components/deadline.html" import right %}'
        '{{ right("申请仲裁", days, on, "离职 + 1年") }}'
    )
    hot = [
        "right-hot" in rendered(bare, source, days=days, on=date(2026, 12, 15)) for days in (29, 30)
    ]
    assert hot == [True, False]


def test_what_people_typed_is_escaped_in_a_timeline(bare: Flask) -> None:
    source = '{% from "components/timeline.html" import tl_item %}{{ tl_item(text, text, text) }}'
    assert "<script" not in rendered(bare, source, text="<script>alert(1)</script>")


def test_every_icon_named_by_a_page_is_drawn(bare: Flask) -> None:
    source = '{% from "components/page.html" import icon %}{{ icon("calendar") }}'
    target = re.search(r"icons\.svg#(\w+)", rendered(bare, source))
    assert target is not None
    sprite = (ROOT / "worker_legal" / "static" / "icons.svg").read_text()
    assert f'id="{target[1]}"' in sprite
