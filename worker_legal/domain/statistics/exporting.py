"""Exports with identifiers or of many cases: asked for, agreed to, made, gone after a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from worker_legal.domain import audit
from worker_legal.domain.access import User
from worker_legal.domain.cases.models import Case, CaseParty
from worker_legal.domain.cases.queries import CaseFilter, search
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics import export
from worker_legal.domain.statistics.export import Gettext, Step, exportable
from worker_legal.errors import BadInput, NotFound, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import Base, UtcDateTime, coded, db, expect_version
from worker_legal.infra.rowsets import batches
from worker_legal.infra.spreadsheets import Table
from worker_legal.law.enums import LabelledEnum

# above this many people within a day, counted together, a second person agrees (threats O2)
MOST_ALONE = 200
WINDOW = timedelta(hours=24)
KEPT = timedelta(hours=24)
LONGEST_WAIT = timedelta(days=7)
# a work without a sign of life for so long was cut off by a restart
SILENCE = timedelta(minutes=2)
LEAST_REASON = 4
LONGEST_REASON = 200


class ExportState(LabelledEnum):
    """Where an export stands."""

    WAITING = "waiting", N_("等另一位同意")
    REFUSED = "refused", N_("没有同意")
    READY = "ready", N_("等待生成")
    RUNNING = "running", N_("正在生成")
    DONE = "done", N_("可以下载")
    FAILED = "failed", N_("没有生成")
    EXPIRED = "expired", N_("已过期删除")


class ExportJob(Base):
    """One export: who asked for which cases and why, who agreed, and where its file is."""

    __tablename__ = "export_job"
    __table_args__ = (sa.CheckConstraint("cases >= 0", name="cases"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"), index=True)
    owner_label: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(8))
    has_identifiers: Mapped[bool]
    reason: Mapped[str] = mapped_column(sa.String(LONGEST_REASON), default="")
    # fixed when it is asked for: what is agreed to is what the file holds
    case_ids: Mapped[list[int]] = mapped_column(sa.JSON, deferred=True)
    cases: Mapped[int]
    people: Mapped[int]
    state: Mapped[ExportState] = mapped_column(coded(ExportState))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done: Mapped[int] = mapped_column(default=0)
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # the word under which the sealed file waits
    file: Mapped[str] = mapped_column(sa.String(60), default="")
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    decider: Mapped[User | None] = relationship(lazy="joined", foreign_keys=[decided_by])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape

    @property
    def percent(self) -> int:
        """How much of it is made, in per cent."""
        return min(100, 100 * self.done // self.cases) if self.cases else 100

    @property
    def may_start(self) -> bool:
        """Whether it may be made now: agreed to, or cut off or failed before."""
        if self.state is ExportState.RUNNING:
            return self.beat_at is None or clock.now() - self.beat_at > SILENCE
        return self.state in {ExportState.READY, ExportState.FAILED}


@dataclass(frozen=True)
class Asked:
    """What the screen asks for."""

    kind: str
    has_identifiers: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Size:
    """How much an export holds."""

    cases: int
    people: int


# --- asking and agreeing ----------------------------------------------------------------


def size_of(actor: Actor, wanted: CaseFilter) -> Size:
    """How many cases and people an export of this filter would hold."""
    actor.require(Action.EXPORT_CASES)
    return _size(search(actor, exportable(actor, wanted)))


def _size(query: sa.Select[tuple[Case]]) -> Size:
    ids = query.with_only_columns(Case.id)
    people = sa.select(sa.func.count(CaseParty.worker_id.distinct())).where(
        CaseParty.removed_at.is_(None), CaseParty.case_id.in_(ids)
    )
    cases = sa.select(sa.func.count()).select_from(ids.subquery())
    return Size(db.session.scalar(cases) or 0, db.session.scalar(people) or 0)


def needs_second_person(actor: Actor, people: int) -> bool:
    """Whether so many people with identifiers are too many for one person within a day.

    Smaller exports count together, so that nobody takes the whole out in slices.
    """
    alone = sa.select(sa.func.sum(ExportJob.people)).where(
        ExportJob.owner_id == actor.user_id,
        ExportJob.has_identifiers.is_(True),
        ExportJob.decided_by.is_(None),
        ExportJob.state.not_in([ExportState.WAITING, ExportState.REFUSED]),
        ExportJob.asked_at > clock.now() - WINDOW,
    )
    return (db.session.scalar(alone) or 0) + people > MOST_ALONE


def ask(actor: Actor, wanted: CaseFilter, asked: Asked) -> ExportJob:
    """Ask for an export; with identifiers it needs a reason, and above 200 people a second person.

    Raises BadInput.
    """
    actor.require(Action.EXPORT_CASES)
    reason = " ".join(asked.reason.split())
    if asked.has_identifiers:
        actor.require(Action.REVEAL)
        if not LEAST_REASON <= len(reason) <= LONGEST_REASON:
            raise BadInput(N_("请写明为什么要带证件号码导出，4到200个字"), field="reason")
    narrowed = exportable(actor, wanted)
    size = _size(search(actor, narrowed))
    waits = asked.has_identifiers and needs_second_person(actor, size.people)
    job = ExportJob(
        owner_id=actor.user_id,
        owner_label=actor.label,
        kind=asked.kind,
        has_identifiers=asked.has_identifiers,
        reason=reason,
        case_ids=export.ids_of(actor, narrowed),
        cases=size.cases,
        people=size.people,
        state=ExportState.WAITING if waits else ExportState.READY,
        asked_at=clock.now(),
    )
    db.session.add(job)
    db.session.flush()
    _note(actor, "ask_export", job, reason=reason, people=size.people)
    return job


def decide(actor: Actor, job: ExportJob, agrees: bool, version: int) -> None:
    """Agree to another person's export, or not.

    Raises RuleBroken for one's own export and for one that waits no longer.
    """
    actor.require(Action.APPROVE_EXPORT)
    if job.owner_id == actor.user_id:
        raise RuleBroken(N_("自己的导出要由另一位同意"))
    if job.state is not ExportState.WAITING:
        raise RuleBroken(N_("这次导出已经处理过了"))
    expect_version(job, version)
    job.state = ExportState.READY if agrees else ExportState.REFUSED
    job.decided_by, job.decided_at = actor.user_id, clock.now()
    _note(actor, "agree_export" if agrees else "refuse_export", job, people=job.people)


def _note(actor: Actor, action: str, job: ExportJob, **detail: Any) -> None:
    audit.record(actor, action, "export_job", job.id, rows=job.cases, **detail)


# --- finding ------------------------------------------------------------------------------


def mine(actor: Actor, limit: int = 50) -> list[ExportJob]:
    """The exports a person has asked for, the newest first."""
    query = sa.select(ExportJob).where(ExportJob.owner_id == actor.user_id)
    return list(db.session.scalars(query.order_by(ExportJob.id.desc()).limit(limit)))


def get_mine(actor: Actor, job_id: int) -> ExportJob:
    """An export of one's own; another person's is not there.

    Raises NotFound.
    """
    query = sa.select(ExportJob).where(ExportJob.owner_id == actor.user_id, ExportJob.id == job_id)
    job = db.session.scalar(query)
    if job is None:
        raise NotFound(N_("没有这次导出"))
    return job


def waiting_for(actor: Actor) -> list[ExportJob]:
    """The exports of others that this person may agree to, the oldest first."""
    actor.require(Action.APPROVE_EXPORT)
    query = sa.select(ExportJob).where(
        ExportJob.state == ExportState.WAITING, ExportJob.owner_id != actor.user_id
    )
    return [job for job in db.session.scalars(query.order_by(ExportJob.id)) if _sees(actor, job)]


def get_waiting(actor: Actor, job_id: int) -> ExportJob:
    """An export of another person, all of whose cases the actor sees.

    Raises NotFound.
    """
    job = db.session.get(ExportJob, job_id)
    if job is None or (job.owner_id != actor.user_id and not _sees(actor, job)):
        raise NotFound(N_("没有这次导出"))
    return job


def _sees(actor: Actor, job: ExportJob) -> bool:
    """Whether every case of the export is in sight: nobody agrees to what is not theirs to see."""
    seen = search(actor, CaseFilter(with_void=True)).with_only_columns(Case.id)
    return all(
        len(db.session.scalars(seen.where(Case.id.in_(ids))).all()) == len(ids)
        for ids in batches(job.case_ids)
    )


# --- making -------------------------------------------------------------------------------


def watermark(job: ExportJob, gettext: Gettext = str) -> str:
    """Who took it out, when and why, as it stands on every sheet and printed page."""
    text = N_("%(who)s于%(at)s导出，第%(n)s号；事由：%(reason)s")
    values = {"who": job.owner_label, "n": job.id, "reason": job.reason}
    at = clock.local(job.asked_at).strftime("%Y-%m-%d %H:%M")
    mark = gettext(text) % {**values, "at": at}
    if job.decider is None:
        return mark
    return mark + gettext(N_("；同意人：%(who)s")) % {"who": job.decider.display_name}


def sheets(actor: Actor, job: ExportJob, step: Step, gettext: Gettext = str) -> list[Table]:
    """The sheets of an export, their rows not read yet."""
    ids = list(job.case_ids)
    if not job.has_identifiers:
        return [export.case_table(export.picked(actor, ids, step), gettext)]
    mark, half = watermark(job, gettext), len(ids) // 2
    cases = export.picked(actor, ids, lambda done: step(done // 2))
    people = export.person_rows(actor, ids, lambda done: step(half + done // 2), gettext)
    return [
        export.case_table(cases, gettext, in_clear=True, mark=mark),
        export.person_table(people, gettext, mark),
    ]


def begin(actor: Actor, job: ExportJob) -> None:
    """Let the work begin.

    Raises RuleBroken for an export that nobody has agreed to, that runs, or that is done.
    """
    if not job.may_start:
        raise RuleBroken(N_("这次导出现在不能生成"))
    job.state, job.done, job.beat_at = ExportState.RUNNING, 0, clock.now()
    _note(actor, "export", job)


def step(job_id: int, done: int) -> None:
    """Say how far the work is."""
    _set(job_id, done=done, beat_at=clock.now())


def finish(job_id: int, file: str) -> None:
    """The file waits for its owner, for a day."""
    _set(job_id, state=ExportState.DONE, file=file, expires_at=clock.now() + KEPT)


def fail(job_id: int) -> None:
    """The work came to nothing; it may be begun again."""
    _set(job_id, state=ExportState.FAILED)


def _set(job_id: int, **values: object) -> None:
    db.session.execute(sa.update(ExportJob).where(ExportJob.id == job_id).values(**values))


def note_download(actor: Actor, job: ExportJob) -> None:
    """Let the log say who fetched the file.

    Raises NotFound when it is not there, or no longer.
    """
    is_there = job.state is ExportState.DONE and job.expires_at is not None
    if not is_there or (job.expires_at or clock.now()) <= clock.now():
        raise NotFound(N_("这个文件已经不在了，请重新导出"))
    _note(actor, "fetch_export", job)


def expire() -> list[str]:
    """End what is past its day or waited too long; gives the words of the files to be removed."""
    now = clock.now()
    late = sa.or_(
        sa.and_(ExportJob.state == ExportState.DONE, ExportJob.expires_at <= now),
        sa.and_(
            ExportJob.state.not_in([ExportState.DONE, ExportState.EXPIRED, ExportState.REFUSED]),
            ExportJob.asked_at <= now - LONGEST_WAIT,
        ),
    )
    gone = list(db.session.scalars(sa.select(ExportJob).where(late)))
    words = [job.file for job in gone if job.file]
    for job in gone:
        job.state, job.file, job.case_ids = ExportState.EXPIRED, "", []
    return words
