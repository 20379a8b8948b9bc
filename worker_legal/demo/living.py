"""The work in hand: a case in every stage, with dates overdue, due today and due soon."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from worker_legal.demo.scene import Scene
from worker_legal.domain import parties
from worker_legal.domain.cases.intake import FactDates
from worker_legal.infra import clock
from worker_legal.law.enums import Channel, DisputeKind, EventKind, Flag, Outcome, Stage

OLD_NAME = "示例鞋厂"
NEWEST = 4


def make(scene: Scene) -> None:
    """Tell every living case; the shoe factory is known by its old name too."""
    factory = parties.find_or_add_employer(scene.shoe_factory)
    parties.add_alias(factory, OLD_NAME)
    for tell in STORIES:
        tell(scene)


def _hearing_at(scene: Scene, days: int, hour: int) -> str:
    day = scene.today + timedelta(days=days)
    return datetime.combine(day, time(hour, 30), tzinfo=clock.SHANGHAI).isoformat()


def eight_services(scene: Scene) -> None:
    """One matter that walked through all eight services (features S2)."""
    case = scene.register(
        scene.ago(400),
        Stage.CONSULTATION,
        amounts=[8_640_000],
        facts=FactDates(hired_on=scene.ago(1500), left_on=scene.ago(410)),
        story="停产后被口头通知不用再来，最后五个月工资没有发。",
    )
    consultation = scene.first(case)
    scene.accept(case, consultation, scene.ago(400))
    scene.conclude(case, consultation, scene.ago(399), Outcome.ADVISED)
    inspection = scene.open(case, Stage.INSPECTION, scene.ago(398), handler="inspector")
    scene.accept(case, inspection, scene.ago(394))
    scene.conclude(case, inspection, scene.ago(330), Outcome.ORDER_IGNORED)
    mediation = scene.open(case, Stage.MEDIATION, scene.ago(328))
    scene.accept(case, mediation, scene.ago(328))
    scene.conclude(case, mediation, scene.ago(315), Outcome.FAILED)
    aid = scene.open(case, Stage.LEGAL_AID, scene.ago(314), handler="lawyer")
    scene.accept(case, aid, scene.ago(314))
    scene.step(case, aid, EventKind.AID_GRANTED, scene.ago(310))
    scene.step(case, aid, EventKind.LAWYER_ASSIGNED, scene.ago(309), lawyer="许知行")
    arbitration = scene.open(
        case, Stage.ARBITRATION, scene.ago(300), docket_no="晋劳仲案〔2026〕示例1号"
    )
    scene.accept(case, arbitration, scene.ago(296))
    scene.conclude(case, arbitration, scene.ago(255), Outcome.AWARDED, awarded_fen=7_900_000)
    scene.step(
        case, arbitration, EventKind.AWARD_SERVED, scene.ago(250), final="no", recipient="worker"
    )
    suit = scene.open(
        case,
        Stage.LITIGATION,
        scene.ago(240),
        handler="lawyer",
        instance="first",
        procedure="summary",
    )
    scene.accept(case, suit, scene.ago(236))
    scene.conclude(case, suit, scene.ago(160), Outcome.JUDGMENT_FINAL, awarded_fen=7_900_000)
    support = scene.open(case, Stage.PROCURATORATE, scene.ago(120))
    scene.accept(case, support, scene.ago(118))
    scene.conclude(case, support, scene.ago(90), Outcome.SUPERVISED)
    enforcement = scene.open(case, Stage.ENFORCEMENT, scene.ago(80), handler="mediator")
    scene.accept(case, enforcement, scene.ago(76))
    scene.step(case, enforcement, EventKind.PAID, scene.ago(40), received_fen=3_000_000)
    scene.conclude(case, aid, scene.ago(60), Outcome.AID_GRANTED)
    scene.step(case, aid, EventKind.REPORT_FILED, scene.ago(45))


def group_dispute(scene: Scene) -> None:
    """Twenty workers of one factory, in mediation, with a hearing ahead (features B3, B5)."""
    case = scene.register(
        scene.ago(13),
        Stage.MEDIATION,
        amounts=scene.fakes.amounts(46_820_000, 20),
        employer=scene.shoe_factory,
        representatives=4,
        flags=(Flag.PETITION_RISK,),
        facts=FactDates(unpaid_from=scene.ago(110), left_on=scene.ago(23)),
        story="成型车间二十人，八月起没有发工资，单位说等外贸货款。",
    )
    mediation = scene.first(case)
    scene.step(case, mediation, EventKind.ACCEPTED, scene.ago(12), "双方同意调解。")
    scene.step(
        case,
        mediation,
        EventKind.HEARING_SCHEDULED,
        scene.ago(6),
        at=_hearing_at(scene, 3, 14),
        place="开发区中心 调解室1",
        bring="身份证、工资条、银行流水",
    )


def work_injury(scene: Scene) -> None:
    """An injury eleven months ago, not yet filed: 22 days left (journey JD)."""
    case = scene.register(
        scene.ago(2),
        Stage.CONSULTATION,
        kind=DisputeKind.WORK_INJURY,
        amounts=[6_000_000],
        facts=FactDates(hired_on=scene.ago(700), injured_on=scene.ago(343)),
        flags=(Flag.URGENT,),
        story="冲床压伤右手，单位没有参保，也没有签合同。",
    )
    scene.accept(case, scene.first(case), scene.ago(2))


def recognition_under_way(scene: Scene) -> None:
    """A recognition accepted, with arbitration on the labour relation beside it."""
    case = scene.register(
        scene.ago(60),
        Stage.WORK_INJURY,
        kind=DisputeKind.WORK_INJURY,
        amounts=[9_500_000],
        facts=FactDates(injured_on=scene.ago(90)),
    )
    injury = scene.first(case)
    scene.accept(case, injury, scene.ago(50))
    scene.step(case, injury, EventKind.SUSPENDED, scene.ago(40), reason="等待确认劳动关系的结论")
    arbitration = scene.open(case, Stage.ARBITRATION, scene.ago(39))
    scene.accept(case, arbitration, scene.ago(36))


def mediations(scene: Scene) -> None:
    """Mediations one after another: overdue, due today, due soon, just begun."""
    for days, site in ((18, "ZX"), (15, "ZX"), (14, "DQ"), (13, "ZX"), (11, "XF"), (NEWEST, "ZX")):
        case = scene.register(
            scene.ago(days),
            Stage.MEDIATION,
            amounts=[1_240_000 + days * 10_000],
            site=site,
            handler="room" if site == "XF" else "mediator",
            kind=DisputeKind.TERMINATION if days % 2 else DisputeKind.PAY,
        )
        scene.accept(case, scene.first(case), scene.ago(days))
        if days == NEWEST:  # its worker is told of it from ten today
            scene.step(
                case,
                scene.first(case),
                EventKind.HEARING_SCHEDULED,
                scene.ago(1),
                at=_hearing_at(scene, 1, 9),
                place="开发区中心 调解室2",
            )


def settlements(scene: Scene) -> None:
    """Agreements signed: one paid in part, one waiting for review or confirmation."""
    for days, paid in ((40, 840_000), (9, 0), (3, 0)):
        case = scene.register(scene.ago(days + 8), Stage.MEDIATION, amounts=[1_680_000, 920_000])
        mediation = scene.first(case)
        scene.accept(case, mediation, scene.ago(days + 8))
        agreed = scene.today + timedelta(days=20)
        scene.step(
            case,
            mediation,
            EventKind.AGREEMENT_SIGNED,
            scene.ago(days),
            agreed_fen=2_400_000,
            due_on=agreed.isoformat(),
        )
        scene.step(case, mediation, EventKind.AGREEMENT_EFFECTIVE, scene.ago(days))
        scene.conclude(case, mediation, scene.ago(days), Outcome.AGREED, agreed_fen=2_400_000)
        if paid:
            scene.step(case, mediation, EventKind.PAID, scene.ago(20), received_fen=paid)


def arbitrations(scene: Scene) -> None:
    """Arbitrations just filed, near decision, and with an award in hand."""
    filed = scene.register(scene.ago(20), Stage.CONSULTATION, amounts=[3_320_000])
    consultation = scene.first(filed)
    scene.accept(filed, consultation, scene.ago(20))
    scene.conclude(filed, consultation, scene.ago(20), Outcome.ADVISED)
    scene.open(filed, Stage.ARBITRATION, scene.ago(3))
    near = scene.register(scene.ago(46), Stage.ARBITRATION, amounts=[5_120_000])
    scene.accept(near, scene.first(near), scene.ago(43))
    served = scene.register(scene.ago(80), Stage.ARBITRATION, amounts=[2_760_000])
    arbitration = scene.first(served)
    scene.accept(served, arbitration, scene.ago(76))
    scene.conclude(served, arbitration, scene.ago(12), Outcome.AWARDED, awarded_fen=2_200_000)
    scene.step(
        served, arbitration, EventKind.AWARD_SERVED, scene.ago(10), final="no", recipient="worker"
    )


def others(scene: Scene) -> None:
    """Legal aid due, an inspection running, a suit, and a file nobody has taken yet."""
    aid = scene.register(
        scene.ago(7),
        Stage.LEGAL_AID,
        amounts=[2_480_000],
        handler="lawyer",
        flags=(Flag.ELDERLY,),
    )
    scene.step(aid, scene.first(aid), EventKind.NOTE, scene.ago(6), "材料齐全，免予核查。")
    inspection = scene.register(
        scene.ago(30), Stage.INSPECTION, amounts=[4_100_000, 3_900_000], handler="inspector"
    )
    scene.accept(inspection, scene.first(inspection), scene.ago(26))
    suit = scene.register(scene.ago(150), Stage.ARBITRATION, amounts=[6_480_000])
    arbitration = scene.first(suit)
    scene.accept(suit, arbitration, scene.ago(146))
    scene.conclude(suit, arbitration, scene.ago(105), Outcome.AWARDED, awarded_fen=1_000_000)
    court = scene.open(suit, Stage.LITIGATION, scene.ago(95), instance="first", procedure="summary")
    scene.accept(suit, court, scene.ago(90))
    for days, channel in ((1, Channel.QR), (0, Channel.UNION_HOTLINE)):
        scene.register(
            scene.ago(days),
            Stage.CONSULTATION,
            amounts=[0],
            handler=None,
            channel=channel,
            story="网上留言，还没有人接手。",
        )


STORIES: tuple[Callable[[Scene], None], ...] = (
    eight_services,
    group_dispute,
    work_injury,
    recognition_under_way,
    mediations,
    settlements,
    arbitrations,
    others,
)
