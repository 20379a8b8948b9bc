"""A mapping file: what columns and words mean, for the command and for another installation."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from worker_legal.domain.imports import words
from worker_legal.domain.imports.heads import WAN, signature_of
from worker_legal.domain.imports.layouts import Given, Sketch, as_json, layout_from
from worker_legal.domain.imports.words import Asked, Taught
from worker_legal.errors import BadInput
from worker_legal.i18n import N_

VERSION = 1


@dataclass(frozen=True)
class Told:
    """What a mapping file says: layouts by the signature of their heads, and words."""

    layouts: Given
    words: Taught


def mapping_file(sketches: Iterable[Sketch], asked: Iterable[Asked] = ()) -> str:
    """The text of a mapping file; words without a meaning stand in it to be filled in."""
    sheets = [as_json(found.head, found.layout) for found in sketches]
    told = {"version": VERSION, "sheets": sheets, "words": words.as_json(asked)}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def read_mapping(content: bytes) -> Told:
    """What a mapping file says.

    Raises BadInput for what is no such file.
    """
    try:
        told = json.loads(content)
        if told["version"] != VERSION:
            raise BadInput(N_("不认识这一版的列对应文件"), field="mapping")
        layouts = {_signature(kept): layout_from(kept) for kept in told["sheets"]}
        return Told(layouts, words.from_json(told.get("words", ())))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(N_("这不是列对应文件"), field="mapping") from None


def _signature(kept: Mapping[str, Any]) -> str:
    labels = [str(column["head"]) for column in kept["columns"]]
    return signature_of(labels, kept.get("title_unit") == WAN)
