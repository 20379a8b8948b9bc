"""Bringing a checked ledger into the books through the same functions as a clerk's entries."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from worker_legal.domain import access, audit, org, parties
from worker_legal.domain.access import User
from worker_legal.domain.cases import closing, intake, projection, service
from worker_legal.domain.cases.models import Case, CaseEvent
from worker_legal.domain.imports import books, check, layouts, words
from worker_legal.domain.imports.books import Book
from worker_legal.domain.imports.check import Entry, Person
from worker_legal.domain.imports.layouts import Given, Sketch
from worker_legal.domain.imports.mapping import mapping_file
from worker_legal.domain.imports.models import LONGEST_SOURCE, ImportBatch, ImportRow
from worker_legal.domain.imports.reading import ERROR, Finding
from worker_legal.domain.imports.returning import Place, returned
from worker_legal.domain.imports.words import Asked, Taught, Vocabulary
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.parties import EmployerInput, WorkerInput
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.infra.spreadsheets import read_workbook
from worker_legal.law.enums import EventKind, OrgKind, Outcome, Stage
from worker_legal.law.stages import ENDED

DEFAULT_PREFIX = "职调"
SUFFIXES = {"中心": OrgKind.STATION, "站": OrgKind.STATION, "室": OrgKind.ROOM, "点": OrgKind.POINT}
MONEY_OF = {
    Stage.MEDIATION: "agreed_fen",
    Stage.ARBITRATION: "awarded_fen",
    Stage.LITIGATION: "awarded_fen",
}
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Preview:
    """What an import would do: the totals, every finding, and where each site name goes."""

    entries: list[Entry]
    findings: list[Finding]
    sites: Mapping[str, str]
    unchanged: int
    year: int
    sketches: tuple[Sketch, ...] = ()
    # the rows that are cases of this system, wherever they were registered
    own: frozenset[Place] = frozenset()
    # the words in its cells that only the office can know
    words: tuple[Asked, ...] = ()

    @property
    def cases(self) -> int:
        """Cases in the file."""
        return len(self.entries)

    @property
    def person_times(self) -> int:
        """Workers added up over the cases."""
        return sum(len(entry.people) for entry in self.entries)

    @property
    def people(self) -> int:
        """Distinct persons; unidentified ones count each time."""
        everyone = [person for entry in self.entries for person in entry.people]
        known = {person.id_no for person in everyone if person.id_no}
        return len(known) + sum(not person.id_no for person in everyone)

    @property
    def amount_fen(self) -> int:
        """Claims added up, in fen."""
        return sum(entry.claimed_fen for entry in self.entries)

    @property
    def work_injury_people(self) -> int:
        """Persons for whom recognition was applied for."""
        return sum(len(entry.injuries) for entry in self.entries)

    @property
    def has_errors(self) -> bool:
        """Whether anything stops the import."""
        return any(finding.severity == ERROR for finding in self.findings)


@dataclass(frozen=True)
class Result:
    """What an import did."""

    added: int
    unchanged: int


def require_import(actor: Actor) -> None:
    """Refuse who may not import for the whole office."""
    centre = org.find_centre()
    actor.require(Action.IMPORT_LEDGER, centre.id if centre else None)


def sketches(actor: Actor, content: bytes, given: Given | None = None) -> list[Sketch]:
    """What the columns of a file mean so far, one sketch per kind of head.

    Raises BadInput for what is no ledger at all.
    """
    require_import(actor)
    return layouts.sketch(books.find_heads(read_workbook(content)), given)


def mapping_of(actor: Actor, content: bytes, given: Given | None = None) -> str:
    """The mapping file of a ledger: its columns and, once those are settled, its strange words."""
    found = sketches(actor, content, given)
    asked = preview(actor, content, given).words if layouts.is_settled(found) else ()
    return mapping_file(found, asked)


def confirm(actor: Actor, content: bytes, chosen: Given) -> None:
    """Remember what the columns of this file mean; files with the same head are not asked again.

    Raises BadInput when a needed field has no column or two.
    """
    for found in sketches(actor, content, chosen):
        if found.head.signature in chosen:
            layouts.remember(actor.user_id, found.head, found.layout)
    if all(layout.kind != layouts.CASES for layout in chosen.values()):
        raise BadInput(N_("至少一张表要是接访台账"), field="columns")
    audit.record(actor, "learn_ledger", "ledger_mapping", None, sheets=len(chosen))


def preview(
    actor: Actor,
    content: bytes,
    given: Given | None = None,
    source: str = "",
    told: Taught | None = None,
) -> Preview:
    """Read and check a ledger without writing anything; the dry run equals the run.

    Columns mean what `given` says, else what the office confirmed before, else what they seem;
    words what `told` says, else what the office said before. Of several ledgers with the same
    numbers `source` says which one it is.
    """
    require_import(actor)
    book = books.read_book(read_workbook(content), given)
    vocabulary = Vocabulary({**words.taught(), **(told or {})})
    entries, findings = check.check(book, vocabulary)
    office = org.find_office()
    prefix = office.prefix if office else DEFAULT_PREFIX
    back = returned(actor, book, entries)
    if len(back.places) == len(entries):  # everybody is known, by the case
        findings = [found for found in findings if found.text != check.MASKED]
    entries = back.entries
    findings += back.conflicts
    new = [entry for entry in entries if (entry.sheet, entry.row) not in back.places]
    known = ((entry, _known_digest(prefix, source, entry)) for entry in new)
    is_same = [(entry, digest == entry.digest()) for entry, digest in known if digest is not None]
    unchanged = back.unchanged + sum(same for _, same in is_same)
    other = [entry for entry, same in is_same if not same]
    findings += [_is_other(book, entry) for entry in other]
    year = entries[0].registered_on.year if entries else clock.today().year
    sites = site_mapping(entries)
    asked = tuple(vocabulary.asked())
    return Preview(entries, findings, sites, unchanged, year, book.sketches, back.places, asked)


def _ledger_of(source: str, entry: Entry) -> str:
    """Which ledger a row is numbered in: the one named, and its sheet where sheets count anew."""
    return "/".join(filter(None, (source, entry.series)))[:LONGEST_SOURCE]


def _is_other(book: Book, entry: Entry) -> Finding:
    """The row with this number came in before, and said something else."""
    text = N_(
        "序号%(serial)s已经导入过，内容与上次不同；请在案件里更正，或恢复原来的内容；"
        "是另一份台账的，请写明是哪一份"
    )
    line = next(at for at in book.cases if (at.sheet, at.number) == (entry.sheet, entry.row))
    return Finding(
        entry.sheet, entry.row, line.column("serial"), ERROR, text, {"serial": entry.serial}
    )


def commit(
    actor: Actor,
    content: bytes,
    filename: str,
    progress: Progress = lambda _done, _all: None,
    given: Given | None = None,
    source: str = "",
    told: Taught | None = None,
) -> Result:
    """Bring a ledger into the books, whole or not at all.

    Raises RuleBroken while a cell is wrong; rows imported before with the same cells are skipped.
    """
    found = preview(actor, content, given, source, told)
    if found.has_errors:
        wrong = sum(finding.severity == ERROR for finding in found.findings)
        raise RuleBroken(
            N_("台账有%(n)s处错误，改好后再导入；什么都没有写入"), code="ledger_errors", n=wrong
        )
    for one in found.sketches:
        if given and one.head.signature in given:
            layouts.remember(actor.user_id, one.head, one.layout)
    words.remember(actor, told or {})
    _ensure_office(found.entries)
    importer = _Importer(replace(actor, is_system=True), found.entries)
    prefix = org.get_office().prefix
    strange = [entry for entry in found.entries if (entry.sheet, entry.row) not in found.own]
    new = [entry for entry in strange if _known_digest(prefix, source, entry) is None]
    if not new:
        return Result(0, found.unchanged)
    batch = _add_batch(actor, content, filename, found, source)
    for done, entry in enumerate(sorted(new, key=lambda entry: entry.serial), start=1):
        ledger = _ledger_of(source, entry)
        case = importer.add(entry, f"{prefix}:{ledger}" if ledger else prefix)
        db.session.add(
            ImportRow(
                batch_id=batch.id,
                prefix=prefix,
                source=ledger,
                year=entry.registered_on.year,
                serial=entry.serial,
                digest=entry.digest(),
                case_id=case.id,
            )
        )
        progress(done, len(new))
    _mark_end(batch)
    audit.record(actor, "import_ledger", "import_batch", batch.id, cases=len(new))
    db.session.flush()
    return Result(len(new), found.unchanged)


def _mark_end(batch: ImportBatch) -> None:
    """What happens in these cases from here on was not the import."""
    db.session.flush()
    ids = sa.select(ImportRow.case_id).where(ImportRow.batch_id == batch.id)
    last = sa.select(sa.func.max(CaseEvent.id)).where(CaseEvent.case_id.in_(ids))
    batch.last_event_id = db.session.scalar(last)


def _add_batch(
    actor: Actor, content: bytes, filename: str, found: Preview, source: str
) -> ImportBatch:
    batch = ImportBatch(
        sha256=hashlib.sha256(content).hexdigest(),
        filename=filename[:200],
        source=source,
        year=found.year,
        imported_at=clock.now(),
        imported_by=actor.user_id,
        cases=found.cases,
        people=found.people,
        amount_fen=found.amount_fen,
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def _known_digest(prefix: str, source: str, entry: Entry) -> str | None:
    query = sa.select(ImportRow.digest).where(
        ImportRow.prefix == prefix,
        ImportRow.source == _ledger_of(source, entry),
        ImportRow.year == entry.registered_on.year,
        ImportRow.serial == entry.serial,
    )
    return db.session.scalar(query)


def batches() -> list[ImportBatch]:
    """The ledgers that were read in, the latest first."""
    return list(db.session.scalars(sa.select(ImportBatch).order_by(ImportBatch.id.desc())))


# --- sites and handlers -------------------------------------------------------------


def site_mapping(entries: list[Entry]) -> dict[str, str]:
    """Each site name of the ledger and the site it goes to; new ones are marked with 新建."""
    known = {unit.name: unit for unit in org.tree()}
    names = list(dict.fromkeys(entry.site for entry in entries if entry.site))
    centre = next((unit for unit in known.values() if unit.kind is OrgKind.CENTRE), None)
    mapping = {}
    for name in names:
        unit = known.get(name) or _centre_by_name(name, centre)
        kind = _kind_of(name, names, centre)
        mapping[name] = unit.name if unit else f"{NEW_SITE}（{kind.label}）"
    return mapping


NEW_SITE = N_("新建")


def _centre_by_name(name: str, centre: OrgUnit | None) -> OrgUnit | None:
    same = (
        centre is not None
        and name.endswith("中心")
        and (centre.name.endswith(name) or name.endswith(centre.name))
    )
    return centre if same else None


def _kind_of(name: str, names: list[str], centre: OrgUnit | None) -> OrgKind:
    if centre is None and name == _first_centre(names):
        return OrgKind.CENTRE
    for suffix, kind in SUFFIXES.items():
        if name.endswith(suffix):
            return kind
    return OrgKind.POINT


def _first_centre(names: list[str]) -> str | None:
    return next((name for name in names if name.endswith("中心")), None)


def _ensure_office(entries: list[Entry]) -> None:
    """A ledger may come into an empty house: its own centre then becomes the office."""
    system = Actor.system("import")
    names = list(dict.fromkeys(entry.site for entry in entries if entry.site))
    centre_name = _first_centre(names) or "职工法律服务中心"
    if org.find_office() is None:
        org.set_up_office(system, name=centre_name, prefix=DEFAULT_PREFIX)
    if not org.tree():
        org.add_unit(system, OrgKind.CENTRE, centre_name, "ZX", services=tuple(Stage))


class _Importer:
    """Keeps the sites and handlers found so far while the rows go in."""

    def __init__(self, actor: Actor, entries: list[Entry]):
        self.actor = actor
        self.centre = org.centre()
        self.sites = {unit.name: unit for unit in org.tree()}
        self.handlers = {user.display_name: user for user in access.users()}
        self.names = list(dict.fromkeys(entry.site for entry in entries if entry.site))
        self.full_names: dict[str, str] = {}
        for entry in entries:
            if len(entry.employer) > len(self.full_names.get(entry.uscc, "")):
                self.full_names[entry.uscc] = entry.employer

    def employer(self, entry: Entry) -> int:
        """The company of a row; a short name without a code joins no other company."""
        if entry.uscc:
            full = EmployerInput(name=self.full_names[entry.uscc], uscc=entry.uscc)
            company = parties.find_or_add_employer(full)
            parties.add_alias(company, entry.employer)
        elif check.is_short(entry.employer):
            company = parties.find_or_add_by_short_name(entry.employer)
        else:
            company = parties.find_or_add_employer(EmployerInput(name=entry.employer))
        return company.id

    def site(self, name: str) -> OrgUnit:
        """The site of a name, made under the centre when it is missing."""
        if not name:
            return self.centre
        unit = self.sites.get(name) or _centre_by_name(name, self.centre)
        if unit is None:
            kind = _kind_of(name, self.names, self.centre)
            code = f"TZ{len(self.sites) + 1:02d}"
            unit = org.add_unit(self.actor, kind, name, code, self.centre, tuple(Stage))
        self.sites[name] = unit
        return unit

    def handler(self, name: str) -> User | None:
        """The person of a name; an unknown one gets an account that cannot sign in."""
        if not name:
            return None
        if name not in self.handlers:
            self.handlers[name] = access.add_nameless_account(name, self.centre.id)
        return self.handlers[name]

    def add(self, entry: Entry, ledger: str) -> Case:
        """One row of the ledger as a case with its proceedings, events and outcome."""
        handler = self.handler(entry.handler)
        new = _new_case(entry, self.site(entry.site), handler, ledger)
        employer = intake.NewRespondent(EmployerInput(employer_id=self.employer(entry)))
        case = intake.register(self.actor, replace(new, respondents=[employer]))
        proceeding = projection.proceedings_of(case)[0]
        self._walk(case, proceeding.id, entry)
        self._add_injuries(case, entry)
        still = [p for p in projection.proceedings_of(case) if p.status not in ENDED]
        if entry.outcome is not None and entry.closed_on is not None and not still:
            last = max(
                [
                    entry.closed_on,
                    *(p.concluded_on or date.min for p in projection.proceedings_of(case)),
                ]
            )
            closing.close(self.actor, case, last, entry.outcome)
        return case

    def _walk(self, case: Case, proceeding_id: int, entry: Entry) -> None:
        if entry.outcome is None or entry.closed_on is None:
            return
        if entry.outcome is Outcome.WITHDRAWN:
            payload = {"reason": "台账：撤回"}
            self._record(case, proceeding_id, EventKind.WITHDRAWN, entry.closed_on, payload)
            return
        self._record(case, proceeding_id, EventKind.ACCEPTED, entry.registered_on, {})
        result: dict[str, object] = {"outcome": entry.outcome.value}
        if entry.settled_fen:
            result[MONEY_OF.get(entry.stage, "agreed_fen")] = entry.settled_fen
        self._record(case, proceeding_id, EventKind.CONCLUDED, entry.closed_on, result)

    def _record(
        self,
        case: Case,
        proceeding_id: int,
        kind: EventKind,
        on: date,
        payload: Mapping[str, object],
    ) -> None:
        new = service.NewEvent(kind, on, proceeding_id, payload)
        service.record_event(self.actor, case, new)

    def _add_injuries(self, case: Case, entry: Entry) -> None:
        parties = service.active_workers(case)
        for injury in entry.injuries:
            facts: dict[str, object] = {"applicant": injury.applicant}
            if injury.injured_on:
                facts["injured_on"] = injury.injured_on.isoformat()
            proceeding = service.open_proceeding(
                self.actor,
                case,
                service.NewProceeding(
                    stage=Stage.WORK_INJURY,
                    filed_on=injury.filed_on,
                    party_ids=[parties[injury.person].id],
                    facts=facts,
                    note=f"台账记伤残等级：{injury.grade}级" if injury.grade else "",
                ),
            )
            if injury.accepted_on:
                self._record(case, proceeding.id, EventKind.ACCEPTED, injury.accepted_on, {})
            if injury.outcome and injury.concluded_on and injury.accepted_on:
                result = {"outcome": injury.outcome.value}
                self._record(case, proceeding.id, EventKind.CONCLUDED, injury.concluded_on, result)


def _new_case(entry: Entry, site: OrgUnit, handler: User | None, ledger: str) -> intake.NewCase:
    alone = len(entry.people) == 1
    facts = intake.FactDates(
        injured_on=entry.injuries[0].injured_on if len(entry.injuries) == 1 and alone else None
    )
    return intake.NewCase(
        site_id=site.id,
        channel=entry.channel,
        dispute_kind=entry.kind,
        registered_on=entry.registered_on,
        workers=[_new_party(person, entry if alone else None) for person in entry.people],
        respondents=[],
        first_stage=entry.stage,
        claimed_fen=entry.amount_fen,
        facts=facts,
        story=entry.story,
        handler_id=handler.id if handler else None,
        source="ledger",
        external_ref=f"{ledger}:{entry.registered_on.year}:{entry.serial}",
    )


def _new_party(person: Person, alone: Entry | None) -> intake.NewParty:
    whole = alone.amount_fen if alone else None
    claimed = person.claimed_fen if whole is None else whole
    return intake.NewParty(
        worker=WorkerInput(
            name=person.name,
            id_type=person.id_type,
            id_no=person.id_no,
            phone=person.phone,
            gender=person.gender,
        ),
        claimed_fen=claimed,
        is_representative=person.is_representative,
    )
