"""A page as a test sees it, and the promises that every HTML response keeps."""

import contextvars
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import has_app_context
from flask.testing import FlaskClient
from stdnum.cn import ric
from werkzeug.test import TestResponse

from worker_legal.domain import access
from worker_legal.infra.db import db, transaction

ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
MOBILE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")
SILENT_INPUTS = {"hidden", "submit", "button", "reset", "image"}
PROGRAM_SIGNS = ("<Macro", "<function", "<bound method", " object at 0x")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": None,
    "Content-Security-Policy": None,
    "Cache-Control": None,
}


class Page:
    """One HTML response: read it, fill its forms."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.url = response.request.path
        self.soup = BeautifulSoup(response.get_data(as_text=True), "html.parser")

    @property
    def title(self) -> str:
        """The title of the browser's tab."""
        return _words(self.soup.title)

    @property
    def heading(self) -> str:
        """The one heading of the first level."""
        return _words(self.soup.h1)

    @property
    def text(self) -> str:
        """Everything a person can read on the page, with single spaces."""
        return _words(self.soup.body or self.soup)

    def one(self, selector: str) -> Tag:
        """The one element that fits a CSS selector."""
        found = self.soup.select(selector)
        assert len(found) == 1, f"{len(found)} elements fit {selector!r} on {self.url}"
        return found[0]

    def texts(self, selector: str) -> list[str]:
        """The words of every element that fits a CSS selector."""
        return [_words(element) for element in self.soup.select(selector)]

    def link(self, words: str) -> str:
        """The address behind the first link that shows these words."""
        for anchor in self.soup.select("a[href]"):
            if words in _words(anchor):
                return str(anchor["href"])
        raise AssertionError(f"no link {words!r} on {self.url}")

    def form(self, selector: str = "main form") -> Tag:
        """The first form that fits a CSS selector."""
        found = self.soup.select(selector)
        assert found, f"no form {selector!r} on {self.url}"
        return found[0]

    def error_of(self, field: str) -> str:
        """The sentence shown at a field, empty when there is none."""
        control = self.soup.find(attrs={"name": field})
        assert isinstance(control, Tag), f"no field {field!r} on {self.url}"
        named = str(control.get("aria-describedby", "")).split()
        shown = [self.soup.find(id=name) for name in named]
        return " ".join(_words(element) for element in shown if isinstance(element, Tag))


