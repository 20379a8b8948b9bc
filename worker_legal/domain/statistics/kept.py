"""Answers that are kept until anything they were counted from changes (docs/adr/011).

The database itself writes a row with a random number for every change (migration 0020). The number
of the last clearing and the numbers of all changes since name the state of the books: two readers
that see the same numbers see the same books. An answer is kept under the state it was counted in.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from secrets import randbits
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa

from worker_legal.domain.statistics.models import FigureChange, FigureState
from worker_legal.infra.db import db

Question = ParamSpec("Question")
Answer = TypeVar("Answer")
State = frozenset[int]

ANSWERS = 400
# With more changes than this waiting to be cleared away nothing is kept.
MOST_CHANGES = 2_000
BITS = 53


def kept(ask: Callable[Question, Answer]) -> Callable[Question, Answer]:
    """Keep the answers of a question, each for whom it was asked, until the books change.

    The question must depend on nothing but its arguments and the books; who asks is one of the
    arguments. What it gives is shared and must not be changed.
    """

    @wraps(ask)
    def answer(*asked: Question.args, **named: Question.kwargs) -> Answer:
        state = state_of_books()
        if state is None:
            return ask(*asked, **named)
        found: Answer = _kept(ask, state, asked, tuple(sorted(named.items())))
        return found

    return answer


@lru_cache(ANSWERS)
def _kept(
    ask: Callable[..., Any],
    state: State,
    asked: tuple[Any, ...],
    named: tuple[tuple[str, Any], ...],
) -> Any:
    return ask(*asked, **dict(named))


def state_of_books() -> State | None:
    """What names the books as this transaction sees them; None while too much is changing."""
    changes = sa.select(FigureChange.nonce).limit(MOST_CHANGES).subquery()
    both = sa.union_all(sa.select(FigureState.nonce), sa.select(changes.c.nonce))
    state = frozenset(db.session.scalars(both))
    return state if 0 < len(state) <= MOST_CHANGES else None


def clear_changes() -> None:
    """Forget the changes there are and name the books anew; the job does so, and a rebuild."""
    gone = sa.delete(FigureChange).execution_options(synchronize_session=False)
    if getattr(db.session.execute(gone), "rowcount", 0):
        name_books_anew()


def name_books_anew() -> None:
    """Let no answer be kept that was counted before."""
    renamed = sa.update(FigureState).values(nonce=randbits(BITS))
    db.session.execute(renamed.execution_options(synchronize_session=False))


def forget() -> None:
    """Throw every kept answer of this process away."""
    _kept.cache_clear()
