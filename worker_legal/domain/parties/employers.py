"""Employers: known by credit code, with aliases and merges."""

from dataclasses import dataclass

import sqlalchemy as sa

from worker_legal.domain import audit
from worker_legal.domain.parties.models import Employer, EmployerAlias, initials_of, new_uid
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput, NotFound, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import crypto
from worker_legal.infra.db import db
from worker_legal.law import identifiers
from worker_legal.law.enums import EnterpriseSize, Industry


@dataclass(frozen=True)
class EmployerInput:
    """An employer as entered; `employer_id` when one was picked from the suggestions."""

    name: str = ""
    uscc: str = ""
    employer_id: int | None = None
    contact: str = ""
    address: str = ""
    industry: Industry | None = None
    size: EnterpriseSize | None = None
    is_individual: bool = False


def find_or_add_employer(new: EmployerInput) -> Employer:
    """The company that was picked, or has this code, or (without a code) exactly this full name.

    A name alone never merges two companies with codes; it becomes an alias only with the same code.
    A natural person (包工头) is never found by name alone. Raises BadInput without a name.
    """
    if new.employer_id is not None:
        return _survivor(get_employer(new.employer_id))
    name, code = new.name.strip(), identifiers.normalise_uscc(new.uscc)
    known = None if new.is_individual else _find_known(name, code)
    if known is not None:
        if code and name and name != known.name:
            add_alias(known, name)
        return known
    if not name:
        raise BadInput(N_("请填写用人单位名称"), field="employer_name")
    employer = Employer(
        uid=new_uid(),
        name=name,
        initials=initials_of(name),
        uscc=None if new.is_individual else code or None,
        address=new.address,
        industry=new.industry,
        size=new.size,
        is_individual=new.is_individual,
    )
    if new.contact:
        employer.contact_enc = crypto.seal(new.contact, f"employer:contact:{employer.uid}")
    db.session.add(employer)
    db.session.flush()
    return employer


def find_or_add_by_short_name(name: str) -> Employer:
    """The record without a code that bears exactly this short name; it joins no other company."""
    plain = name.strip()
    query = sa.select(Employer).where(
        Employer.name == plain, Employer.uscc.is_(None), Employer.is_individual.is_(False)
    )
    known = db.session.scalar(query.order_by(Employer.id).limit(1))
    if known is not None:
        return _survivor(known)
    employer = Employer(uid=new_uid(), name=plain, initials=initials_of(plain))
    db.session.add(employer)
    db.session.flush()
    return employer


def _find_known(name: str, code: str) -> Employer | None:
    return find_employer_by_code(code) if code else _find_by_name(name)


def find_known_employer(employer_id: int | None, name: str) -> Employer | None:
    """The company that was picked, or that exactly this name, old name or code stands for."""
    if employer_id is not None:
        picked = db.session.get(Employer, employer_id)
        return _survivor(picked) if picked is not None and not picked.is_individual else None
    text = name.strip()
    by_code = find_employer_by_code(text) if not identifiers.check_uscc(text) else None
    return by_code or _find_by_name(text)


def find_employer_by_code(code: str) -> Employer | None:
    """The company of a unified social credit code, or what it was merged into."""
    found = db.session.scalar(
        sa.select(Employer).where(Employer.uscc == identifiers.normalise_uscc(code))
    )
    return _survivor(found) if found else None


def _find_by_name(name: str) -> Employer | None:
    if not name:
        return None
    full = sa.select(Employer).where(Employer.name == name, Employer.is_individual.is_(False))
    alias = sa.select(EmployerAlias.employer_id).where(EmployerAlias.name == name)
    found = [_survivor(row) for row in db.session.scalars(full.order_by(Employer.id))]
    if not found:
        named = sa.select(Employer).where(Employer.id.in_(alias))
        found = [_survivor(row) for row in db.session.scalars(named.order_by(Employer.id))]
    return found[0] if len({row.id for row in found}) == 1 else None


def _survivor(employer: Employer) -> Employer:
    while employer.merged_into_id is not None:
        employer = get_employer(employer.merged_into_id)
    return employer


def get_employer(employer_id: int) -> Employer:
    """One company.

    Raises NotFound.
    """
    employer = db.session.get(Employer, employer_id)
    if employer is None:
        raise NotFound(N_("没有这个单位"))
    return employer


def add_alias(employer: Employer, name: str) -> None:
    """Remember another name of a company."""
    text = name.strip()
    query = sa.select(EmployerAlias.id).where(
        EmployerAlias.employer_id == employer.id, EmployerAlias.name == text
    )
    if text and text != employer.name and db.session.scalar(query) is None:
        db.session.add(EmployerAlias(employer_id=employer.id, name=text))
        db.session.flush()


def aliases_of(employer: Employer) -> list[str]:
    """The other names of a company."""
    query = sa.select(EmployerAlias.name).where(EmployerAlias.employer_id == employer.id)
    return list(db.session.scalars(query.order_by(EmployerAlias.id)))


def suggest_employers(text: str, limit: int = 8) -> list[Employer]:
    """Companies whose name, alias or code contains the text, merged ones as their survivor."""
    wanted = text.strip()
    if not wanted:
        return []
    by_alias = sa.select(EmployerAlias.employer_id).where(
        EmployerAlias.name.contains(wanted, autoescape=True)
    )
    query = sa.select(Employer).where(
        Employer.is_individual.is_(False),
        sa.or_(
            Employer.name.contains(wanted, autoescape=True),
            Employer.uscc.startswith(wanted.upper(), autoescape=True),
            Employer.initials.startswith(wanted.lower(), autoescape=True),
            Employer.id.in_(by_alias),
        ),
    )
    found = db.session.scalars(query.order_by(Employer.name, Employer.id).limit(limit * 2))
    unique = {employer.id: employer for employer in map(_survivor, found)}
    return list(unique.values())[:limit]


def classify_employer(
    actor: Actor, employer: Employer, industry: Industry | None, size: EnterpriseSize | None
) -> None:
    """Put down the industry and the size of a company; none where it is not known."""
    actor.require(Action.EDIT_CASE)
    employer.industry, employer.size = industry, size
    db.session.flush()
    told = {"industry": industry.value if industry else "", "size": size.value if size else ""}
    audit.record(actor, "classify_employer", "employer", employer.id, **told)


def merge_employers(actor: Actor, survivor: Employer, gone: Employer) -> None:
    """Join two records of one company; the names of the other stay as aliases.

    The cases are moved by `cases.follow_merge`. Raises RuleBroken for two different codes.
    """
    actor.require(Action.MERGE_EMPLOYERS)
    if survivor.id == gone.id:
        raise RuleBroken(N_("请选两个不同的单位"))
    if survivor.merged_into_id is not None or gone.merged_into_id is not None:
        raise RuleBroken(N_("这个单位已经并入别的单位，请刷新后再选"))
    if survivor.is_individual or gone.is_individual:
        raise RuleBroken(N_("个人不能与单位合并"))
    if survivor.uscc and gone.uscc and survivor.uscc != gone.uscc:
        raise RuleBroken(N_("两个单位的信用代码不同，不能合并"))
    code = survivor.uscc or gone.uscc
    gone.uscc, gone.merged_into_id = None, survivor.id
    db.session.flush()
    survivor.uscc = code
    survivor.industry = survivor.industry or gone.industry
    survivor.size = survivor.size or gone.size
    for name in (gone.name, *aliases_of(gone)):
        add_alias(survivor, name)
    audit.record(actor, "merge", "employer", survivor.id, merged=gone.id)
