"""Arrangement of tests: plain functions that make an office, its people and its cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any

from worker_legal.domain import access, cases, org, parties
from worker_legal.domain.cases.models import Deadline
from worker_legal.domain.permissions import Actor, Role
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law.enums import (
    Channel,
    DeadlineState,
    DisputeKind,
    EventKind,
    IdType,
    OrgKind,
    Stage,
    Who,
)

PASSWORD = "柳树下的第七把椅子-42"
_numbers = count(1)


def make_office(name: str = "示例区职工法律服务中心") -> org.OrgUnit:
    """The office with its centre, offering every service; gives the centre."""
    system = Actor.system("tests")
    org.set_up_office(system, name, "示援", public_url="http://localhost")
    return make_site(OrgKind.CENTRE, name)


def make_site(
    kind: OrgKind = OrgKind.STATION, name: str = "", parent: org.OrgUnit | None = None
) -> org.OrgUnit:
    """A site below another one, offering every service."""
    number = next(_numbers)
    return org.add_unit(
        Actor.system("tests"), kind, name or f"第{number}站", f"S{number}", parent, tuple(Stage)
    )


def make_user(site: org.OrgUnit, *roles: Role, name: str = "", password: str = "") -> access.User:
    """A person with roles at a site; signing in by hand needs a password (slow to make)."""
    number = next(_numbers)
    new = access.NewUser(f"user{number}", name or f"经办{number}", site.id, roles)
    user = access.add_user(Actor.system("tests"), new)
    if password:
        access.set_password(user, password)
    db.session.flush()
    return user


def make_actor(site: org.OrgUnit, *roles: Role) -> Actor:
    """The actor of a new person with these roles at a site."""
    return access.actor_for(make_user(site, *roles))


def make_id_number(born: date = date(1985, 6, 15), serial: int | None = None) -> str:
    """An ID number with a right check digit in area 999000, which belongs to nobody."""
    order = next(_numbers) % 1000 if serial is None else serial
    body = f"999000{born:%Y%m%d}{order:03d}"
    weights = [pow(2, 17 - place, 11) for place in range(17)]
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def make_party(name: str = "", claimed_fen: int = 0, **worker: Any) -> cases.NewParty:
    """A worker as the intake screen yields one."""
    number = next(_numbers)
    values = {"id_type": IdType.RESIDENT, "id_no": make_id_number(), **worker}
    return cases.NewParty(parties.WorkerInput(name or f"张三{number}", **values), claimed_fen)


def make_new_case(site: org.OrgUnit, **changes: Any) -> cases.NewCase:
    """What the intake screen yields for an ordinary dispute about pay."""
    employer = parties.EmployerInput(name=f"示例第{next(_numbers)}制造有限公司")
    values: dict[str, Any] = {
        "site_id": site.id,
        "channel": Channel.WALK_IN,
        "dispute_kind": DisputeKind.PAY,
        "registered_on": clock.today(),
        "workers": [make_party(claimed_fen=1_000_000)],
        "respondents": [cases.NewRespondent(employer)],
    }
    return cases.NewCase(**{**values, **changes})


def make_case(site: org.OrgUnit, actor: Actor | None = None, **changes: Any) -> cases.Case:
    """A registered dispute at a site."""
    return cases.register(actor or Actor.system("tests"), make_new_case(site, **changes))


def make_group(size: int) -> Sequence[cases.NewParty]:
    """Several workers with a claim each."""
    return [make_party(claimed_fen=100_000 * (index + 1)) for index in range(size)]


def record(
    case: cases.Case,
    kind: EventKind,
    proceeding: cases.Proceeding | None = None,
    on: date | None = None,
    note: str = "",
    actor: Actor | None = None,
    **payload: Any,
) -> cases.CaseEvent:
    """Something that happened to a case, today unless said otherwise."""
    new = cases.NewEvent(
        kind, on or clock.today(), proceeding.id if proceeding else None, payload, note
    )
    return cases.record_event(actor or Actor.system("tests"), case, new)


def open_stage(
    case: cases.Case, stage: Stage, filed_on: date | None = None, **more: Any
) -> cases.Proceeding:
    """A further proceeding of a case, for all its workers unless said otherwise."""
    new = cases.NewProceeding(stage, filed_on or clock.today(), **more)
    return cases.open_proceeding(Actor.system("tests"), case, new)


def first_proceeding(case: cases.Case) -> cases.Proceeding:
    """The proceeding a case was registered with."""
    return cases.proceedings_of(case)[0]


def make_dates(case: cases.Case, *days_ahead: int) -> Sequence[Deadline]:
    """Open dates of a case, so many days ahead of today each."""
    number = next(_numbers)
    rows = [
        Deadline(
            case_id=case.id,
            rule_code="mediation.end",
            rule_version="1",
            trigger_ref=f"event:{number}-{place}",
            due_on=clock.today() + timedelta(days=ahead),
            remind_on=clock.today() + timedelta(days=ahead),
            who=Who.OFFICE,
            state=DeadlineState.OPEN,
            known_on=date(2026, 1, 1),
        )
        for place, ahead in enumerate(days_ahead)
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows
