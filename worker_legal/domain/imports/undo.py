"""Taking a whole import back, while nothing has touched its cases."""

from dataclasses import replace

import sqlalchemy as sa

from worker_legal.domain import audit
from worker_legal.domain.cases import closing
from worker_legal.domain.cases.models import Case, CaseEvent
from worker_legal.domain.imports.models import ImportBatch, ImportRow
from worker_legal.domain.imports.service import require_import
from worker_legal.domain.permissions import Actor
from worker_legal.errors import NotFound, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db

MOST_NAMED = 10


def get_batch(actor: Actor, batch_id: int) -> ImportBatch:
    """A file that was read in.

    Raises NotFound.
    """
    require_import(actor)
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound(N_("没有这次导入"))
    return batch


def cases_of(batch: ImportBatch) -> int:
    """How many cases the import made and still holds."""
    rows = sa.select(sa.func.count()).select_from(ImportRow).where(ImportRow.batch_id == batch.id)
    return db.session.scalar(rows) or 0


def touched(batch: ImportBatch) -> list[Case]:
    """The cases of an import in which anything happened since; all, where no mark was left."""
    ids = _ids(batch)
    later = sa.select(CaseEvent.case_id).where(CaseEvent.id > (batch.last_event_id or 0))
    query = sa.select(Case).where(Case.id.in_(ids), Case.id.in_(later))
    return list(db.session.scalars(query.order_by(Case.id)))


def _ids(batch: ImportBatch) -> sa.Select[tuple[int]]:
    return sa.select(ImportRow.case_id).where(ImportRow.batch_id == batch.id)


def undo(actor: Actor, batch_id: int) -> int:
    """Set every case of an import aside and forget its rows, so that the file may come again.

    Gives how many. Raises RuleBroken, naming the cases that were touched since.
    """
    batch = get_batch(actor, batch_id)
    if batch.undone_at is not None:
        raise RuleBroken(N_("这次导入已经撤销过了"))
    moved = touched(batch)
    if moved:
        names = "、".join(case.case_no for case in moved[:MOST_NAMED])
        text = N_("导入以后这些案件又有了变动，不能整批撤销：%(names)s（共%(n)s起）")
        raise RuleBroken(text, names=names, n=len(moved))
    cases = list(db.session.scalars(sa.select(Case).where(Case.id.in_(_ids(batch)))))
    for case in cases:
        closing.void(replace(actor, is_system=True), case, f"撤销台账导入：{batch.filename}")
        case.external_ref = None
    db.session.execute(sa.delete(ImportRow).where(ImportRow.batch_id == batch.id))
    batch.undone_at, batch.undone_by = clock.now(), actor.user_id
    audit.record(actor, "undo_import", "import_batch", batch.id, cases=len(cases))
    db.session.flush()
    return len(cases)
