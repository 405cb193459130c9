"""The collection of garbage during one long piece of work without a window."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No cycles are collected meanwhile, as on the lanes of the window.

    An import makes millions of values, none of them in cycles: each collection would go through all that is
    held and find nothing. What is in no cycle is freed at once as ever.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


__all__ = ["uncollected"]
