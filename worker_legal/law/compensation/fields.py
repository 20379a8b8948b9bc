"""The inputs of each calculation: read by the command, and one form is generated from them."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import TypeAlias

from worker_legal.i18n import N_
from worker_legal.law.enums import LabelledEnum
from worker_legal.law.money import MAX_FEN

FIRST_DAY = date(1950, 1, 1)
LAST_DAY = date(2100, 12, 31)


class Kind(LabelledEnum):
    """What can be calculated."""

    UNPAID_WAGES = "unpaid_wages", N_("拖欠工资")
    OVERTIME = "overtime", N_("加班费")
    DOUBLE_WAGE = "double_wage", N_("未订立书面劳动合同二倍工资")
    SEVERANCE = "severance", N_("经济补偿、代通知金、违法解除赔偿金")
    ANNUAL_LEAVE = "annual_leave", N_("未休年休假工资")
    INJURY_BENEFITS = "injury_benefits", N_("工伤待遇")
    WITHHELD_PAY_ORDER = "withheld_pay_order", N_("逾期不支付加付赔偿金")
    ILLEGAL_PROBATION = "illegal_probation", N_("违法约定试用期赔偿金")


class DayType(LabelledEnum):
    """The three classes of overtime (劳动法 44)."""

    WEEKDAY = "weekday", N_("工作日")
    REST_DAY = "rest_day", N_("休息日")
    STATUTORY_HOLIDAY = "statutory_holiday", N_("法定节假日")


class Variant(LabelledEnum):
    """Which sum is due when the relation ends."""

    N = "N", N_("经济补偿（N）")
    N_PLUS_1 = "N+1", N_("经济补偿加代通知金（N+1）")
    TWO_N = "2N", N_("违法解除赔偿金（2N）")


class Ground(LabelledEnum):
    """Why the relation ended; illness, incompetence and change are 劳动合同法 40(1) to (3)."""

    MUTUAL = "mutual", N_("单位提出、协商一致解除")
    ILLNESS = "illness", N_("医疗期满不能从事工作")
    INCOMPETENCE = "incompetence", N_("不能胜任工作")
    CHANGE = "change", N_("客观情况发生重大变化")
    LAYOFF = "layoff", N_("经济性裁员")
    EXPIRY = "expiry", N_("劳动合同期满终止")
    EMPLOYER_FAULT = "employer_fault", N_("单位有过错，劳动者解除")
    CLOSURE = "closure", N_("单位破产、关闭或解散")


class FieldType(Enum):
    """The forms of a value; decimals are text, so that no binary fraction comes in."""

    FEN = "fen"
    DATE = "date"
    MONTH = "month"
    DECIMAL = "decimal"
    INT = "int"
    BOOL = "bool"
    TEXT = "text"
    CHOICE = "choice"
    FEN_LIST = "fen_list"
    ROWS = "rows"
    GROUP = "group"


Choices: TypeAlias = type[LabelledEnum]


@dataclass(frozen=True)
class Field:
    """One input: its key, its label and what may be entered."""

    name: str
    label: str
    type: FieldType
    required: bool = False
    default: object = None
    help: str = ""
    least: int | None = None
    most: int | None = None
    above: int | None = None
    step: Fraction | None = None
    choices: Choices | None = None
    inner: tuple["Field", ...] = ()


def _fen(
    name: str,
    label: str,
    *,
    required: bool = False,
    default: int | None = None,
    least: int = 0,
    help: str = "",
) -> Field:
    return Field(
        name, label, FieldType.FEN, required, default, help=help, least=least, most=MAX_FEN
    )


_PARAMETERS = Field(
    "parameters",
    N_("当地标准"),
    FieldType.GROUP,
    default=(),
    help=N_("按当地公布的文件填写；未与文件核对的，结果标为待核实"),
    inner=(
        _fen("minimum_wage_fen", N_("月最低工资标准")),
        _fen(
            "average_wage_fen",
            N_("上年度职工月平均工资"),
            least=1,
            help=N_("经济补偿按设区的市，工伤待遇按统筹地区"),
        ),
        _fen(
            "ending_average_wage_fen",
            N_("劳动关系结束前一年度职工月平均工资"),
            least=1,
            help=N_("仅用于工伤一次性补助金；不填则同上一项"),
        ),
        Field("life_expectancy_years", N_("人口平均预期寿命（岁）"), FieldType.DECIMAL),
        Field("fujian_floor_months", N_("福建一次性补助金最低月数"), FieldType.DECIMAL),
        Field("confirmed", N_("已与公布的文件核对"), FieldType.BOOL, default=False),
        Field("source", N_("文件号、地区和年度"), FieldType.TEXT),
    ),
)
_WAGES = (
    Field(
        "wages_fen",
        N_("结束前十二个月的应得工资"),
        FieldType.FEN_LIST,
        help=N_("逐月填写应得工资，最多十二个完整月份；与月平均工资二选一"),
        least=1,
        most=12,
    ),
    _fen("average_monthly_wage_fen", N_("月平均工资")),
)
_HIRED = Field("hire_date", N_("入职日期"), FieldType.DATE, required=True)

FIELDS: dict[Kind, tuple[Field, ...]] = {
    Kind.UNPAID_WAGES: (
        Field(
            "months",
            N_("被拖欠的月份"),
            FieldType.ROWS,
            required=True,
            least=1,
            inner=(
                Field("month", N_("月份"), FieldType.MONTH, required=True),
                _fen("due_fen", N_("应得工资"), help=N_("不足一个月的，可改填月工资和计薪天数")),
                _fen("monthly_wage_fen", N_("月工资")),
                Field(
                    "paid_days",
                    N_("计薪天数"),
                    FieldType.DECIMAL,
                    help=N_("含法定节假日"),
                    least=0,
                    most=31,
                ),
                _fen("paid_fen", N_("已付"), default=0),
            ),
        ),
        _PARAMETERS,
    ),
    Kind.OVERTIME: (
        _fen("monthly_base_fen", N_("正常工作时间的月工资"), required=True, least=1),
        Field(
            "entries",
            N_("加班记录"),
            FieldType.ROWS,
            required=True,
            help=N_("只适用于标准工时制；综合计算工时、不定时工作制和非全日制用工不适用"),
            least=1,
            inner=(
                Field("date", N_("日期"), FieldType.DATE, required=True),
                Field(
                    "hours",
                    N_("小时数"),
                    FieldType.DECIMAL,
                    required=True,
                    help=N_("工作日只填延长的小时数，休息日和法定节假日填全部"),
                    above=0,
                    most=24,
                ),
                Field(
                    "type",
                    N_("排班性质"),
                    FieldType.CHOICE,
                    help=N_("轮班的按排班填写；不填则按日历判断"),
                    choices=DayType,
                ),
                Field(
                    "time_off_hours", N_("已补休小时数"), FieldType.DECIMAL, default="0", least=0
                ),
            ),
        ),
        _fen("paid_fen", N_("已付加班费"), default=0),
        _PARAMETERS,
    ),
    Kind.DOUBLE_WAGE: (
        _HIRED,
        Field("signed_date", N_("签订书面劳动合同的日期"), FieldType.DATE),
        Field(
            "end_date",
            N_("离职日期"),
            FieldType.DATE,
            required=True,
            help=N_("最后一个工作日；仍在职的，填计算到哪一天"),
        ),
        _fen("monthly_wage_fen", N_("月应得工资"), required=True, least=1),
        Field(
            "employer_defence",
            N_("单位已证明因不可抗力或者劳动者故意、重大过失未订立"),
            FieldType.BOOL,
            default=False,
        ),
        Field("claim_date", N_("申请仲裁或主张权利的日期"), FieldType.DATE),
        _PARAMETERS,
    ),
    Kind.SEVERANCE: (
        Field("variant", N_("主张"), FieldType.CHOICE, required=True, choices=Variant),
        Field(
            "hire_date",
            N_("入职日期"),
            FieldType.DATE,
            required=True,
            help=N_("工龄应合并计算的，填更早的入职日期"),
        ),
        Field("end_date", N_("离职日期"), FieldType.DATE, required=True),
        *_WAGES,
        _fen(
            "previous_month_wage_fen", N_("离职前一个月的工资"), help=N_("代通知金按上一个月计算")
        ),
        Field("ground", N_("解除或终止的原因"), FieldType.CHOICE, choices=Ground),
        _PARAMETERS,
    ),
    Kind.ANNUAL_LEAVE: (
        Field("year", N_("年度"), FieldType.INT, required=True, least=2008, most=2100),
        _HIRED,
        Field("end_date", N_("离职日期"), FieldType.DATE),
        Field(
            "service_years",
            N_("累计工作年限（整年）"),
            FieldType.INT,
            required=True,
            help=N_("含在其他单位的工作时间"),
            least=0,
        ),
        Field(
            "taken_days",
            N_("当年已休天数"),
            FieldType.DECIMAL,
            default="0",
            least=0,
            step=Fraction(1, 2),
        ),
        *_WAGES,
        Field("worker_waiver", N_("单位已安排，本人书面提出不休"), FieldType.BOOL, default=False),
        Field("normal_pay_paid", N_("正常工资已付"), FieldType.BOOL, default=True),
        _PARAMETERS,
    ),
    Kind.INJURY_BENEFITS: (
        Field("grade", N_("伤残等级"), FieldType.INT, required=True, least=1, most=10),
        Field(
            "contribution_wages_fen",
            N_("受伤前十二个月的缴费工资"),
            FieldType.FEN_LIST,
            help=N_("与月平均缴费工资二选一"),
            least=1,
            most=12,
        ),
        _fen("average_contribution_wage_fen", N_("月平均缴费工资")),
        Field("insured", N_("已参加工伤保险"), FieldType.BOOL, default=True),
        Field(
            "no_suitable_job",
            N_("单位难以安排工作"),
            FieldType.BOOL,
            default=False,
            help=N_("五级、六级适用"),
        ),
        Field(
            "allowance_months", N_("伤残津贴计算月数"), FieldType.INT, default=1, least=0, most=600
        ),
        Field(
            "leaves",
            N_("解除或终止劳动关系"),
            FieldType.BOOL,
            default=False,
            help=N_("五级至十级适用"),
        ),
        Field("end_date", N_("劳动关系结束日期"), FieldType.DATE),
        Field("birth_date", N_("出生日期"), FieldType.DATE),
        Field("retirement_date", N_("法定退休日期"), FieldType.DATE),
        _PARAMETERS,
    ),
    Kind.WITHHELD_PAY_ORDER: (
        _fen("ordered_fen", N_("责令支付的金额"), required=True, least=1),
        Field(
            "order_deadline",
            N_("责令支付的最后日期"),
            FieldType.DATE,
            help=N_("没有责令限期支付的不填"),
        ),
        Field(
            "payments",
            N_("已付款项"),
            FieldType.ROWS,
            default=(),
            inner=(
                Field("date", N_("付款日期"), FieldType.DATE, required=True),
                _fen("amount_fen", N_("金额"), required=True),
            ),
        ),
        Field("as_of", N_("计算日期"), FieldType.DATE, required=True),
        Field("rate_percent", N_("加付比例（%）"), FieldType.INT, default=50, least=50, most=100),
        _PARAMETERS,
    ),
    Kind.ILLEGAL_PROBATION: (
        Field("contract_start", N_("劳动合同起始日期"), FieldType.DATE, required=True),
        Field(
            "contract_end",
            N_("劳动合同终止日期"),
            FieldType.DATE,
            help=N_("无固定期限的不填"),
        ),
        Field("task_based", N_("以完成一定工作任务为期限"), FieldType.BOOL, default=False),
        Field("second_probation", N_("同一单位再次约定试用期"), FieldType.BOOL, default=False),
        Field("probation_start", N_("试用期第一天"), FieldType.DATE, required=True),
        Field("probation_end", N_("实际试用的最后一天"), FieldType.DATE, required=True),
        _fen("monthly_wage_fen", N_("试用期满后的月工资"), required=True, least=1),
        _PARAMETERS,
    ),
}