class PageClient(FlaskClient):
    """A browser without a screen: every HTML answer is checked before a test sees it."""

    shows_personal_data = False
    checks_pages = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request as if from outside, and check the answer."""
        if has_app_context():
            db.session.commit()  # what the test arranged is there, what it read is read anew
        send = partial(super().open, *args, **kwargs)
        response = contextvars.Context().run(send)  # the request opens an app context of its own
        is_page = self.checks_pages and response.mimetype == "text/html"
        if is_page and response.status_code not in range(300, 400):
            problems = list(problems_of(Page(response), self.shows_personal_data))
            assert not problems, f"{response.request.path}: " + "; ".join(problems)
        return response

    def sign_in(self, user: access.User, second_factor: bool = True) -> None:
        """Hold a session of this person, without the cost of checking a password."""
        db.session.commit()  # what the test arranged stays
        with transaction():
            token = access.open_session(user, second_factor)
        with self.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True

    def page(self, path: str, **kwargs: Any) -> Page:
        """Open an address, following redirects."""
        return Page(self.get(path, follow_redirects=True, **kwargs))

    def submit(
        self,
        page: Page,
        values: Mapping[str, Any] | None = None,
        form: str = "main form",
        follow: bool = True,
    ) -> Page:
        """Send a form of the page as it stands, with some fields filled in."""
        element = page.form(form)
        data = {**fields_of(element), **(values or {})}
        address = urljoin(page.url, str(element.get("action") or page.url))
        if str(element.get("method", "get")).lower() == "get":
            return self.page(address, query_string=data)
        return Page(self.post(address, data=data, follow_redirects=follow))

    @contextmanager
    def personal_data_allowed(self) -> Iterator[None]:
        """Inside the block a page may show an ID number or a mobile number in clear."""
        self.shows_personal_data = True
        try:
            yield
        finally:
            self.shows_personal_data = False


def fields_of(form: Tag) -> dict[str, Any]:
    """What a browser would send for a form that nobody touched."""
    data: dict[str, Any] = {}
    for control in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(control["name"]), str(control.get("type", "text"))
        if kind in {"submit", "button", "file", "image"}:
            continue
        if kind in {"checkbox", "radio"} and not control.has_attr("checked"):
            continue
        if control.name == "select":
            chosen = control.select("option[selected]") or control.select("option")[:1]
            values = [str(option.get("value", _words(option))) for option in chosen]
        elif control.name == "textarea":
            values = [control.get_text().removeprefix("\n")]
        else:
            values = [str(control.get("value", "on" if kind == "checkbox" else ""))]
        before = data.get(name)
        together = [*(before if isinstance(before, list) else [before] if before else []), *values]
        data[name] = together if len(together) > 1 else "".join(together)
    return data


def problems_of(page: Page, shows_personal_data: bool = False) -> Iterator[str]:
    """Name everything by which a page breaks the promises of the house."""
    yield from _header_problems(page)
    yield from _outline_problems(page)
    yield from _form_problems(page)
    yield from _inline_problems(page)
    yield from _program_problems(page)
    if not shows_personal_data:
        yield from personal_data_problems(page)


def _program_problems(page: Page) -> Iterator[str]:
    """A name that was given twice in a template shows what stands behind it."""
    yield from (f"the page shows {sign!r}" for sign in PROGRAM_SIGNS if sign in page.text)


def _header_problems(page: Page) -> Iterator[str]:
    headers = page.response.headers
    for name, wanted in HEADERS.items():
        if name not in headers or (wanted and headers[name] != wanted):
            yield f"header {name} is {headers.get(name)!r}"
    policy = headers.get("Content-Security-Policy", "")
    if "unsafe" in policy or "http:" in policy or "https:" in policy or "*" in policy:
        yield f"the content security policy is too wide: {policy}"
    if "frame-ancestors 'none'" not in policy:
        yield "the content security policy lets other pages frame this one"


def _outline_problems(page: Page) -> Iterator[str]:
    if not (page.soup.html and page.soup.html.get("lang")):
        yield "html has no lang"
    if len(page.soup.find_all("h1")) != 1:
        yield f"{len(page.soup.find_all('h1'))} h1 headings"
    elif not page.heading or page.heading not in page.title:
        yield f"the title {page.title!r} does not name the heading {page.heading!r}"
    if page.soup.main is None:
        yield "no main landmark"
    ids = [str(element["id"]) for element in page.soup.select("[id]")]
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"id {twice!r} is used twice"


def _form_problems(page: Page) -> Iterator[str]:
    for control in page.soup.select("input, select, textarea"):
        kind = str(control.get("type", "text"))
        if kind not in SILENT_INPUTS and not _label_of(page, control):
            yield f"{control.name} {control.get('name')!r} has no label"
    for form in page.soup.select("form"):
        method = str(form.get("method", "")).lower()
        if method not in {"get", "post"} or not form.get("action"):
            yield f"form without method or action: {form.get('id')!r}"
        if method == "post" and not form.select("input[name=csrf_token][value]"):
            yield f"form without CSRF token: {form.get('action')!r}"


def _label_of(page: Page, control: Tag) -> str:
    if control.get("aria-label"):
        return str(control["aria-label"])
    names = str(control.get("aria-labelledby", "")).split()
    labels = [page.soup.find(id=name) for name in names]
    if control.get("id"):
        labels += page.soup.find_all("label", attrs={"for": str(control["id"])})
    labels.append(control.find_parent("label"))
    return "".join(_words(label) for label in labels if isinstance(label, Tag))


def _inline_problems(page: Page) -> Iterator[str]:
    if page.soup.select("[style], style"):
        yield "inline style"
    if page.soup.select("script:not([src])"):
        yield "inline script"
    for element in page.soup.find_all(True):
        for name, value in element.attrs.items():
            if name.startswith("on"):
                yield f"inline handler {name}"
            if name in {"href", "src", "action"} and not _is_own(str(value), element.name):
                yield f"foreign or unsafe address {value!r}"


def _is_own(address: str, tag: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme in {"tel", "mailto"}:
        return tag == "a"
    if parts.scheme == "data":
        return tag == "img" and address.startswith("data:image/")
    return parts.scheme in {"", "http", "https"} and parts.netloc in {"", "localhost"}


def personal_data_problems(page: Page) -> Iterator[str]:
    """Name ID and mobile numbers in clear; what a person has just typed may stand in its field."""
    soup = BeautifulSoup(str(page.soup), "html.parser")
    if page.status in range(400, 500):
        for control in soup.select("input, textarea"):
            control.decompose()
    body = str(soup)
    if any(ric.is_valid(number) for number in ID_NUMBER.findall(body)) or _has_demo_id(body):
        yield "an ID number in clear"
    if MOBILE.search(body):
        yield "a mobile number in clear"


def _has_demo_id(body: str) -> bool:
    return any(number.startswith("999") for number in ID_NUMBER.findall(body))


def _words(element: Tag | None) -> str:
    return " ".join(element.get_text(" ").split()) if element else ""
