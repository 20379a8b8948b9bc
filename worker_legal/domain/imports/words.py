"""The words in a ledger's cells: those every office uses, and those this office told us once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from worker_legal.domain import audit
from worker_legal.domain.imports import ledgers
from worker_legal.domain.imports.ledgers import spelled
from worker_legal.domain.imports.models import LedgerWord
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law.enums import Channel, DisputeKind, LabelledEnum, Outcome, Stage
from worker_legal.law.stages import SPECS

CHANNEL, KIND, METHOD, RESULT = "channel", "kind", "method", "result"
CODES: Mapping[str, type[LabelledEnum]] = {CHANNEL: Channel, KIND: DisputeKind, METHOD: Stage}
BUILT_IN: Mapping[str, Mapping[str, LabelledEnum]] = {
    CHANNEL: {spelled(word): code for word, code in ledgers.CHANNELS.items()},
    KIND: {spelled(word): code for word, code in ledgers.KINDS.items()},
    METHOD: {spelled(word): code for word, code in ledgers.METHODS.items()},
}
RESULTS = {(stage, spelled(word)): code for (stage, word), code in ledgers.RESULTS.items()}
# a result that says: goes on still
OPEN = "open"
# between service and result, where a ledger has no column for the service
BETWEEN = ":"
GOES_ON = N_("还在办理")
# a longer text is a story and not a word; it may name somebody and is never kept
LONGEST = 20


class Key(NamedTuple):
    """A word in its column; what a result means hangs on the service too."""

    field: str
    stage: str
    word: str


Taught = Mapping[Key, str]


@dataclass(frozen=True)
class Asked:
    """A word only the office can know: how many rows say it, what it means, else what it may."""

    key: Key
    rows: int
    code: str
    guess: str = ""


class Vocabulary:
    """What words mean; it notes those that only the office can know."""

    def __init__(self, taught: Taught | None = None) -> None:
        """Know what every office says, and what this one taught."""
        self._taught = dict(taught or {})
        self._asked: Counter[Key] = Counter()

    def code(self, field: str, text: str) -> LabelledEnum | None:
        """The channel, kind or service a word stands for; None for a strange one."""
        word = spelled(text)
        known = BUILT_IN[field]
        found = known.get(word) or (known.get(_without_tail(word)) if field == KIND else None)
        return found or self._told(Key(field, "", word), CODES[field])

    def outcome(self, stage: Stage, text: str) -> Outcome | str | None:
        """The result a word stands for in a service, OPEN while it goes on; None: a strange one."""
        word = spelled(text)
        if word in ledgers.OPEN_RESULTS:
            return OPEN
        return RESULTS.get((stage, word)) or self._told(Key(RESULT, stage.value, word), Outcome)

    def ending(self, text: str, usual: Stage) -> tuple[Stage, Outcome | str] | None:
        """Service and result of a row that names no service; None for a strange word."""
        word = spelled(text)
        if word in ledgers.OPEN_RESULTS:
            return usual, OPEN
        stages = [stage for stage in Stage if (stage, word) in RESULTS]
        if stages:
            stage = usual if usual in stages else stages[0]
            if len(stages) == 1 or stage is usual:
                return stage, RESULTS[stage, word]
        code = self._noted(Key(RESULT, "", word))
        if not code:
            return None
        service, _, outcome = code.partition(BETWEEN)
        return (Stage(service), Outcome(outcome)) if outcome else (usual, OPEN)

    def asked(self) -> Iterator[Asked]:
        """The words only the office can know, strange ones first."""
        for key, rows in sorted(self._asked.items(), key=lambda item: item[0] in self._taught):
            code = self._taught.get(key, "")
            yield Asked(key, rows, code, code or _guess(key))

    def _told(self, key: Key, codes: type[LabelledEnum]) -> Any:
        code = self._noted(key)
        return OPEN if code == OPEN else (codes(code) if code else None)

    def _noted(self, key: Key) -> str:
        """What the office said of a word, which is noted as one that only it can know."""
        if not key.word or len(key.word) > LONGEST:
            return ""
        self._asked[key] += 1
        return self._taught.get(key, "")


def _without_tail(word: str) -> str:
    tail = next((tail for tail in ledgers.KIND_TAILS if word.endswith(tail)), "")
    return word.removesuffix(tail)


def _guess(key: Key) -> str:
    """The longest known word within a strange one: offered, never taken without asking."""
    known = {spelled: code for spelled, code in _known(key) if spelled and spelled in key.word}
    return known[max(known, key=len)] if known else ""


def _known(key: Key) -> Iterator[tuple[str, str]]:
    if key.field != RESULT:
        yield from ((word, str(code.value)) for word, code in BUILT_IN[key.field].items())
        return
    for (stage, word), outcome in RESULTS.items():
        if key.stage in {"", stage.value}:
            yield word, outcome.value if key.stage else _both(stage, outcome)


def _both(stage: Stage, outcome: Outcome) -> str:
    return f"{stage.value}{BETWEEN}{outcome.value}"


def choices(key: Key) -> list[tuple[str, str, str]]:
    """What a word of a column can mean: code, name, and the service where that is open too."""
    if key.field != RESULT:
        return [(code.value, code.label, "") for code in CODES[key.field]]
    endings = [
        (outcome.value, outcome.label, "")
        if key.stage
        else (_both(stage, outcome), outcome.label, stage.label)
        for stage in Stage
        if key.stage in {"", stage.value}
        for outcome in SPECS[stage].outcomes
    ]
    return [(OPEN, GOES_ON, ""), *endings]


# --- kept and handed on -----------------------------------------------------------


def taught() -> dict[Key, str]:
    """Every word the office told us."""
    return {Key(row.field, row.stage, row.word): row.code for row in db.session.scalars(_all())}


def _all() -> sa.Select[tuple[LedgerWord]]:
    return sa.select(LedgerWord).order_by(LedgerWord.id)


def remember(actor: Actor, told: Taught) -> None:
    """Keep what words mean, for this file and every later one; an empty meaning forgets a word.

    Raises BadInput for a meaning that its column does not have.
    """
    known = {Key(row.field, row.stage, row.word): row for row in db.session.scalars(_all())}
    for key, code in told.items():
        row = known.get(key)
        if not code:
            if row is not None:
                db.session.delete(row)
            continue
        refuse_unless_a_meaning(key, code)
        row = row or LedgerWord(field=key.field, stage=key.stage, word=key.word)
        row.code, row.saved_at, row.saved_by = code, clock.now(), actor.user_id
        db.session.add(row)
    db.session.flush()


def teach(actor: Actor, told: Taught) -> bool:
    """The office says on screen what its words mean.

    Raises BadInput for a meaning that its column does not have.
    """
    actor.require(Action.IMPORT_LEDGER)
    remember(actor, told)
    audit.record(actor, "learn_words", "ledger_mapping", None, words=len(told))
    return True


def refuse_unless_a_meaning(key: Key, code: str) -> None:
    """Refuse a meaning that the column of a word does not have.

    Raises BadInput.
    """
    if code not in {found for found, _, _ in choices(key)}:
        text = N_("“%(word)s”不能是“%(code)s”")
        raise BadInput(text, field="words", word=key.word, code=code)


def as_json(asked: Iterable[Asked]) -> list[dict[str, Any]]:
    """Words as they stand in a mapping file; an empty code is one that somebody has to fill in."""
    return [
        {
            **one.key._asdict(),
            "code": one.code,
            "rows": one.rows,
            "guess": one.guess,
            "may_be": [code for code, _, _ in choices(one.key)],
        }
        for one in asked
    ]


def from_json(kept: Iterable[Mapping[str, Any]]) -> dict[Key, str]:
    """The words of a mapping file that somebody has given a meaning.

    Raises BadInput for a column or meaning that does not exist.
    """
    found: dict[Key, str] = {}
    for one in kept:
        key = Key(str(one["field"]), str(one.get("stage", "")), spelled(str(one["word"])))
        if one.get("code"):
            _refuse_unless_a_column(key)
            refuse_unless_a_meaning(key, str(one["code"]))
            found[key] = str(one["code"])
    return found


def _refuse_unless_a_column(key: Key) -> None:
    is_result = key.field == RESULT and key.stage in {"", *(stage.value for stage in Stage)}
    if key.field not in CODES and not is_result:
        word = f"{key.field}/{key.stage}"
        raise BadInput(N_("列对应文件里没有“%(word)s”这一种"), field="mapping", word=word)
