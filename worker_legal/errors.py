"""The six errors of the domain; every door turns them into a page, a field error or JSON."""

from typing import Any


class WorkerLegalError(Exception):
    """A refusal that people read: a Chinese sentence with %(name)s places and its parameters."""

    status = 500

    def __init__(self, text: str, *, code: str = "", field: str | None = None, **params: Any):
        super().__init__(text)
        self.text = text
        self.code = code or type(self).__name__
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return self.text % self.params if self.params else self.text


class NotAllowed(WorkerLegalError):
    """The actor may not do this."""

    status = 403


class NotFound(WorkerLegalError):
    """There is no such row, or it lies outside what the actor may see."""

    status = 404


class StaleEdit(WorkerLegalError):
    """Somebody else saved the row since the form was opened."""

    status = 409


class RuleBroken(WorkerLegalError):
    """The office or the statute does not allow this now; the sentence says what to do."""

    status = 422


class BadInput(WorkerLegalError):
    """A value cannot be right; `field` names the form field."""

    status = 422


class OutsideFailure(WorkerLegalError):
    """A service outside the program did not do its part."""

    status = 502
