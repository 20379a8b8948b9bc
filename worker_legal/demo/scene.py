"""Short hands for telling a case: register, step, conclude, close."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from worker_legal.demo.fakes import Fakes
from worker_legal.domain.access import User
from worker_legal.domain.cases import closing, intake, projection, service
from worker_legal.domain.cases.models import Case, Proceeding
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.parties import EmployerInput, WorkerInput
from worker_legal.domain.permissions import Actor
from worker_legal.infra.db import db
from worker_legal.law.enums import Channel, DisputeKind, EventKind, Flag, Outcome, Stage

SHOE_FACTORY = "晋江示例鞋业有限公司"


@dataclass
class Scene:
    """The office at a day, with its fakes and its people."""

    fakes: Fakes
    sites: dict[str, OrgUnit]
    today: date
    people: dict[str, User] = field(default_factory=dict)
    employers: list[EmployerInput] = field(default_factory=list)
    shoe_factory: EmployerInput = field(init=False)

    def __post_init__(self) -> None:
        """Look up the people and make the companies."""
        self.people = {user.username: user for user in db.session.scalars(sa.select(User))}
        self.employers = self.fakes.employers()
        self.shoe_factory = self.fakes.employer(SHOE_FACTORY, "71")

    def actor(self, username: str) -> Actor:
        """A person of the office, with every right, so that history can be told freely."""
        user = self.people[username]
        return Actor(user_id=user.id, label=user.display_name, is_system=True)

    def ago(self, days: int) -> date:
        """A day before today."""
        return self.today - timedelta(days=days)

    def register(
        self,
        on: date,
        stage: Stage,
        *,
        kind: DisputeKind = DisputeKind.PAY,
        amounts: list[int],
        site: str = "ZX",
        handler: str | None = "mediator",
        channel: Channel = Channel.WALK_IN,
        facts: intake.FactDates | None = None,
        flags: tuple[Flag, ...] = (),
        story: str = "",
        employer: EmployerInput | None = None,
        workers: list[WorkerInput] | None = None,
        representatives: int = 0,
    ) -> Case:
        """A case with one worker per amount (fen)."""
        people = workers or [self.fakes.worker() for _ in amounts]
        rows = [
            intake.NewParty(person, amount, index < representatives)
            for index, (person, amount) in enumerate(zip(people, amounts, strict=True))
        ]
        new = intake.NewCase(
            site_id=self.sites[site].id,
            channel=channel,
            dispute_kind=kind,
            registered_on=on,
            workers=rows,
            respondents=[
                intake.NewRespondent(employer or self.fakes.random.choice(self.employers))
            ],
            first_stage=stage,
            facts=facts or intake.FactDates(),
            story=story,
            flags=flags,
            handler_id=self.people[handler].id if handler else None,
            consent_version="1",
            source="demo",
        )
        return intake.register(self.actor("clerk"), new)

    def first(self, case: Case) -> Proceeding:
        """The proceeding the case began with."""
        return projection.proceedings_of(case)[0]

    def step(
        self,
        case: Case,
        proceeding: Proceeding | None,
        kind: EventKind,
        on: date,
        note: str = "",
        by: str = "mediator",
        **payload: Any,
    ) -> None:
        """Something that happened."""
        place = proceeding.id if proceeding else None
        new = service.NewEvent(kind, on, place, payload, note)
        service.record_event(self.actor(by), case, new)

    def open(
        self, case: Case, stage: Stage, on: date, handler: str | None = None, **facts: Any
    ) -> Proceeding:
        """A further service in the case."""
        reason = str(facts.pop("reason", ""))
        parties = facts.pop("party_ids", None)
        new = service.NewProceeding(
            stage,
            on,
            party_ids=parties,
            facts=facts,
            reason=reason,
            handler_id=self.people[handler].id if handler else None,
        )
        return service.open_proceeding(self.actor("mediator"), case, new)

    def accept(self, case: Case, proceeding: Proceeding, on: date) -> None:
        """The other body takes the matter up and does what it must within the first days."""
        self.step(case, proceeding, EventKind.ACCEPTED, on)
        if proceeding.stage in {Stage.ARBITRATION, Stage.LITIGATION}:
            self.step(case, proceeding, EventKind.COPY_SERVED, self._soon(on, 3))
        if proceeding.stage is Stage.ARBITRATION:
            self.step(case, proceeding, EventKind.TRIBUNAL_NOTICED, self._soon(on, 4))

    def _soon(self, on: date, days: int) -> date:
        return min(on + timedelta(days=days), self.today)

    def conclude(
        self, case: Case, proceeding: Proceeding, on: date, outcome: Outcome, **money: int
    ) -> None:
        """The end of a proceeding with its outcome and amounts in fen."""
        if outcome is Outcome.WITHDRAWN:
            self.step(case, proceeding, EventKind.WITHDRAWN, on, reason="申请人自愿撤回")
            return
        result: dict[str, Any] = {"outcome": outcome.value, **money}
        self.step(case, proceeding, EventKind.CONCLUDED, on, **result)

    def close(self, case: Case, on: date, outcome: Outcome) -> None:
        """The end of the case."""
        closing.close(self.actor("mediator"), case, on, outcome)
