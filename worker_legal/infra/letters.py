"""What leaves the program: a message with the name under which repeats are recognised."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """One message outside; `id` stays the same at every try, so receivers can drop repeats."""

    id: str
    to: str
    subject: str
    text: str


class Carrier(Protocol):
    """One way of sending."""

    def send(self, letter: Letter) -> str:
        """Hand a message over and give the reference of the receiving server.

        Raises OutsideFailure; its code says whether the way is down or the message refused.
        """
        ...
