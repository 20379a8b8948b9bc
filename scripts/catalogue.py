"""The English catalogue: `update` takes in new texts, `missing` lists them, `compile` makes .mo."""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "worker_legal" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
MO = PO.with_suffix(".mo")
SOURCES = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2)}


def main(arguments: list[str]) -> int:
    """Do what the command line asks for."""
    command = arguments[0] if len(arguments) == 1 else ""
    if command == "update":
        update()
    elif command == "missing":
        sys.stdout.writelines(f"{text}\n" for text in missing())
    elif command == "compile":
        MO.write_bytes(compiled())
    else:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    return 0


def extract() -> Catalog:
    """Every marked text of the code and the templates."""
    catalog = Catalog(locale="en", project="worker-legal", fuzzy=False)
    for folder in ("worker_legal", "templates"):
        found = extract_from_dir(ROOT / folder, SOURCES, keywords=KEYWORDS)
        for name, _, text, _, context in found:
            catalog.add(text, locations=[(f"{folder}/{name}", 1)], context=context)
    return catalog


def load() -> Catalog:
    """The catalogue as the translator left it."""
    if not PO.exists():
        return Catalog(locale="en", project="worker-legal", fuzzy=False)
    with PO.open("rb") as source:
        return read_po(source, locale="en")


def update() -> None:
    """Take new texts in, let unused ones go, keep every translation."""
    catalog = load()
    catalog.update(extract(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    save(catalog)


def save(catalog: Catalog) -> None:
    """Write the catalogue for the translator, and the form the program reads."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    written = BytesIO()
    write_po(written, catalog, width=100, sort_output=True, include_lineno=False)
    PO.write_bytes(written.getvalue().rstrip() + b"\n")
    MO.write_bytes(compiled())


def missing() -> list[str]:
    """Texts without a finished English sentence."""
    catalog = load()
    return sorted(
        str(message.id)
        for message in extract()
        if message.id and not is_done(catalog.get(message.id, message.context))
    )


def is_done(message: Message | None) -> bool:
    """Whether a text has a translation that is not a guess."""
    if message is None or message.fuzzy:
        return False
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(texts)


def compiled() -> bytes:
    """The catalogue in the form the program reads."""
    made = BytesIO()
    write_mo(made, load())
    return made.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
