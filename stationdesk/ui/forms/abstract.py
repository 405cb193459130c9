"""Widgets that are only a beginning: a class of them is made by a subclass that says the rest."""

from __future__ import annotations

from abc import ABCMeta
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    AbstractWidget = ABCMeta  # what a metaclass of Qt is, its stubs do not say
else:

    class AbstractWidget(ABCMeta, type(QWidget)):
        """Refuses to make an object of a class with abstract methods, which Qt's own metaclass does not look at."""

        def __call__(cls, *arguments: Any, **named: Any) -> Any:
            """Make an object."""
            if cls.__abstractmethods__:
                missing = ", ".join(sorted(cls.__abstractmethods__))
                raise TypeError(f"{cls.__name__} is abstract: it lacks {missing}")
            return super().__call__(*arguments, **named)
