"""Numbers that name people and employers: put in one form, checked, masked (statutes §12).

A check never refuses: it gives back remarks, for a doubtful number must not keep a worker
from being registered.
"""

import re
import unicodedata
from calendar import isleap
from collections.abc import Callable
from datetime import date

import phonenumbers
from stdnum.cn import ric, uscc

from worker_legal.i18n import N_
from worker_legal.law.enums import Gender, IdType

ID_MISSING = N_("没有填写证件号码")
ID_LENGTH = N_("居民身份证号码应为18位：前17位为数字，末位为数字或X")
ID_OLD = N_("15位的旧身份证号码已停用，请核对18位号码")
ID_DATE = N_("证件号码中的出生日期不是真实日期")
ID_FUTURE = N_("证件号码中的出生日期晚于今天")
ID_CHECK_DIGIT = N_("证件号码的校验位不符，请核对是否录错")
ID_IS_HMT = N_("号码以81、82或83开头，应为港澳台居民居住证")
ID_IS_FOREIGN = N_("号码以9开头，应为外国人永久居留身份证")
ID_NOT_HMT = N_("港澳台居民居住证号码应以810000、820000或830000开头")
ID_NOT_FOREIGN = N_("外国人永久居留身份证号码应为9开头的18位号码，或3个字母加12位数字的旧号码")
ID_HM_PASS = N_("港澳居民来往内地通行证号码应为H或M加8位或10位数字")
ID_TW_PASS = N_("台湾居民来往大陆通行证号码应为8位数字")
ID_PASSPORT = N_("护照号码应为5至15位字母或数字")
ID_TYPE_MISSING = N_("填写了证件号码，请选择证件类型")
USCC_MISSING = N_("没有填写统一社会信用代码")
USCC_OLD = N_("15位的是旧营业执照注册号，请尽量核对18位统一社会信用代码")
USCC_FORM = N_("统一社会信用代码应为18位数字和大写字母，不含I、O、S、V、Z")
USCC_CHECK_DIGIT = N_("统一社会信用代码的校验位不符，请核对是否录错")
PHONE_MISSING = N_("没有填写联系电话")
PHONE_SHORT = N_("这是公共服务短号，请核对是否为本人联系电话")
PHONE_MOBILE = N_("手机号码应为11位，以13至19开头")
PHONE_DOUBTFUL = N_("电话号码可能有误，固定电话请加区号")

