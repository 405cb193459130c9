"""What was printed and given out, and the sheets that come back drawn on."""

from datetime import date

from sqlalchemy import UniqueConstraint

from stationdesk.core.fields import INTERNAL, Key, Kind, Place, Spec
from stationdesk.core.vocab.sheets import SheetKind
from stationdesk.db.base import Record, Told, derive, field


class SheetEdition(Record):
    """One edition of a printed map: what stood on it, so that the next can say what is new.

    `content` is JSON: the entries by their number for life, each with what was printed of it. `area` None is
    the whole town.
    """

    __tablename__ = "sheet_edition"
    __title__ = ("kind", "village_key", "number")
    __table_args__ = (UniqueConstraint("kind", "village_key", "number"),)

    kind: Told[SheetKind] = field("图种", width=8)
    village_key: Told[Key | None] = field("范围", link="village", width=8)
    number: Told[int] = field("版次", width=4)
    made_on: Told[date] = field("制作日期", width=6)
    file_name: Told[str | None] = field("文件名", width=14)
    content: Told[str] = field("图上内容", kind=Kind.TEXT, places=INTERNAL)
    note: Told[str | None] = field("备注", kind=Kind.TEXT, width=14)


class CopiesGiven(Record):
    """Copies of an edition that were given out: how many, where to, and when."""

    __tablename__ = "copies_given"
    __title__ = ("given_to",)

    edition_key: Told[Key] = field("版次", link="sheet_edition", width=8)
    given_on: Told[date] = field("发放日期", width=6)
    given_to: Told[str] = field("发放到", width=12, suggested=True, hint="例：五保村村委会、柳河集市")
    copies: Told[int] = field("份数", unit="份", width=4)
    worker_key: Told[Key | None] = field("发放人", link="worker", width=5)
    note: Told[str | None] = field("备注", kind=Kind.TEXT, width=12)


class FieldSheet(Record):
    """A sheet printed to be drawn on (走访图): its number, and where on the ground its corner marks stand.

    `frame` is JSON: the corner marks in millimetres of the paper with their longitude and latitude in WGS-84.
    `basemap_key` is the picture of it that came back.
    """

    __tablename__ = "field_sheet"
    __title__ = ("number",)

    number: Told[str] = field("图号", width=6, unique=True, ordered=True)
    title: Told[str] = field("图名", width=12)
    made_on: Told[date] = field("打印日期", width=6)
    village_key: Told[Key | None] = field("范围", link="village", width=8)
    frame: Told[str] = field("图廓", kind=Kind.TEXT, places=INTERNAL)
    basemap_key: Told[Key | None] = field("收回的底图", link="basemap", places=INTERNAL)
    returned_on: Told[date | None] = field("收回日期", width=6)


derive("sheet_edition", "given", int, Spec("已发放", width=4, unit="份", places=Place.TABLE | Place.SHEET))
