"""What of a record may stand in a file for somebody else, and what of it never does.

The guard of each field decides, as in ledgers. Beyond it: where somebody lives or shelters whose address is kept
secret is in no file at all; a phone and a name go out when the person agreed to it; what only the station's own
work needs (who collected it, whom it may be shown to) stays at home.
"""

from __future__ import annotations

from stationdesk.core.fields import Field, Guard, Kind, Value, Values
from stationdesk.core.messages import _
from stationdesk.core.vocab import Audience, ResourceStatus
from stationdesk.services.withheld import SECRET_PLACE

_OWN_BUSINESS = frozenset(
    {
        "collected_by",
        "collected_on",
        "confidential",
        "contact_public",
        "do_not_contact",
        "printable",
        "source",
        "state_of_use",
        "verify_due",
    }
)
"""What the station notes of a resource for itself."""


def stays_behind(record: str, values: Values, audience: Audience) -> str:
    """Why a record as a whole is not in the file; empty when it is."""
    if record != "resource":
        return ""
    if values["status"] is ResourceStatus.WITHDRAWN:
        return _("已撤的资源")
    if values["status"] is ResourceStatus.DRAFT:
        return _("还没补全的草稿")
    if audience is Audience.PUBLIC and not values["printable"]:
        return _("没有勾选“可上图打印”")
    return ""


def shows_place(record: str, values: Values) -> bool:
    """Whether it may be told where it is: never where the address is secret, whoever asks."""
    return record != "resource" or not values["confidential"]


def may_tell(field: Field, values: Values, audience: Audience) -> bool:
    """Whether a field of a record stands in a file for `audience`; `values` are those of the whole record.

    A field that is told may still have to be masked, see `is_masked`.
    """
    if field.spec.link == "person":
        return False  # who is a client of the station is no part of a directory
    if values.get("confidential") and field.key in SECRET_PLACE:
        return False
    if not audience.is_masked:
        return True
    if field.spec.guard is Guard.DROPPED or (field.record == "resource" and field.key in _OWN_BUSINESS):
        return False
    if field.spec.guard is Guard.MASKED and field.spec.kind is Kind.PHONE:
        return _agreed(field, values)  # half a number serves nobody
    return True


def is_masked(field: Field, values: Values, audience: Audience) -> bool:
    """Whether a field that is told goes through its mask."""
    return audience.is_masked and field.spec.guard is Guard.MASKED and not _agreed(field, values)


def _agreed(field: Field, values: Values) -> bool:
    """Whether the contact of a resource agreed that this is public."""
    public: Value = values.get("contact_public")
    if field.record != "resource" or public is None or values.get("do_not_contact"):
        return False
    return bool(public.shows_phone if field.spec.kind is Kind.PHONE else public.shows_name)
