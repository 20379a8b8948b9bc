"""Past years: 2022 with exactly the park's totals, other years as an ordinary office has them."""

from datetime import date, timedelta

from worker_legal.demo.scene import Scene
from worker_legal.domain.cases.intake import FactDates
from worker_legal.domain.cases.models import Case, Proceeding
from worker_legal.domain.cases.service import active_workers
from worker_legal.domain.parties import WorkerInput
from worker_legal.law.enums import Channel, DisputeKind, EventKind, Outcome, Stage

CASES, PEOPLE, PERSON_TIMES, AMOUNT_FEN, INJURED = 313, 1105, 1129, 1_416_330_000, 97
COLLECTIVE = (62, 55, 48, 45, 40, 38, 36, 33, 30, 28, 26, 24, 22, 20, 18, 16, 14)
WAYS = (
    (Stage.MEDIATION, Outcome.AGREED, 34),
    (Stage.MEDIATION, Outcome.FAILED, 10),
    (Stage.MEDIATION, Outcome.RECONCILED, 6),
    (Stage.CONSULTATION, Outcome.ADVISED, 24),
    (Stage.ARBITRATION, Outcome.MEDIATED, 7),
    (Stage.ARBITRATION, Outcome.AWARDED, 5),
    (Stage.LEGAL_AID, Outcome.AID_GRANTED, 6),
    (Stage.INSPECTION, Outcome.ORDERED, 4),
    (Stage.MEDIATION, Outcome.WITHDRAWN, 4),
)
KINDS = (
    (DisputeKind.PAY, 50),
    (DisputeKind.TERMINATION, 19),
    (DisputeKind.WORK_INJURY, 10),
    (DisputeKind.RELATION, 7),
    (DisputeKind.SOCIAL_INSURANCE, 6),
    (DisputeKind.HOURS_LEAVE, 5),
    (DisputeKind.OTHER, 3),
)
CHANNELS = (
    (Channel.WALK_IN, 50),
    (Channel.UNION_HOTLINE, 14),
    (Channel.CITY_HOTLINE, 14),
    (Channel.QR, 12),
    (Channel.PHONE, 10),
)
PLACES = (("ZX", 29), ("DQ", 23), ("XQ", 16), ("XF", 14), ("SP", 11), ("QY", 7))
HANDLERS = {"DQ": "east", "XF": "room", "QY": "room"}
# of every five awards: three for the worker or in part, one for the employer, one not recorded
PREVAILED = ("worker", "both", "both", "employer", "")
USUAL_FEN = (300_000, 4_500_000)


