"""Identity numbers, credit codes and telephones as they come to the counter."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from worker_legal.law import identifiers as ids
from worker_legal.law.enums import Gender, IdType

TODAY = date(2026, 11, 23)


def numbered(first17: str) -> str:
    return first17 + ric.calc_check_digit(first17 + "0")


FAKE = numbered("99900019900307002")
HMT = numbered("81000019900307001")
FOREIGN = numbered("91130019900307001")


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (IdType.RESIDENT, "11010519491231002X"),
        (IdType.RESIDENT, "11010519491231002x"),
        (IdType.RESIDENT, "440524 188001010014"),
        (IdType.RESIDENT, "１１０１０５１９４９１２３１００２Ｘ"),
        (IdType.RESIDENT, FAKE),
        (IdType.RESIDENT, numbered("54232119900307002")),
        (IdType.HMT_RESIDENT, HMT),
        (IdType.FOREIGN_PR, FOREIGN),
        (IdType.FOREIGN_PR, "usa310112900101"),
        (IdType.HM_PASS, "H12345678"),
        (IdType.HM_PASS, "M1234567801"),
        (IdType.TW_PASS, "12345678"),
        (IdType.PASSPORT, "E12345678"),
        (IdType.OTHER, "whatever"),
        (IdType.NONE, ""),
    ],
)
def test_says_nothing_about_a_sound_number(kind: IdType, number: str) -> None:
    assert ids.check_id(kind, number, TODAY) == []


@pytest.mark.parametrize(
    ("kind", "number", "remarks"),
    [
        (IdType.RESIDENT, "", [ids.ID_MISSING]),
        (IdType.RESIDENT, "110105491231002", [ids.ID_OLD]),
        (IdType.RESIDENT, "1101051949123100", [ids.ID_LENGTH]),
        (IdType.RESIDENT, "1101051949123100AX", [ids.ID_LENGTH]),
        (IdType.RESIDENT, "110105194912310021", [ids.ID_CHECK_DIGIT]),
        (IdType.RESIDENT, numbered("99900019900230002"), [ids.ID_DATE]),
        (IdType.RESIDENT, numbered("99900020500307002"), [ids.ID_FUTURE]),
        (IdType.RESIDENT, HMT, [ids.ID_IS_HMT]),
        (IdType.RESIDENT, FOREIGN, [ids.ID_IS_FOREIGN]),
        (IdType.HMT_RESIDENT, FAKE, [ids.ID_NOT_HMT]),
        (IdType.FOREIGN_PR, FAKE[:-1], [ids.ID_NOT_FOREIGN]),
        (IdType.FOREIGN_PR, HMT, [ids.ID_NOT_FOREIGN]),
        (IdType.HM_PASS, "K12345678", [ids.ID_HM_PASS]),
        (IdType.TW_PASS, "1234567", [ids.ID_TW_PASS]),
        (IdType.PASSPORT, "E1", [ids.ID_PASSPORT]),
        (IdType.OTHER, " ", [ids.ID_MISSING]),
        (IdType.NONE, "E12345678", [ids.ID_TYPE_MISSING]),
    ],
)
def test_remarks_on_a_doubtful_number(kind: IdType, number: str, remarks: list[str]) -> None:
    assert ids.check_id(kind, number, TODAY) == remarks


@given(st.sampled_from(list(IdType)), st.text(max_size=30))
def test_never_fails_on_any_text(kind: IdType, number: str) -> None:
    assert isinstance(ids.check_id(kind, number, TODAY), list)


@given(st.from_regex(r"[1-7][0-9]{5}19[0-9]{2}0[1-9]1[0-9][0-9]{3}", fullmatch=True))
def test_only_one_last_character_is_right(first17: str) -> None:
    sound = [c for c in "0123456789X" if not ids.check_id(IdType.RESIDENT, first17 + c, TODAY)]
    assert len(sound) == 1


def test_a_person_born_today_is_not_born_in_the_future() -> None:
    assert ids.check_id(IdType.RESIDENT, numbered("99900020261123002"), TODAY) == []


def test_reads_the_day_of_birth() -> None:
    assert ids.birth_date_of(FAKE) == date(1990, 3, 7)


@pytest.mark.parametrize("number", ["", "E12345678", numbered("99900019900230002")])
def test_reads_no_day_of_birth_where_there_is_none(number: str) -> None:
    assert ids.birth_date_of(number) is None


@pytest.mark.parametrize(
    ("number", "gender"),
    [
        (FAKE, Gender.FEMALE),
        (numbered("99900019900307001"), Gender.MALE),
        ("E12345678", Gender.UNKNOWN),
    ],
)
def test_reads_the_sex(number: str, gender: Gender) -> None:
    assert ids.gender_of(number) == gender


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1990, 3, 7), date(2026, 3, 6), 35),
        (date(1990, 3, 7), date(2026, 3, 7), 36),
        (date(2000, 2, 29), date(2026, 2, 27), 25),
        (date(2000, 2, 29), date(2026, 2, 28), 26),
        (date(2000, 2, 29), date(2028, 2, 28), 27),
        (date(2000, 2, 29), date(2028, 2, 29), 28),
        (date(2000, 2, 29), date(2100, 2, 28), 100),
    ],
)
def test_age_is_reached_on_the_birthday(born: date, day: date, age: int) -> None:
    assert ids.age_on(born, day) == age


@pytest.mark.parametrize(
    ("code", "remarks"),
    [
        ("91350100M000100Y43", []),
        ("9135 0100 m000 100y 43", []),
        ("91350100M000100Y42", [ids.USCC_CHECK_DIGIT]),
        ("91350100M000100Y4Z", [ids.USCC_FORM]),
        ("91350100M000100", [ids.USCC_FORM]),
        ("350582600123456", [ids.USCC_OLD]),
        ("", [ids.USCC_MISSING]),
    ],
)
def test_checks_credit_codes(code: str, remarks: list[str]) -> None:
    assert ids.check_uscc(code) == remarks


def test_gives_credit_codes_one_form() -> None:
    assert ids.normalise_uscc("９1350100 m000100y43") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("typed", "one_form"),
    [
        ("138 0000 0001", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("8613800000001", "13800000001"),
        ("008613800000001", "13800000001"),
        ("１３８００００００01", "13800000001"),
        ("(0595)85661234", "059585661234"),
        ("+86 595 8566 1234", "059585661234"),
        ("+86 10 6655 1234", "01066551234"),
        ("0595-85661234转801", "059585661234x801"),
        ("+86 400 800 1234", "4008001234"),
        ("+852 9123 4567", "+85291234567"),
        ("12333", "12333"),
        ("", ""),
    ],
)
def test_gives_telephones_one_form(typed: str, one_form: str) -> None:
    assert ids.normalise_phone(typed) == one_form


@pytest.mark.parametrize(
    ("number", "remarks"),
    [
        ("13800000001", []),
        ("199 1234 5678", []),
        ("0595-85661234", []),
        ("0595-85661234转801", []),
        ("400-800-1234", []),
        ("+852 9123 4567", []),
        ("", [ids.PHONE_MISSING]),
        ("无", [ids.PHONE_MISSING]),
        ("12333", [ids.PHONE_SHORT]),
        ("95588", [ids.PHONE_SHORT]),
        ("12800000001", [ids.PHONE_MOBILE]),
        ("1380000000", [ids.PHONE_DOUBTFUL]),
        ("85661234", [ids.PHONE_DOUBTFUL]),
        ("+999999999999", [ids.PHONE_DOUBTFUL]),
    ],
)
def test_checks_telephones(number: str, remarks: list[str]) -> None:
    assert ids.check_phone(number) == remarks


@given(st.text(max_size=30))
def test_never_fails_on_any_telephone(number: str) -> None:
    assert isinstance(ids.check_phone(number), list)


@given(st.text(max_size=30))
def test_the_one_form_of_a_telephone_is_stable(number: str) -> None:
    once = ids.normalise_phone(number)
    assert ids.normalise_phone(once) == once


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        (FAKE[:-1] + "X", "999***********002X"),
        ("H12345678", "*******78"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_masks_identity_numbers(number: str, masked: str) -> None:
    assert ids.mask_id(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+86 138 0000 0001", "138****0001"),
        ("0595-85661234", "********1234"),
        ("12333", "***33"),
        ("110", "***"),
    ],
)
def test_masks_telephones(number: str, masked: str) -> None:
    assert ids.mask_phone(number) == masked


@pytest.mark.parametrize(
    ("name", "masked"), [("王小明", "王**"), ("张三", "张*"), ("李", "*"), ("", "")]
)
def test_masks_names(name: str, masked: str) -> None:
    assert ids.mask_name(name) == masked
