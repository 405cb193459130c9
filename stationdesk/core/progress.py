"""How long work tells how far it is, and how it is stopped."""

from __future__ import annotations

from typing import Protocol

from typing_extensions import override


class Cancelled(Exception):
    """The worker pressed Cancel; whatever was under way is rolled back."""


class Progress(Protocol):
    """Where long work reports to. Passed in by whoever starts the work."""

    def step(self, done: int, total: int) -> None:
        """Say that `done` of `total` units are finished.

        Raises:
            Cancelled: when the work is to stop. Callers let it pass, so that transactions roll back.
        """

    def say(self, sentence: str) -> None:
        """Name the present part of the work, in the worker's words."""


class NoProgress(Progress):
    """For work nobody watches."""

    @override
    def step(self, done: int, total: int) -> None:
        return

    @override
    def say(self, sentence: str) -> None:
        return


SILENT = NoProgress()
