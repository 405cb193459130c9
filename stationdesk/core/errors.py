"""Two kinds of failure: what a person can mend, and bugs.

Everything a worker can put right is a `UserError` whose text is the sentence they read: what
happened, why, and what to do next. Any other exception is a bug and reaches the crash dialog.
"""

from __future__ import annotations

from typing_extensions import override

from stationdesk.core.messages import _


class UserError(Exception):
    """A problem the worker can mend, told in their words.

    `template` is translated first and filled in with `values` afterwards, so that station text can
    never be taken for a template.
    """

    def __init__(self, template: str, /, **values: object) -> None:
        super().__init__(template)
        self.template = template
        self.values = values

    @override
    def __str__(self) -> str:
        return _(self.template).format(**self.values) if self.values else _(self.template)


class Stale(UserError):
    """The same field was changed elsewhere since it was read; nothing was overwritten."""


class InUse(UserError):
    """The record cannot go because others point to it."""


class WrongPassword(UserError):
    """The password does not open the station."""


class DamagedFile(UserError):
    """A file of the station is damaged, as far as that can be told."""


class NewerFile(UserError):
    """The file was made by a newer version of the program; it is left untouched."""


class AlreadyOpen(UserError):
    """The station is open in another window or program on this machine."""
