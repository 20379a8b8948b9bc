"""Signing in: guessing is slow, sessions end, links and codes work once (threats A1-A13)."""

from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from tests.builders import PASSWORD, make_actor, make_office, make_user
from tests.support.clocks import TestClock
from worker_legal.domain import access, org
from worker_legal.domain.permissions import Actor, Role
from worker_legal.errors import BadInput, RuleBroken
from worker_legal.infra import clock as system_clock
from worker_legal.infra.db import db

HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"
WRONG = "错的密码错的密码错的密码"


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    return make_office()


@pytest.fixture
def clerk(centre: org.OrgUnit) -> access.User:
    return make_user(centre, Role.INTAKE, password=PASSWORD)


@pytest.fixture
def director(centre: org.OrgUnit) -> access.User:
    return make_user(centre, Role.DIRECTOR)


@pytest.fixture
def admin(centre: org.OrgUnit) -> Actor:
    return make_actor(centre, Role.ADMINISTRATOR)


def _code(secret: str, steps: int = 0) -> str:
    moment = int(system_clock.now().timestamp()) // 30 + steps
    return pyotp.TOTP(secret).generate_otp(moment)


def _enrolled(user: access.User) -> str:
    secret = access.new_totp_secret()
    access.enrol_totp(user, secret, _code(secret))
    return secret


# --- password -----------------------------------------------------------------


def test_name_and_password_open_the_door(clerk: access.User) -> None:
    attempt = access.sign_in(f" {clerk.username.upper()} ", PASSWORD, HERE)
    assert attempt.user is clerk


def test_a_wrong_password_opens_nothing(clerk: access.User) -> None:
    assert access.sign_in(clerk.username, WRONG, HERE) == access.Attempt()


def test_an_unknown_name_gets_the_same_answer(clerk: access.User) -> None:
    assert access.sign_in("nobody", WRONG, HERE) == access.Attempt()


def test_a_shut_account_gets_the_same_answer(admin: Actor, clerk: access.User) -> None:
    access.disable_user(admin, clerk)
    assert access.sign_in(clerk.username, PASSWORD, HERE) == access.Attempt()


