"""Fake people and companies with numbers whose check digits are right."""

from datetime import date, timedelta
from random import Random

from stdnum.cn import ric, uscc

from worker_legal.domain.parties import EmployerInput, WorkerInput
from worker_legal.law.enums import EnterpriseSize, Gender, IdType, Industry

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余叶程苏吕"
)
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰春生建国海燕文志新红梅福贵秋菊小龙"
TRADES = ("鞋业", "服饰", "食品", "机械", "包装", "织造", "电子", "建材", "物业", "运输")
BRANDS = "华丰盛恒达兴利永金鸿"
INDUSTRY_OF = {"物业": Industry.REAL_ESTATE, "运输": Industry.TRANSPORT}
# two in five leave their size empty, as in life
SIZES = (EnterpriseSize.SMALL, None, EnterpriseSize.MEDIUM, EnterpriseSize.MICRO, None)
LANDLINE = "0595-0000"


class Fakes:
    """Draws people and companies from a seed; the same seed gives the same office."""

    def __init__(self, seed: int):
        self.random = Random(seed)  # noqa: S311 - makes demonstration data, keeps no secret
        self.used: set[str] = set()

    def worker(self, born_before: date = date(2004, 1, 1)) -> WorkerInput:
        """A person with a fake identity number (area code 999) and a fake mobile number."""
        gender = self.random.choice((Gender.MALE, Gender.FEMALE))
        name = self.random.choice(SURNAMES) + "".join(
            self.random.choice(GIVEN) for _ in range(self.random.choice((1, 2, 2)))
        )
        return WorkerInput(
            name=name,
            id_type=IdType.RESIDENT,
            id_no=self._id_number(gender, born_before),
            phone=f"1{self.random.choice('3589')}{self.random.choice('0789')}"
            f"{self.random.randrange(10**8):08d}",
            gender=gender,
        )

    def _id_number(self, gender: Gender, born_before: date) -> str:
        while True:
            born = born_before - timedelta(days=self.random.randrange(40 * 365))
            order = self.random.randrange(0, 500) * 2 + (gender is Gender.MALE)
            body = f"999{self.random.randrange(1000):03d}{born:%Y%m%d}{order % 1000:03d}"
            number = body + ric.calc_check_digit(body + "0")
            if number not in self.used:
                self.used.add(number)
                return number

    def employers(self) -> list[EmployerInput]:
        """The companies of the park, one per trade and brand."""
        return [
            self.employer(
                f"晋江示例{brand}{trade}有限公司",
                f"{trade_no}{brand_no}",
                INDUSTRY_OF.get(trade, Industry.MANUFACTURING),
                SIZES[brand_no % len(SIZES)],
            )
            for trade_no, trade in enumerate(TRADES)
            for brand_no, brand in enumerate(BRANDS[:6])
        ]

    def employer(
        self,
        name: str,
        tail: str,
        industry: Industry | None = None,
        size: EnterpriseSize | None = None,
    ) -> EmployerInput:
        """A company with a fake credit code (area 999999) and a right check character."""
        body = f"91999999MA{self.random.randrange(10**5):05d}{tail[:2]}"
        code = body + uscc.calc_check_digit(body + "0")
        contact = f"{LANDLINE}000"
        return EmployerInput(name, code, contact=contact, industry=industry, size=size)

    def amounts(self, total: int, parts: int, unit: int = 100) -> list[int]:
        """Split a sum in fen into uneven parts of whole units that add up exactly."""
        weights = [self.random.uniform(0.4, 2.2) for _ in range(parts)]
        rest, left, out = total, sum(weights), []
        for weight in weights[:-1]:
            share = int(rest * weight / left) // unit * unit
            out.append(share)
            rest, left = rest - share, left - weight
        return [*out, rest]
