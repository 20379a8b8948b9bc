"""The worker's window: what opens it, what it shows, and what it never shows."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support.clocks import TestClock
from worker_legal.domain import access, audit, cases, org, parties, portal
from worker_legal.domain.cases.models import Case
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.portal import codes, words
from worker_legal.errors import BadInput, NotAllowed, NotFound, RuleBroken
from worker_legal.infra.db import db
from worker_legal.law.enums import EventKind, Flag, Outcome, Stage
from worker_legal.law.stages import SPECS

HERE = "203.0.113.7"
SYSTEM = Actor.system("tests")


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    return make.make_office()


@pytest.fixture
def clerk(centre: org.OrgUnit) -> Actor:
    return make.make_actor(centre, Role.INTAKE)


@pytest.fixture
def case(centre: org.OrgUnit, clerk: Actor) -> Case:
    return make.make_case(centre, clerk, workers=make.make_group(3), first_stage=Stage.MEDIATION)


@pytest.fixture
def worker(case: Case) -> int:
    return case.lead_worker_id or 0


@pytest.fixture
def code(clerk: Actor, case: Case, worker: int) -> str:
    return portal.issue_code(clerk, case, worker)


def _status(code: str) -> portal.PortalStatus:
    session = portal.find_session(portal.sign_in(code, HERE).token)
    assert session is not None
    return portal.status_for(session)


def _record(case: Case, kind: EventKind, on: date, **payload: Any) -> None:
    proceeding = cases.proceedings_of(case)[-1]
    cases.record_event(SYSTEM, case, cases.NewEvent(kind, on, proceeding.id, payload))


def _wrong(times: int, ip: str = HERE) -> None:
    for number in range(times):
        portal.sign_in(f"{number:018d}", ip)


# --- the code --------------------------------------------------------------------------


def test_a_code_is_18_digits(code: str) -> None:
    assert len(code) == 18
    assert code.isdigit()


def test_a_code_is_printed_in_three_groups_of_six() -> None:
    assert portal.groups("402716958133270465") == ("402716", "958133", "270465")


def test_a_code_is_kept_nowhere_in_clear(code: str) -> None:
    rows = [
        str(row)
        for table in db.metadata.sorted_tables
        for row in db.session.execute(sa.select(table)).all()
    ]
    assert not any(code in row for row in rows)


def test_the_right_code_opens_the_case(code: str, case: Case) -> None:
    assert _status(code).number == "1-01"


@pytest.mark.parametrize("typed", ["{0} {1} {2}", "{0}-{1}-{2}", " {0}{1}{2} ", "{0}\u3000{1}{2}"])
def test_a_code_may_be_typed_with_anything_between_the_groups(code: str, typed: str) -> None:
    assert portal.sign_in(typed.format(*portal.groups(code)), HERE).token


def test_full_width_digits_are_digits(code: str) -> None:
    wide = "".join(chr(ord("\uff10") + int(digit)) for digit in code)
    assert portal.sign_in(wide, HERE).token


def test_what_the_employer_knows_opens_nothing(code: str, case: Case, worker: int) -> None:
    person = parties.get_worker(worker)
    known = [person.name, person.id_no_last4, case.case_no, make.make_id_number(), "19850615"]
    assert not any(portal.sign_in(fact, f"203.0.113.{n}").token for n, fact in enumerate(known))


def test_only_who_may_issue_receipts_gets_a_code(
    centre: org.OrgUnit, case: Case, worker: int
) -> None:
    lawyer = make.make_actor(centre, Role.LAWYER)
    with pytest.raises(NotAllowed):
        portal.issue_code(lawyer, case, worker)


def test_a_clerk_of_another_site_cannot_issue_one(
    centre: org.OrgUnit, case: Case, worker: int
) -> None:
    stranger = make.make_actor(make.make_site(parent=centre), Role.INTAKE)
    with pytest.raises((NotAllowed, NotFound)):
        portal.issue_code(stranger, case, worker)


def test_nobody_outside_the_case_gets_a_code(clerk: Actor, case: Case) -> None:
    with pytest.raises(NotFound):
        portal.issue_code(clerk, case, 999_999)


def test_a_void_case_has_no_receipt(clerk: Actor, case: Case, worker: int) -> None:
    cases.void(SYSTEM, case, "误登")
    with pytest.raises(RuleBroken):
        portal.issue_code(clerk, case, worker)


# --- reissue (I7) -----------------------------------------------------------------------


def test_a_second_code_needs_a_look_at_the_person(
    clerk: Actor, case: Case, worker: int, code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        portal.issue_code(clerk, case, worker)
    assert refused.value.field == "identity_checked"


def test_a_new_code_kills_the_old_one_at_once(
    clerk: Actor, case: Case, worker: int, code: str
) -> None:
    portal.issue_code(clerk, case, worker, identity_checked=True)
    assert not portal.sign_in(code, HERE).token


def test_a_new_code_ends_the_sessions_of_the_old_one(
    clerk: Actor, case: Case, worker: int, code: str
) -> None:
    token = portal.sign_in(code, HERE).token
    portal.issue_code(clerk, case, worker, identity_checked=True)
    assert portal.find_session(token) is None


def test_a_new_code_works(clerk: Actor, case: Case, worker: int, code: str) -> None:
    assert _status(portal.issue_code(clerk, case, worker, identity_checked=True)).number


def test_each_issue_stands_on_the_timeline(
    clerk: Actor, case: Case, worker: int, code: str
) -> None:
    portal.issue_code(clerk, case, worker, identity_checked=True)
    kinds = [event.kind for event in cases.all_events(case)]
    assert kinds.count(EventKind.RECEIPT_ISSUED) == 2


def test_the_code_of_one_worker_leaves_the_others_alone(clerk: Actor, case: Case) -> None:
    first, second, _ = (party.worker_id or 0 for party in cases.active_workers(case))
    kept = portal.issue_code(clerk, case, first)
    portal.issue_code(clerk, case, second)
    assert portal.sign_in(kept, HERE).token


# --- budgets (W2, W3) --------------------------------------------------------------------


def test_five_wrong_codes_make_an_address_wait(code: str) -> None:
    _wrong(5)
    assert portal.sign_in(code, HERE) == portal.Attempt(must_wait=True)


def test_four_wrong_codes_do_not(code: str) -> None:
    _wrong(4)
    assert portal.sign_in(code, HERE).token


def test_other_addresses_are_unaffected(code: str) -> None:
    _wrong(5)
    assert portal.sign_in(code, "198.51.100.4").token


def test_staff_of_the_same_address_are_unaffected(app: Flask) -> None:
    _wrong(5)
    assert access.wait_left(f"addr:{HERE}") is None


@pytest.mark.parametrize(("minutes", "opens"), [(14.9, False), (15.1, True)])
def test_the_wait_lasts_15_minutes(
    code: str, clock: TestClock, minutes: float, opens: bool
) -> None:
    _wrong(5)
    clock.advance(minutes=minutes)
    assert bool(portal.sign_in(code, HERE).token) is opens


def test_many_addresses_share_the_budget_of_the_site(code: str) -> None:
    for number in range(codes.SITE_TRIES):
        _wrong(1, f"198.51.100.{number}")
    assert portal.sign_in(code, HERE).must_wait


def test_guessing_for_a_year_finds_nothing() -> None:
    living_codes, quarters_a_year = 1_000, 4 * 24 * 366
    chance = living_codes * codes.SITE_TRIES * quarters_a_year / 10**codes.DIGITS
    assert chance < 2**-30


# --- one answer (W5) ----------------------------------------------------------------------


def _replaced(clerk: Actor, case: Case, worker: int) -> None:
    portal.issue_code(clerk, case, worker, identity_checked=True)


def _removed(clerk: Actor, case: Case, worker: int) -> None:
    party = next(p for p in cases.active_workers(case) if p.worker_id == worker)
    cases.remove_party(clerk, case, party.id, "误录")


def _voided(clerk: Actor, case: Case, worker: int) -> None:
    cases.void(SYSTEM, case, "误登")


@pytest.mark.parametrize("end", [_replaced, _removed, _voided])
def test_an_ended_code_is_answered_like_a_wrong_one(
    clerk: Actor, case: Case, worker: int, code: str, end: Callable[[Actor, Case, int], None]
) -> None:
    end(clerk, case, worker)
    assert portal.sign_in(code, HERE) == portal.sign_in("0" * 18, HERE) == portal.Attempt()


def test_a_closed_case_can_be_read_for_half_a_year(
    clerk: Actor, case: Case, code: str, clock: TestClock
) -> None:
    _conclude(case, clock.today, Outcome.FAILED)
    cases.close(clerk, case, clock.today, Outcome.FAILED)
    clock.move_to(clock.today + codes.AFTER_CLOSING)
    assert portal.sign_in(code, HERE).token
    clock.advance(days=1)
    assert not portal.sign_in(code, HERE).token


# --- sessions ------------------------------------------------------------------------------


def test_leaving_ends_the_session_for_good(code: str) -> None:
    token = portal.sign_in(code, HERE).token
    portal.leave(token)
    assert portal.find_session(token) is None


def test_a_session_lasts_an_hour(code: str, clock: TestClock) -> None:
    token = portal.sign_in(code, HERE).token
    clock.advance(minutes=61)
    assert portal.find_session(token) is None


def test_ended_sessions_are_forgotten(code: str, clock: TestClock) -> None:
    portal.sign_in(code, HERE)
    clock.advance(minutes=61)
    assert portal.forget_old_sessions() == 1


def test_an_empty_cookie_is_no_session(app: Flask) -> None:
    assert portal.find_session("") is None


def test_the_page_tells_of_the_visit_before(code: str, clock: TestClock) -> None:
    _status(code)
    before = clock.today
    clock.advance(days=1)
    seen = _status(code).previous_use_at
    assert seen is not None
    assert seen.date() == before


# --- what it shows ----------------------------------------------------------------------------


def _conclude(case: Case, on: date, outcome: Outcome) -> None:
    _record(case, EventKind.ACCEPTED, on)
    _record(case, EventKind.CONCLUDED, on, outcome=outcome.value)


def test_nothing_but_the_whitelist_is_there() -> None:
    allowed = {
        "number",
        "sentence",
        "visit",
        "steps",
        "last_days",
        "handler",
        "handler_role",
        "office",
        "opened",
        "as_of",
        "previous_use_at",
    }
    assert {field.name for field in fields(portal.PortalStatus)} == allowed


def test_no_other_person_nor_number_nor_note_is_shown(
    centre: org.OrgUnit, clerk: Actor, case: Case, code: str, clock: TestClock
) -> None:
    cases.record_event(
        SYSTEM, case, cases.NewEvent(EventKind.NOTE, clock.today, note="工友说单位要跑路")
    )
    shown = repr(_status(code))
    people = [party.worker.name for party in cases.parties_of(case) if party.worker]
    firms = [party.employer.name for party in cases.parties_of(case) if party.employer]
    digits = [party.worker.id_no_last4 for party in cases.parties_of(case) if party.worker]
    assert not any(f"'{word}" in shown or word in shown for word in [*people, *firms, "跑路"])
    assert not any(f"{tail}'" in shown for tail in digits)


def test_the_stage_is_one_sentence(code: str) -> None:
    assert _status(code).sentence == SPECS[Stage.MEDIATION].now


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_sentence_is_short(stage: Stage) -> None:
    assert len(SPECS[stage].now) <= 40


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_short_plain_sentence(outcome: Outcome) -> None:
    assert 0 < len(words.ENDS[outcome]) <= 40


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_a_road(stage: Stage) -> None:
    assert len(words.ROADS[stage]) >= 3


def test_an_ended_proceeding_says_how_it_ended(case: Case, code: str, clock: TestClock) -> None:
    _conclude(case, clock.today, Outcome.FAILED)
    assert _status(code).sentence == words.ENDS[Outcome.FAILED]


def test_the_road_has_one_step_that_is_now(code: str) -> None:
    assert [step.state for step in _status(code).steps] == ["done", "now", "next", "later"]


def test_the_next_visit_is_the_last_arrangement(case: Case, code: str, clock: TestClock) -> None:
    _record(case, EventKind.ACCEPTED, clock.today)
    first = {"at": "2026-11-26T14:30:00+08:00", "place": "二楼"}
    _record(case, EventKind.HEARING_SCHEDULED, clock.today, **first)
    later = {"at": "2026-11-30T09:00:00+08:00", "place": "三楼", "reason": "单位请假"}
    _record(case, EventKind.HEARING_ADJOURNED, clock.today, **later)
    visit = _status(code).visit
    assert visit is not None
    assert (visit.at.day, visit.place) == (30, "三楼")


def test_what_to_bring_is_told_in_any_case(case: Case, code: str, clock: TestClock) -> None:
    planned = {"at": "2026-11-26T14:30:00+08:00", "place": "二楼"}
    _record(case, EventKind.HEARING_SCHEDULED, clock.today, **planned)
    visit = _status(code).visit
    assert visit is not None
    assert visit.bring == words.BRING


def test_what_the_clerk_typed_is_split_into_things(case: Case, code: str, clock: TestClock) -> None:
    planned = {"at": "2026-11-26T14:30:00+08:00", "place": "二楼", "bring": "合同、考勤表，身份证"}
    _record(case, EventKind.HEARING_SCHEDULED, clock.today, **planned)
    visit = _status(code).visit
    assert visit is not None
    assert visit.bring == ("合同", "考勤表", "身份证")


def test_a_past_appointment_is_not_the_next_visit(case: Case, code: str, clock: TestClock) -> None:
    planned = {"at": "2026-11-26T14:30:00+08:00", "place": "二楼"}
    _record(case, EventKind.HEARING_SCHEDULED, clock.today, **planned)
    clock.advance(days=4)
    assert _status(code).visit is None


@pytest.mark.parametrize(
    ("stage", "counted_from"),
    [(Stage.CONSULTATION, date(2026, 10, 31)), (Stage.MEDIATION, date(2026, 11, 23))],
    ids=["from the leaving", "anew from the mediation"],
)
def test_the_workers_own_last_days_are_there(
    centre: org.OrgUnit, clerk: Actor, stage: Stage, counted_from: date
) -> None:
    facts = cases.FactDates(left_on=date(2026, 10, 31))
    case = make.make_case(centre, clerk, facts=facts, first_stage=stage)
    code = portal.issue_code(clerk, case, case.lead_worker_id or 0)
    [day] = _status(code).last_days
    assert (day.started_on, day.length, day.unit) == (counted_from, 1, "year")


def test_a_moved_date_shows_at_once(centre: org.OrgUnit, clerk: Actor) -> None:
    facts = cases.FactDates(unpaid_from=date(2026, 8, 1))
    case = make.make_case(centre, clerk, facts=facts)
    code = portal.issue_code(clerk, case, case.lead_worker_id or 0)
    before = _status(code).last_days
    cases.change_facts(clerk, case, cases.FactDates(unpaid_from=date(2026, 9, 1)), case.version)
    assert _status(code).last_days != before


def test_proceedings_of_others_are_not_shown(
    clerk: Actor, case: Case, code: str, clock: TestClock
) -> None:
    others = [party.id for party in cases.active_workers(case)][1:]
    new = cases.NewProceeding(Stage.WORK_INJURY, clock.today, others)
    cases.open_proceeding(SYSTEM, case, new)
    assert _status(code).sentence == SPECS[Stage.MEDIATION].now


def test_the_file_tells_how_often_it_was_opened(clerk: Actor, case: Case, code: str) -> None:
    for _ in range(2):
        audit.record(clerk, "view", "case", case.id)
    assert _status(code).opened == (portal.Opened(Role.INTAKE.label, 2),)


def test_a_system_view_is_not_a_person(case: Case, code: str) -> None:
    audit.record(SYSTEM, "view", "case", case.id)
    assert _status(code).opened == ()


def test_the_handler_is_named_with_the_role(
    centre: org.OrgUnit, clerk: Actor, clock: TestClock
) -> None:
    handler = make.make_user(centre, Role.MEDIATOR, name="林晓舟")
    case = make.make_case(centre, clerk, handler_id=handler.id)
    shown = _status(portal.issue_code(clerk, case, case.lead_worker_id or 0))
    assert (shown.handler, shown.handler_role) == ("林晓舟", "调解员")


# --- the receipt -------------------------------------------------------------------------------


def test_the_square_carries_the_code_behind_the_hash(case: Case, worker: int, code: str) -> None:
    assert portal.receipt_for(case, worker, code).address == f"http://localhost/s#{code}"


def test_the_receipt_is_numbered_by_the_workers_place(case: Case, clerk: Actor) -> None:
    numbers = [portal.receipt_number(case, party) for party in cases.active_workers(case)]
    assert numbers == [f"{case.case_no}-0{place}" for place in (1, 2, 3)]


@pytest.mark.parametrize(
    ("flags", "printed"),
    [
        ((), ()),
        ((Flag.PREGNANT, Flag.MINOR), ("未成年", "孕期或哺乳期")),
        ((Flag.PETITION_RISK,), ("优先办理",)),
        ((Flag.PETITION_RISK, Flag.DISABLED), ("残疾",)),
    ],
    ids=["none", "two", "a fear of the office", "both"],
)
def test_flags_are_printed_but_not_the_fears_of_the_office(
    centre: org.OrgUnit, clerk: Actor, flags: tuple[Flag, ...], printed: tuple[str, ...]
) -> None:
    case = make.make_case(centre, clerk, flags=flags)
    assert portal.receipt_for(case, case.lead_worker_id or 0, "0" * 18).flags == printed


def test_no_receipt_without_a_public_address(case: Case, worker: int, code: str) -> None:
    org.get_office().public_url = ""
    with pytest.raises(RuleBroken):
        portal.receipt_for(case, worker, code)


def test_the_receipt_masks_the_identity_number(case: Case, worker: int, code: str) -> None:
    assert "*" in portal.receipt_for(case, worker, code).masked_id