def test_of_a_thousand_guesses_in_a_quarter_of_an_hour_ten_are_looked_at(
    clerk: access.User, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []
    monkeypatch.setattr(
        "worker_legal.domain.access.attempts.matches", lambda *_: bool(checked.append(1))
    )
    for _ in range(1000):
        access.sign_in(clerk.username, WRONG, HERE)
        clock.advance(seconds=0.9)
    assert len(checked) <= 10


def test_the_owner_at_another_address_is_not_locked_out(clerk: access.User) -> None:
    for _ in range(50):
        access.sign_in(clerk.username, WRONG, HERE)
    assert access.sign_in(clerk.username, PASSWORD, ELSEWHERE).user is clerk


def test_a_guesser_waits_even_with_the_right_password(clerk: access.User) -> None:
    for _ in range(5):
        access.sign_in(clerk.username, WRONG, HERE)
    attempt = access.sign_in(clerk.username, PASSWORD, HERE)
    assert attempt.user is None
    assert attempt.wait == timedelta(minutes=1)


def test_an_unknown_name_waits_just_the_same(clerk: access.User) -> None:
    for _ in range(5):
        access.sign_in("nobody", WRONG, HERE)
    assert access.sign_in("nobody", WRONG, HERE).wait == timedelta(minutes=1)


def test_the_wait_grows_to_a_quarter_of_an_hour(clerk: access.User, clock: TestClock) -> None:
    waits = []
    for _ in range(12):
        attempt = access.sign_in(clerk.username, WRONG, HERE)
        if attempt.wait:
            waits.append(attempt.wait)
            clock.advance(seconds=attempt.wait.total_seconds())
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert max(waits) <= timedelta(minutes=15)


def test_many_names_from_one_address_make_the_address_wait(clerk: access.User) -> None:
    for number in range(20):
        access.sign_in(f"name{number}", WRONG, HERE)
    assert access.sign_in(clerk.username, PASSWORD, HERE).wait
    assert access.sign_in(clerk.username, PASSWORD, ELSEWHERE).user is clerk


def test_a_success_forgets_the_failures_before_it(clerk: access.User) -> None:
    for _ in range(4):
        access.sign_in(clerk.username, WRONG, HERE)
    access.sign_in(clerk.username, PASSWORD, HERE)
    assert access.sign_in(clerk.username, WRONG, HERE).wait is None


def test_failures_are_kept_in_the_database(clerk: access.User) -> None:
    access.sign_in(clerk.username, WRONG, HERE)
    counted = {row.subject.split(":")[0]: row.failures for row in db.session.query(access.Throttle)}
    assert counted == {"user": 1, "addr": 1}


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "short-pass1",
        "aaaaaaaaaaaaaaaa",
        "passwordpassword",
        "administrator123456",
        "123456789012345",
        "qwertyuiop123456",
        "示例区职工法律服务中心2026",
        "password-woaini-1234",
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(clerk: access.User, weak: str) -> None:
    with pytest.raises(BadInput) as refusal:
        access.set_password(clerk, weak)
    assert refusal.value.field == "password"


def test_a_password_made_of_ones_own_name_is_refused(centre: org.OrgUnit) -> None:
    user = make_user(centre, name="欧阳示例")
    with pytest.raises(BadInput):
        access.set_password(user, f"{user.username}欧阳示例{user.username}")


@pytest.mark.parametrize(
    "strong",
    [
        "葡萄架下有三只灰鸽子在睡觉",
        "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich!",
        PASSWORD,
    ],
)
def test_a_long_sentence_is_a_good_password(clerk: access.User, strong: str) -> None:
    access.set_password(clerk, strong)
    assert access.sign_in(clerk.username, strong, HERE).user is clerk


def test_changing_the_password_asks_for_the_old_one(clerk: access.User) -> None:
    with pytest.raises(BadInput) as refusal:
        access.change_password(clerk, WRONG, "葡萄架下有三只灰鸽子在睡觉")
    assert refusal.value.field == "old"


def test_changing_the_password_ends_every_session(clerk: access.User) -> None:
    tokens = [access.open_session(clerk) for _ in range(5)]
    access.change_password(clerk, PASSWORD, "葡萄架下有三只灰鸽子在睡觉")
    assert [access.find_session(token) for token in tokens] == [None] * 5


# --- sessions -------------------------------------------------------------------


def test_only_the_digest_of_a_session_is_kept(clerk: access.User) -> None:
    token = access.open_session(clerk)
    [row] = db.session.query(access.WebSession)
    assert token not in (row.token_hash, str(row.user_id))


def test_a_session_ends_after_a_quarter_of_an_hour_of_silence(
    clerk: access.User, clock: TestClock
) -> None:
    token = access.open_session(clerk)
    db.session.flush()
    clock.advance(minutes=14)
    assert access.find_session(token)
    clock.advance(minutes=1)
    assert access.find_session(token) is None


def test_a_session_ends_after_ten_hours_however_busy(clerk: access.User, clock: TestClock) -> None:
    token = access.open_session(clerk)
    db.session.flush()
    for _ in range(50):
        clock.advance(minutes=12)
        row = access.find_session(token)
        if row:
            row.seen_at = system_clock.now()
            db.session.flush()
    assert access.find_session(token) is None


def test_signing_out_ends_the_session_for_good(clerk: access.User) -> None:
    token = access.open_session(clerk)
    db.session.flush()
    access.end_session(token)
    assert access.find_session(token) is None


def test_dead_sessions_are_not_counted_and_cleared_at_the_next_one(
    clerk: access.User, clock: TestClock
) -> None:
    access.open_session(clerk)
    db.session.flush()
    clock.advance(hours=1)
    assert access.sessions_of(clerk) == []
    access.open_session(clerk)
    db.session.flush()
    assert db.session.query(access.WebSession).count() == 1


# --- one-use links ------------------------------------------------------------------


def test_a_link_sets_a_password_once(admin: Actor, clerk: access.User) -> None:
    token = access.make_link(admin, clerk)
    assert access.use_link(token, "葡萄架下有三只灰鸽子在睡觉") is clerk
    with pytest.raises(BadInput) as refusal:
        access.use_link(token, "葡萄架下有四只灰鸽子在睡觉")
    assert refusal.value.field == "token"


def test_a_link_ends_after_three_days(admin: Actor, clerk: access.User, clock: TestClock) -> None:
    token = access.make_link(admin, clerk)
    clock.advance(days=3, seconds=1)
    with pytest.raises(BadInput):
        access.use_link(token, "葡萄架下有三只灰鸽子在睡觉")


def test_a_new_link_ends_the_one_before(admin: Actor, clerk: access.User) -> None:
    first = access.make_link(admin, clerk)
    access.make_link(admin, clerk)
    assert access.find_link(first) is None


def test_a_link_does_not_open_a_shut_account(admin: Actor, clerk: access.User) -> None:
    token = access.make_link(admin, clerk)
    access.disable_user(admin, clerk)
    with pytest.raises(BadInput):
        access.use_link(token, "葡萄架下有三只灰鸽子在睡觉")


def test_a_weak_password_does_not_use_the_link_up(admin: Actor, clerk: access.User) -> None:
    token = access.make_link(admin, clerk)
    with pytest.raises(BadInput):
        access.use_link(token, "passwordpassword")
    assert access.find_link(token)


def test_only_the_digest_of_a_link_is_kept(admin: Actor, clerk: access.User) -> None:
    token = access.make_link(admin, clerk)
    [row] = db.session.query(access.InviteLink)
    assert len(token) >= 43
    assert token not in row.token_hash


# --- second factor ------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_directors_and_administrators_need_a_second_factor(centre: org.OrgUnit, role: Role) -> None:
    user = make_user(centre, role)
    assert access.needs_second_factor(user) is (role in {Role.DIRECTOR, Role.ADMINISTRATOR})


def test_a_code_is_good_once(director: access.User, clock: TestClock) -> None:
    secret = _enrolled(director)
    clock.advance(seconds=30)
    assert access.check_totp(director, _code(secret))
    assert not access.check_totp(director, _code(secret))


@pytest.mark.parametrize(
    ("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_is_good_one_step_before_and_after(
    director: access.User, clock: TestClock, steps: int, good: bool
) -> None:
    secret = _enrolled(director)
    clock.advance(minutes=10)
    assert access.check_totp(director, _code(secret, steps)) is good


def test_the_code_of_the_enrolment_does_not_sign_in(director: access.User) -> None:
    secret = _enrolled(director)
    assert not access.check_totp(director, _code(secret))


def test_a_wrong_code_joins_no_phone(director: access.User) -> None:
    with pytest.raises(BadInput):
        access.enrol_totp(director, access.new_totp_secret(), "000000")
    assert not access.has_second_factor(director)


def test_a_second_phone_needs_a_reset_first(director: access.User) -> None:
    _enrolled(director)
    with pytest.raises(RuleBroken):
        _enrolled(director)


def test_guessing_codes_is_slow(director: access.User, clock: TestClock) -> None:
    secret = _enrolled(director)
    clock.advance(minutes=2)
    for _ in range(5):
        access.pass_second_factor(director, "000000")
    assert access.pass_second_factor(director, _code(secret))
    clock.advance(minutes=2)
    assert access.pass_second_factor(director, _code(secret)) == ""


def test_the_secret_is_sealed_at_rest(director: access.User) -> None:
    secret = _enrolled(director)
    assert secret not in (director.totp_secret_enc or "")


def test_another_administrator_resets_a_lost_phone(admin: Actor, director: access.User) -> None:
    _enrolled(director)
    access.reset_totp(admin, director)
    assert not access.has_second_factor(director)


def test_nobody_resets_the_own_phone(centre: org.OrgUnit) -> None:
    me = make_user(centre, Role.ADMINISTRATOR)
    with pytest.raises(RuleBroken):
        access.reset_totp(access.actor_for(me), me)


def test_a_code_in_other_writing_is_simply_wrong(director: access.User) -> None:
    _enrolled(director)
    assert not access.check_totp(director, "１２３４５６")