def make_2022(scene: Scene) -> None:
    """313 cases, 1105 people, 1129 person-times, 14,163,300 yuan, 97 work-injury applicants."""
    sizes = _sizes(scene)
    groups = _workers(scene, sizes)
    claims = scene.fakes.amounts(AMOUNT_FEN, PERSON_TIMES)
    injured, done = 0, 0
    for number, people in enumerate(groups):
        on = date(2022, 1, 4) + timedelta(days=number * 356 // CASES)
        own, claims = claims[: len(people)], claims[len(people) :]
        case = _case(scene, on, people, own)
        # the injured are spread evenly over the year: one in roughly every third case
        if injured < INJURED and (number + 1) * INJURED // CASES > done:
            done = (number + 1) * INJURED // CASES
            injured += 1
            _injury(scene, case, on)
        _finish(scene, case, on)


def make_ordinary(scene: Scene, first: date, last: date, cases: int) -> None:
    """An ordinary stretch of work: mostly single workers, now and then a small group."""
    for number in range(cases):
        on = first + timedelta(days=number * (last - first).days // cases)
        size = scene.fakes.random.choice((1, 1, 1, 1, 1, 2, 3, 1, 1, 6))
        people = [scene.fakes.worker() for _ in range(size)]
        amounts = [_round(scene.fakes.random.randrange(*USUAL_FEN)) for _ in people]
        case = _case(scene, on, people, amounts)
        if number % 5 == 0:
            _injury(scene, case, on)
        _finish(scene, case, on)


def days_before(day: date, days: int) -> date:
    """A day some days earlier."""
    return day - timedelta(days=days)


def _round(fen: int) -> int:
    return fen // 10_000 * 10_000


def _sizes(scene: Scene) -> list[int]:
    rest = PERSON_TIMES - sum(COLLECTIVE)
    small = [1] * (CASES - len(COLLECTIVE))
    while sum(small) < rest:
        place = scene.fakes.random.randrange(len(small))
        small[place] += small[place] < 9
    sizes = [*COLLECTIVE, *small]
    scene.fakes.random.shuffle(sizes)
    return sizes


def _workers(scene: Scene, sizes: list[int]) -> list[list[WorkerInput]]:
    """Everybody once, and 24 people a second time in another case of their own."""
    groups = [[scene.fakes.worker() for _ in range(size)] for size in sizes]
    again = PERSON_TIMES - PEOPLE
    for place in range(again):
        source, target = groups[place * 6], groups[CASES - 1 - place * 6]
        target[0] = source[0]
    return groups


def _case(scene: Scene, on: date, people: list[WorkerInput], amounts: list[int]) -> Case:
    draw = scene.fakes.random
    stage = draw.choices([way[0] for way in WAYS], [way[2] for way in WAYS])[0]
    kind = draw.choices([k for k, _ in KINDS], [w for _, w in KINDS])[0]
    site = draw.choices([code for code, _ in PLACES], [w for _, w in PLACES])[0]
    return scene.register(
        on,
        stage,
        kind=kind,
        amounts=amounts,
        workers=people,
        site=site,
        channel=draw.choices([c for c, _ in CHANNELS], [w for _, w in CHANNELS])[0],
        handler=HANDLERS.get(site) or draw.choice(("clerk", "mediator")),
        representatives=4 if len(people) >= 10 else 0,
        facts=FactDates(unpaid_from=days_before(on, 90).replace(day=1)),
    )


def _injury(scene: Scene, case: Case, on: date) -> None:
    party = active_workers(case)[-1]
    proceeding = scene.open(
        case, Stage.WORK_INJURY, on, applicant="worker", insured="yes", party_ids=[party.id]
    )
    accepted = on + timedelta(days=7)
    decided = accepted + timedelta(days=45)
    scene.step(case, proceeding, EventKind.ACCEPTED, accepted)
    scene.step(case, proceeding, EventKind.DECISION_MADE, decided)
    scene.conclude(case, proceeding, decided, Outcome.RECOGNISED)


def _finish(scene: Scene, case: Case, on: date) -> None:
    proceeding = scene.first(case)
    draw = scene.fakes.random
    ways = [way for way in WAYS if way[0] is proceeding.stage]
    outcome = draw.choices([way[1] for way in ways], [way[2] for way in ways])[0]
    ended = on + timedelta(days=draw.randrange(2, 14))
    scene.step(case, proceeding, EventKind.ACCEPTED, on)
    money = _money(case, proceeding, outcome)
    scene.conclude(case, proceeding, ended, outcome, **money)
    if outcome is Outcome.AWARDED:
        result = PREVAILED[case.id % len(PREVAILED)]
        served = {"final": "no", "recipient": "worker", "prevailed": result}
        scene.step(case, proceeding, EventKind.AWARD_SERVED, min(ended, scene.today), **served)
    if outcome is Outcome.AGREED and draw.random() < 0.8:
        paid = ended + timedelta(days=10)
        scene.step(case, proceeding, EventKind.PAID, paid, received_fen=money["agreed_fen"])
    scene.close(case, min(on + timedelta(days=70), scene.today), outcome)


def _money(case: Case, proceeding: Proceeding, outcome: Outcome) -> dict[str, int]:
    part = _round(case.claimed_fen * 4 // 5)
    if outcome is Outcome.AGREED:
        return {"agreed_fen": part}
    if outcome in {Outcome.AWARDED, Outcome.MEDIATED}:
        return {"awarded_fen": part}
    return {}
