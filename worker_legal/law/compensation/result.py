"""What a calculation gives back: lines with their formula, article and figures, and warnings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from worker_legal.i18n import N_
from worker_legal.law.enums import LabelledEnum
from worker_legal.law.money import format_yuan, round_half_up

Figure = int | str | bool | None | list[int]
"""What stands in a line's figures: whole fen and counts; fractions are text, never floats."""


@dataclass(frozen=True)
class Sentence:
    """A Chinese text of the catalogue with %(name)s places and what stands in them."""

    text: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.params


def say(text: str, **params: object) -> Sentence:
    """A sentence with its parameters."""
    return Sentence(text, params)


class Notice(LabelledEnum):
    """Everything the reader must be told about a result."""

    ART40_ONLY = "art40_only", N_("代通知金只适用于劳动合同法第40条的三种情形，请核对解除原因")
    BELOW_MINIMUM_WAGE = "below_minimum_wage", N_("应得工资低于当地最低工资标准，请核对差额")
    CAP_3X = "cap_3x", N_("月工资高于上年度职工月平均工资三倍，按三倍计算且不超过十二个月")
    CONTRACT_SIGNED_IN_TIME = "contract_signed_in_time", N_("一个月内已订立书面合同，没有二倍工资")
    CONTRIBUTION_CAP_300 = "contribution_cap_300", N_("本人工资高于平均工资的300%%，按300%%计算")
    CONTRIBUTION_FLOOR_60 = "contribution_floor_60", N_("本人工资低于平均工资的60%%，按60%%计算")
    DEADLINE_NOT_PASSED = "deadline_not_passed", N_("责令支付的期限尚未届满，还不产生加付赔偿金")
    EMPLOYER_DEFENCE = "employer_defence", N_("单位已证明免责事由，不支持二倍工资")
    FEWER_WAGE_MONTHS = "fewer_wage_months", N_("工作满十二个月但填写的工资不足十二个月，请补齐")
    FLOOR_MONTHS = "floor_months", N_("计算的月数低于最低月数，按最低月数计算")
    FRACTION_DROPPED = "fraction_dropped", N_("折算后不足一整天的部分不计")
    FUJIAN_UNCONFIRMED = (
        "fujian_unconfirmed",
        N_("福建一次性补助金的标准待核实，以经办机构核定为准"),
    )
    LIMITATION = "limitation", N_("主张日期已超过一年仲裁时效，对方可能提出时效抗辩")
    MINIMUM_WAGE_FLOOR = "minimum_wage_floor", N_("低于当地最低工资标准，按最低工资标准计算")
    MONTHLY_PAYMENT = "monthly_payment", N_("伤残津贴按月支付，合计只含所填的月数")
    MONTHS_CAPPED_12 = "months_capped_12", N_("计算的月数超过十二个月，按十二个月计算")
    NEAR_RETIREMENT = "near_retirement", N_("距法定退休不足五年，补助金是否递减请核实，此处未减")
    NO_ENTITLEMENT = "no_entitlement", N_("累计工作不满一年，不享受年休假")
    NO_ORDER = "no_order", N_("没有责令限期支付的文书，不产生加付赔偿金")
    NOTHING_UNPAID = "nothing_unpaid", N_("期限届满前已全部支付，不产生加付赔偿金")
    OPEN_ENDED_DEEMED = "open_ended_deemed", N_("满一年未订立书面合同，视为已订立无固定期限合同")
    OVER_36_HOURS = "over_36_hours", N_("有月份的加班超过36小时，违反劳动法第41条")
    OVER_TAKEN = "over_taken", N_("已休天数多于应休天数，多休的不扣回")
    OVERPAID = "overpaid", N_("已付金额多于应付金额，按零计算，不与其他款项相抵")
    PARAMETER_MISSING = "parameter_missing", N_("缺少当地标准 %(keys)s，相应步骤未计算")
    PAST_LIFE_EXPECTANCY = "past_life_expectancy", N_("年龄已超过人口平均预期寿命，年数按零计算")
    PRE_2008_SPLIT = "pre_2008_split", N_("2008年以前的工作年限按当时规定分段计算，待核实")
    PROVISIONAL_CALENDAR = "provisional_calendar", N_("涉及节假日安排未公布的年份，结果为暂定")
    RATE_RANGE = "rate_range", N_("加付比例由劳动行政部门在50%%至100%%之间确定")
    RETIREMENT_REACHED = "retirement_reached", N_("已达法定退休日期，是否享受补助金请核实")
    TIME_OFF_NOT_REPLACING = "time_off_not_replacing", N_("工作日和法定节假日加班不能以补休代替")
    TYPE_DIFFERS = "type_differs_from_calendar", N_("所填排班性质与法定节假日不符，已按日历计算")
    UNDER_ONE_MONTH = "under_one_month", N_("工作未超过一个月，没有二倍工资")
    WITHIN_LIMIT = "within_limit", N_("试用期没有超过法定期限")
    WORKER_WAIVER = "worker_waiver", N_("本人书面提出不休年休假的，只支付正常工资")


class Notices:
    """The warnings of one calculation, each code once, in the order in which they came up."""

    def __init__(self) -> None:
        self._said: dict[Notice, Sentence] = {}

    def add(self, notice: Notice, **params: object) -> None:
        """Note a warning unless it is noted already."""
        self._said.setdefault(notice, Sentence(notice.label, params))

    def add_if(self, applies: bool, notice: Notice) -> None:
        """Note a warning where it applies."""
        if applies:
            self.add(notice)

    def all(self) -> tuple[tuple[Notice, Sentence], ...]:
        """Code and sentence of each warning."""
        return tuple(self._said.items())


@dataclass(frozen=True)
class Line:
    """One sum: what it is, fen, how it was made, from which figures, under which article."""

    label: Sentence
    amount_fen: int
    formula: tuple[Sentence, ...]
    parameters: Mapping[str, Figure]
    article: str
    confirmed: bool

    def as_json(self) -> dict[str, object]:
        """The line as the command prints it, in Chinese."""
        return {
            "label": str(self.label),
            "amount_fen": self.amount_fen,
            "formula": "；".join(map(str, self.formula)),
            "parameters": dict(self.parameters),
            "article": self.article,
            "confirmed": self.confirmed,
        }


@dataclass(frozen=True)
class Result:
    """A whole calculation in fen."""

    total_fen: int
    lines: tuple[Line, ...]
    warnings: tuple[tuple[Notice, Sentence], ...]

    def as_json(self) -> dict[str, object]:
        """The result as the command prints it, in Chinese."""
        return {
            "total_fen": self.total_fen,
            "lines": [line.as_json() for line in self.lines],
            "warnings": [f"{notice.value}: {sentence}" for notice, sentence in self.warnings],
        }


def yuan(amount: int | Fraction) -> str:
    """An exact amount for a formula: yuan, marked ≈ where it is not whole fen."""
    exact = Fraction(amount)
    if exact.denominator == 1:
        return format_yuan(exact.numerator)
    return f"≈{format_yuan(round_half_up(exact))}"


def figure(amount: Fraction) -> int | str:
    """An exact figure for the parameters: an integer, or the fraction as text."""
    return amount.numerator if amount.denominator == 1 else str(amount)


def decimal(value: Fraction) -> str:
    """A figure of at most two decimals as text, without needless noughts."""
    whole, hundredths = divmod(int(value * 100), 100)
    return f"{whole}.{hundredths:02d}".rstrip("0").rstrip(".")
