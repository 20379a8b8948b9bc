"""Reading a ledger cell by cell: every doubt and every error named by sheet, row and column."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import date

from worker_legal.domain.imports import cells, ledgers
from worker_legal.domain.imports.books import Book, Line
from worker_legal.domain.imports.reading import (
    ERROR,
    USUAL,
    WARNING,
    Finding,
    Reader,
)
from worker_legal.domain.imports.words import METHOD, Vocabulary
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.law import identifiers, money
from worker_legal.law.enums import Channel, DisputeKind, Gender, IdType, Outcome, Stage

SHORTEST_FULL = 8
MASK = "*"
MASKED = N_("证件号码被遮住了，认不出是谁")
PLACE = frozenset({"sheet", "row", "case_no", "series"})
PLACES = ("中心", "站", "室", "点", "园", "园区")


@dataclass(frozen=True)
class Person:
    """A worker as a ledger row has it."""

    name: str
    gender: Gender = Gender.UNKNOWN
    id_type: IdType = IdType.NONE
    id_no: str = ""
    phone: str = ""
    claimed_fen: int = 0
    is_representative: bool = False


@dataclass(frozen=True)
class Injury:
    """One application for work-injury recognition."""

    person: int
    filed_on: date
    injured_on: date | None = None
    accepted_on: date | None = None
    applicant: str = ""
    outcome: Outcome | None = None
    concluded_on: date | None = None
    grade: int | None = None


@dataclass(frozen=True)
class Entry:
    """One case of the ledger, read and understood."""

    serial: int
    sheet: str
    row: int
    registered_on: date
    channel: Channel
    site: str
    kind: DisputeKind
    stage: Stage
    outcome: Outcome | None
    closed_on: date | None
    employer: str
    uscc: str
    handler: str
    story: str
    amount_fen: int | None
    settled_fen: int | None
    people: tuple[Person, ...]
    injuries: tuple[Injury, ...] = ()
    # the number of the case the row was written from, where the ledger came from here
    case_no: str = ""
    # the sheet, where each begins its numbers anew
    series: str = ""

    @property
    def claimed_fen(self) -> int:
        """The amount of the case: its own figure, else what its workers claim."""
        own = sum(person.claimed_fen for person in self.people)
        return self.amount_fen if self.amount_fen is not None else own

    def digest(self) -> str:
        """The same for unchanged cells, also after the file was saved again."""
        values = {name: value for name, value in asdict(self).items() if name not in PLACE}
        return hashlib.sha256(json.dumps(values, default=str, sort_keys=True).encode()).hexdigest()


def check(book: Book, words: Vocabulary | None = None) -> tuple[list[Entry], list[Finding]]:
    """Read a whole ledger; the entries are complete only where there is no error."""
    reader = Reader(words=words or Vocabulary())
    roster = _by_serial(reader, book.roster)
    injuries = _by_serial(reader, book.injuries)
    found = (_entry(reader, line, roster, injuries) for line in book.cases)
    entries = _told_apart([one for one in found if one], bool(roster or injuries))
    _check_numbers(reader, book, entries)
    _check_orphans(reader, book, roster, injuries)
    _tell_missing_columns(reader, book)
    _check_totals(reader, book, entries)
    _check_names(reader, book, entries)
    return entries, reader.findings


def _told_apart(entries: list[Entry], has_more_sheets: bool) -> list[Entry]:
    """Where sheets of one year begin again at 1, the sheet is part of the number.

    Further sheets point to a case by its number alone; beside them numbers have to differ.
    """
    same: dict[tuple[int, int], list[Entry]] = {}
    for entry in entries:
        same.setdefault((entry.registered_on.year, entry.serial), []).append(entry)
    again = [group for group in same.values() if len(group) > 1]
    begin_anew = any(len({entry.sheet for entry in group}) > 1 for group in again)
    # a sheet that says the same again is a copy, and no further ledger
    copied = any(len({entry.digest() for entry in group}) < len(group) for group in again)
    if has_more_sheets or copied or not begin_anew:
        return entries
    return [
        replace(entry, series=entry.sheet, site=entry.site or _site_of(entry.sheet))
        for entry in entries
    ]


def _site_of(sheet: str) -> str:
    """A sheet that is called like a place holds the cases of that place."""
    return sheet if sheet.endswith(PLACES) else ""


def _check_numbers(reader: Reader, book: Book, entries: list[Entry]) -> None:
    lines = {(line.sheet, line.number): line for line in book.cases}
    seen: dict[tuple[str, int, int], int] = {}
    for entry in entries:
        key = entry.series, entry.registered_on.year, entry.serial
        if key in seen:
            line = lines[entry.sheet, entry.row]
            reader.find(line, "serial", ERROR, N_("序号与第%(first)s行重复"), first=seen[key])
        seen[key] = entry.row


def _check_orphans(
    reader: Reader, book: Book, roster: dict[int, list[Line]], injuries: dict[int, list[Line]]
) -> None:
    quiet = Reader()
    serials = {quiet.serial(line) for line in book.cases}
    for lines in (roster, injuries):
        for serial, rows in lines.items():
            for line in rows if serial not in serials else ():
                reader.find(line, "serial", ERROR, N_("台账里没有这个序号"))


def _tell_missing_columns(reader: Reader, book: Book) -> None:
    """Once per sheet: what is taken for granted where the office keeps no such column."""
    for line in {line.sheet: line for line in reversed(book.cases)}.values():
        if "serial" not in line.columns:
            text = N_("没有序号一列，按行的先后编号；以后请把新行加在最后")
            reader.find(line, "serial", WARNING, text)
        if "closed_on" not in line.columns:
            reader.find(line, "closed_on", WARNING, N_("没有结案日期一列，有结果的也按在办导入"))
        for name, code in USUAL.items():
            if name not in line.columns:
                text = (
                    N_("没有“%(column)s”一列，按办理结果推定，推不出的按“%(word)s”导入")
                    if name == METHOD
                    else N_("没有“%(column)s”一列，都按“%(word)s”导入")
                )
                column = ledgers.CASES[name][0]
                reader.find(line, name, WARNING, text, column=column, word=code.label)


def _by_serial(reader: Reader, lines: list[Line]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = {}
    for line in lines:
        serial = reader.serial(line)
        if serial is None:
            reader.find(line, "serial", ERROR, N_("缺少台账序号"))
        else:
            found.setdefault(serial, []).append(line)
    return found


def _entry(
    reader: Reader, line: Line, roster: dict[int, list[Line]], injuries: dict[int, list[Line]]
) -> Entry | None:
    before = reader.errors
    serial = reader.serial(line)
    registered = _past_day(reader, line, "registered_on")
    if serial is None:
        reader.find(line, "serial", ERROR, N_("缺少序号"))
    if registered is None and not _noted(reader, line, "registered_on"):
        reader.find(line, "registered_on", ERROR, N_("缺少登记日期"))
    people = _people(reader, line, roster.get(serial or 0, []))
    stage, outcome = reader.ending(
        line, N_("没有“%(word)s”这种办理方式"), N_("“%(stage)s”没有“%(word)s”这种结果")
    )
    closed = _closing(reader, line, registered, outcome)
    channel = reader.coded(line, "channel", N_("没有“%(word)s”这种来访方式"))
    kind = reader.coded(line, "kind", N_("没有“%(word)s”这种纠纷类型"))
    amount = reader.fen(line, "amount")
    settled = reader.fen(line, "settled")
    employer = cells.name_of(line.cells.get("employer", ""))
    if not employer:
        reader.find(line, "employer", ERROR, N_("缺少用人单位"))
    _check_sums(reader, line, amount, people)
    own_injuries = _injuries(reader, injuries.get(serial or 0, []), people)
    if reader.errors > before or serial is None or registered is None or stage is None:
        return None
    return Entry(
        serial=serial,
        sheet=line.sheet,
        row=line.number,
        registered_on=registered,
        channel=channel,
        site=cells.text_of(line.cells.get("site", "")),
        kind=kind,
        stage=stage,
        outcome=outcome,
        closed_on=closed,
        employer=employer,
        uscc=_code(reader, line),
        handler=cells.name_of(line.cells.get("handler", "")),
        story=cells.text_of(line.cells.get("story", "")),
        amount_fen=amount,
        settled_fen=settled,
        people=people,
        injuries=own_injuries,
        case_no=cells.text_of(line.cells.get(ledgers.CASE_NO, "")),
    )


def _noted(reader: Reader, line: Line, name: str) -> bool:
    return (line.sheet, line.number, line.column(name)) in reader.places


def _past_day(reader: Reader, line: Line, name: str) -> date | None:
    day = reader.day(line, name)
    if day is not None and day > clock.today():
        reader.find(line, name, ERROR, N_("日期晚于今天"))
        return None
    if day is not None and day.year < 1980:
        reader.find(line, name, ERROR, N_("日期太早，请核对年份"))
        return None
    return day


def _code(reader: Reader, line: Line) -> str:
    code = identifiers.normalise_uscc(cells.text_of(line.cells.get("uscc", "")))
    if code:
        for remark in identifiers.check_uscc(code):
            reader.find(line, "uscc", WARNING, remark)
    return code[:18]


def _closing(
    reader: Reader, line: Line, registered: date | None, outcome: Outcome | None
) -> date | None:
    closed = _past_day(reader, line, "closed_on")
    if closed is not None and registered is not None and closed < registered:
        reader.find(line, "closed_on", ERROR, N_("结案日期早于登记日期"))
    said = _noted(reader, line, "result") or _noted(reader, line, METHOD)
    if closed is not None and outcome is None and not said:
        reader.find(line, "result", ERROR, N_("有结案日期但没有结果"))
    has_column = "closed_on" in line.columns
    if closed is None and outcome and has_column and not _noted(reader, line, "closed_on"):
        reader.find(line, "closed_on", WARNING, N_("有结果但没有结案日期，按在办导入"))
    return closed


# --- people ---------------------------------------------------------------------


def _people(reader: Reader, line: Line, roster: list[Line]) -> tuple[Person, ...]:
    stated = reader.cell(line, "people", cells.count_of)
    named = _person(reader, line)
    if roster:
        people = tuple(_person(reader, row, in_roster=True) for row in roster)
        if stated is not None and stated != len(people):
            text = N_("涉及人数写%(stated)s人，名册有%(rows)s人，请核对")
            reader.find(line, "people", ERROR, text, stated=stated, rows=len(people))
        if named.id_no and named.id_no not in {person.id_no for person in people}:
            reader.find(line, "name", WARNING, N_("登记的职工不在名册里，人数以名册为准"))
        _check_twice(reader, roster, people)
        return _with_representatives(reader, line, people)
    others = (stated or 1) - 1
    if others:
        text = N_("没有名册，另外%(n)s人按身份待补登记")
        reader.find(line, "people", WARNING, text, n=others)
    return (named, *(Person(name="") for _ in range(others)))


def _with_representatives(
    reader: Reader, line: Line, people: tuple[Person, ...]
) -> tuple[Person, ...]:
    chosen = sum(person.is_representative for person in people)
    if not chosen or 3 <= chosen <= 5:
        return people
    text = N_("名册里有%(n)s名代表，应为3至5人（办案规则第63条），代表不导入")
    reader.find(line, "people", WARNING, text, n=chosen)
    return tuple(replace(person, is_representative=False) for person in people)


def _check_twice(reader: Reader, roster: list[Line], people: tuple[Person, ...]) -> None:
    seen: set[str] = set()
    for row, person in zip(roster, people, strict=True):
        if person.id_no and person.id_no in seen and MASK not in person.id_no:
            reader.find(row, "id_no", ERROR, N_("同一案件里这个证件号码出现了两次"))
        seen.add(person.id_no)


def _person(reader: Reader, line: Line, in_roster: bool = False) -> Person:
    number = reader.cell(line, "id_no", cells.id_number_of) or ""
    kind = cells.id_type_of(number)
    if MASK in number:
        reader.find(line, "id_no", WARNING, MASKED)
    elif number:
        for remark in identifiers.check_id(kind, number, clock.today()):
            reader.find(line, "id_no", WARNING, remark)
    phone = cells.phone_of(line.cells.get("phone", ""))
    if phone and MASK not in phone:
        for remark in identifiers.check_phone(phone):
            reader.find(line, "phone", WARNING, remark)
    name = cells.name_of(line.cells.get("name", ""))
    if not name:
        reader.find(line, "name", WARNING, N_("没有姓名，按身份待补登记"))
    claimed = reader.fen(line, "amount") if in_roster else 0
    return Person(
        name=name[:60],
        gender=ledgers.GENDERS.get(cells.text_of(line.cells.get("gender", "")), Gender.UNKNOWN),
        id_type=kind,
        id_no=number,
        phone=phone[:30],
        claimed_fen=claimed or 0,
        is_representative=cells.text_of(line.cells.get("representative", "")) == "是",
    )


def _check_sums(reader: Reader, line: Line, amount: int | None, people: tuple[Person, ...]) -> None:
    own = sum(person.claimed_fen for person in people)
    if amount is not None and own and own != amount:
        text = N_("涉及金额%(amount)s元与名册合计%(sum)s元不一致")
        yuan = {"amount": money.format_yuan(amount), "sum": money.format_yuan(own)}
        reader.find(line, "amount", ERROR, text, **yuan)


# --- work injury ------------------------------------------------------------------


def _injuries(reader: Reader, lines: list[Line], people: tuple[Person, ...]) -> tuple[Injury, ...]:
    found = []
    for line in lines:
        injury = _injury(reader, line, people)
        if injury is not None:
            found.append(injury)
    return tuple(found)


def _injury(reader: Reader, line: Line, people: tuple[Person, ...]) -> Injury | None:
    filed = _past_day(reader, line, "filed_on")
    if filed is None:
        if not _noted(reader, line, "filed_on"):
            reader.find(line, "filed_on", ERROR, N_("缺少申请日期"))
        return None
    place = _place(reader, line, people)
    if place is None:
        told = "id_no" if cells.text_of(line.cells.get("id_no", "")) else "name"
        reader.find(line, told, ERROR, N_("这名职工不在该序号的案件里"))
        return None
    word = cells.text_of(line.cells.get("conclusion", ""))
    if word and word not in ledgers.CONCLUSIONS:
        reader.find(line, "conclusion", ERROR, N_("没有“%(word)s”这种认定结论"), word=word[:20])
    days = {
        name: _past_day(reader, line, name)
        for name in ("injured_on", "accepted_on", "concluded_on")
    }
    if days["injured_on"] and days["injured_on"] > filed:
        reader.find(line, "injured_on", ERROR, N_("受伤日期晚于申请日期"))
    applicant = cells.text_of(line.cells.get("applicant", ""))
    return Injury(
        person=place,
        filed_on=filed,
        applicant=ledgers.APPLICANTS.get(applicant, ""),
        outcome=ledgers.CONCLUSIONS.get(word),
        grade=reader.cell(line, "grade", cells.count_of),
        **days,
    )


def _place(reader: Reader, line: Line, people: tuple[Person, ...]) -> int | None:
    number = reader.cell(line, "id_no", cells.id_number_of)
    name = cells.name_of(line.cells.get("name", ""))
    for index, person in enumerate(people):
        if number and person.id_no == number:
            return index
    for index, person in enumerate(people):
        if not number and person.name == name:
            return index
    return None


# --- the whole --------------------------------------------------------------------


def _check_totals(reader: Reader, book: Book, entries: list[Entry]) -> None:
    if reader.has_errors():
        return
    for line in book.totals:
        _check_total(reader, line, entries)


def _check_total(reader: Reader, line: Line, entries: list[Entry]) -> None:
    """A totals row adds up its own sheet, or on the last sheet the whole file."""
    own = [entry for entry in entries if entry.sheet == line.sheet]
    people = reader.cell(line, "people", cells.count_of)
    counted = {sum(len(entry.people) for entry in some): None for some in (own, entries)}
    if people is not None and people not in counted:
        text = N_("合计行写%(stated)s人，逐行相加是%(counted)s人")
        reader.find(line, "people", ERROR, text, stated=people, counted=next(iter(counted)))
    amount = reader.fen(line, "amount")
    added = {sum(entry.claimed_fen for entry in some): None for some in (own, entries)}
    if amount is not None and amount not in added:
        text = N_("合计行写%(stated)s元，逐行相加是%(added)s元")
        yuan = {
            "stated": money.format_yuan(amount),
            "added": money.format_yuan(next(iter(added))),
        }
        reader.find(line, "amount", ERROR, text, **yuan)


def is_short(name: str) -> bool:
    """Whether a name may be a short form, by which no company is known for sure."""
    return len(name) < SHORTEST_FULL or "公司" not in name


def _check_names(reader: Reader, book: Book, entries: list[Entry]) -> None:
    """A name without a code merges nothing; say so where the same name also has a code."""
    with_code = {entry.employer for entry in entries if entry.uscc}
    lines = {(line.sheet, line.number): line for line in book.cases}
    for entry in entries:
        if not entry.uscc and is_short(entry.employer):
            known = entry.employer in with_code
            text = (
                N_("简称没有信用代码，未并入同名单位，请核对后在单位页合并")
                if known
                else N_("只有简称，没有信用代码，单独建立单位，请核对")
            )
            reader.find(lines[entry.sheet, entry.row], "employer", WARNING, text)