_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FAKE_AREA = "999"
_HMT_AREAS = ("810000", "820000", "830000")
_OLD_FOREIGN = re.compile(r"[A-Z]{3}[0-9]{12}")
_FORMS = {
    IdType.HM_PASS: (re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"), ID_HM_PASS),
    IdType.TW_PASS: (re.compile(r"[0-9]{8}"), ID_TW_PASS),
    IdType.PASSPORT: (re.compile(r"[A-Z0-9]{5,15}"), ID_PASSPORT),
}
_USCC = re.compile(r"[0-9]{8}[0-9A-HJ-NPQRTUWXY]{10}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_SHORT = re.compile(r"(?:1[0-9]{2}|1[0-9]{4}|9[0-9]{4})")
_COUNTRY = re.compile(r"(?:(?:\+|00)86|86(?=1[3-9][0-9]{9}$))")
_EXTENSION = re.compile(r"(?:转|分机|EXT\.?|X|#)")


def normalise_id(number: str) -> str:
    """One form for an identity or credit code: half-width capitals without spaces or dashes."""
    return re.sub(r"[\s\-·.]", "", unicodedata.normalize("NFKC", number)).upper()


def check_id(kind: IdType, number: str, today: date) -> list[str]:
    """Remarks on an identity number of the kind named; empty when nothing is doubtful."""
    number = normalise_id(number)
    if kind == IdType.NONE:
        return [ID_TYPE_MISSING] if number else []
    if not number:
        return [ID_MISSING]
    if kind in _FORMS:
        form, remark = _FORMS[kind]
        return [] if form.fullmatch(number) else [remark]
    check = _CHECKS.get(kind)
    return check(number, today) if check else []


def _check_resident(number: str, today: date) -> list[str]:
    remarks = _check_eighteen(number, today)
    if number.startswith(_HMT_AREAS):
        remarks.append(ID_IS_HMT)
    elif number.startswith("9") and not number.startswith(_FAKE_AREA):
        remarks.append(ID_IS_FOREIGN)
    return remarks


def _check_hmt(number: str, today: date) -> list[str]:
    remarks = _check_eighteen(number, today)
    return remarks if number.startswith(_HMT_AREAS) else [*remarks, ID_NOT_HMT]


def _check_foreign(number: str, today: date) -> list[str]:
    if _OLD_FOREIGN.fullmatch(number):
        return []
    if not number.startswith("9") or not _EIGHTEEN.fullmatch(number):
        return [ID_NOT_FOREIGN]
    return _check_eighteen(number, today)


_CHECKS: dict[IdType, Callable[[str, date], list[str]]] = {
    IdType.RESIDENT: _check_resident,
    IdType.HMT_RESIDENT: _check_hmt,
    IdType.FOREIGN_PR: _check_foreign,
}


def _check_eighteen(number: str, today: date) -> list[str]:
    if re.fullmatch(r"[0-9]{15}", number):
        return [ID_OLD]
    if not _EIGHTEEN.fullmatch(number):
        return [ID_LENGTH]
    remarks = []
    born = birth_date_of(number)
    if born is None:
        remarks.append(ID_DATE)
    elif born > today:
        remarks.append(ID_FUTURE)
    if ric.calc_check_digit(number) != number[-1]:
        remarks.append(ID_CHECK_DIGIT)
    return remarks


def birth_date_of(number: str) -> date | None:
    """Day of birth written in an 18-digit number, None where there is none."""
    number = normalise_id(number)
    if not _EIGHTEEN.fullmatch(number):
        return None
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def gender_of(number: str) -> Gender:
    """Sex written in an 18-digit number: the 17th digit is odd for men."""
    number = normalise_id(number)
    if not _EIGHTEEN.fullmatch(number):
        return Gender.UNKNOWN
    return Gender.MALE if int(number[16]) % 2 else Gender.FEMALE


def age_on(born: date, day: date) -> int:
    """Full years on a day; the birthday counts, 29 February is reached on the 28th."""
    leapling = (born.month, born.day) == (2, 29) and not isleap(day.year)
    birthday = (2, 28) if leapling else (born.month, born.day)
    return day.year - born.year - ((day.month, day.day) < birthday)


def check_uscc(code: str) -> list[str]:
    """Remarks on an employer's unified social credit code (GB 32100)."""
    code = normalise_id(code)
    if not code:
        return [USCC_MISSING]
    if re.fullmatch(r"[0-9]{15}", code):
        return [USCC_OLD]
    if not _USCC.fullmatch(code):
        return [USCC_FORM]
    return [] if uscc.calc_check_digit(code) == code[-1] else [USCC_CHECK_DIGIT]


def normalise_phone(number: str) -> str:
    """One form for a telephone number: digits only, without +86; an extension follows an x."""
    text = unicodedata.normalize("NFKC", number).strip().upper()
    main, *extension = _EXTENSION.split(text, maxsplit=1)
    main = re.sub(r"[^0-9+]", "", main)
    bare = _COUNTRY.sub("", main, count=1) if _COUNTRY.match(main) else main
    if bare != main and not _MOBILE.fullmatch(bare) and not bare.startswith(("0", "400", "800")):
        bare = f"0{bare}"
    inner = re.sub(r"[^0-9]", "", "".join(extension))
    return f"{bare}x{inner}" if inner else bare


def check_phone(number: str) -> list[str]:
    """Remarks on a telephone number; mobiles, landlines with area code and 400 numbers pass."""
    main = normalise_phone(number).split("x")[0]
    if not main:
        return [PHONE_MISSING]
    if _MOBILE.fullmatch(main):
        return []
    if _SHORT.fullmatch(main):
        return [PHONE_SHORT]
    if len(main) == 11 and main.startswith("1"):
        return [PHONE_MOBILE]
    return [] if _is_reachable(main) else [PHONE_DOUBTFUL]


def _is_reachable(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, "CN"))
    except phonenumbers.NumberParseException:
        return False


def mask_id(number: str) -> str:
    """The number with only the first three and the last four characters legible."""
    number = normalise_id(number)
    if len(number) < 12:
        shown = 2 if len(number) > 4 else 0
        return "*" * (len(number) - shown) + number[len(number) - shown :]
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def mask_phone(number: str) -> str:
    """The number with its middle hidden: "138****0001"."""
    number = normalise_phone(number)
    if _MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    shown = 4 if len(number) > 7 else 2 if len(number) > 4 else 0
    return "*" * (len(number) - shown) + number[len(number) - shown :]


def mask_name(name: str) -> str:
    """The first character of a name, the others as stars: "王**"; nothing of a single one."""
    name = name.strip()
    return f"{name[:1]}{'*' * (len(name) - 1)}" if len(name) > 1 else "*" * len(name)


def normalise_uscc(code: str) -> str:
    """A unified social credit code as it is stored: half-width capitals without spaces."""
    return normalise_id(code)
