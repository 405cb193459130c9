"""Where things are: villages and their groups, what the station draws, and the place of a record."""

from datetime import date

from stationdesk.core.fields import EVERYWHERE, INTERNAL, OFF_TABLE, Key, Kind, Place, Search
from stationdesk.core.masks import mask_phone
from stationdesk.core.vocab import Datum, DatumOrigin, Precision
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.db.base import Record, Told, field
from stationdesk.db.slots import OwnSlots

_UNPRINTED = Place.FORM | Place.IMPORT | Place.HISTORY


class Located:
    """A place in WGS-84, beside the text and the datum it came with."""

    latitude: Told[float | None] = field(
        "纬度",
        kind=Kind.LATITUDE,
        places=_UNPRINTED,
        page="位置",
        aliases=("lat", "纬度（WGS-84）", "Y", "y坐标"),
    )
    longitude: Told[float | None] = field(
        "经度",
        kind=Kind.LONGITUDE,
        places=_UNPRINTED,
        page="位置",
        aliases=("lon", "lng", "long", "X", "x坐标"),
    )
    precision: Told[Precision | None] = field("位置精度", places=_UNPRINTED, page="位置")
    place_datum: Told[Datum | None] = field("原坐标系", places=INTERNAL, page="位置")
    place_text: Told[str | None] = field("原坐标", places=INTERNAL, page="位置")
    place_origin: Told[DatumOrigin | None] = field("坐标来源", places=INTERNAL, page="位置")


class Village(Located, OwnSlots, Record):
    """A village or community (村居) with its fact sheet."""

    __tablename__ = "village"

    code: Told[str | None] = field(
        "村居代码",
        width=8,
        ordered=True,
        unique=True,
        search=Search.DIGITS,
        aliases=("区划代码", "统计用区划代码", "代码", "code", "villageCode"),
        hint="12 位统计用区划代码",
    )
    name: Told[str] = field(
        "村居名称",
        width=10,
        ordered=True,
        search=Search.NAME,
        aliases=("村居", "村（居）", "村名", "社区名称", "name", "名称"),
    )
    secretary: Told[str | None] = field(
        "支书", width=5, places=OFF_TABLE | Place.TABLE, aliases=("书记", "村支书")
    )
    phone: Told[str | None] = field(
        "村居电话", kind=Kind.PHONE, mask=mask_phone, search=Search.DIGITS, aliases=("联系电话", "电话")
    )
    address: Told[str | None] = field("村委会地址", width=16, places=OFF_TABLE, aliases=("地址", "办公地址"))
    area: Told[float | None] = field("面积", unit="平方公里", page="基本情况", places=OFF_TABLE)
    households: Told[int | None] = field("总户数", unit="户", page="基本情况", aliases=("户数",))
    population: Told[int | None] = field("户籍人口", unit="人", page="基本情况", aliases=("人口", "总人口"))
    residents: Told[int | None] = field("常住人口", unit="人", page="基本情况", places=OFF_TABLE)
    over_60: Told[int | None] = field("60 岁以上", unit="人", page="基本情况", places=OFF_TABLE)
    over_80: Told[int | None] = field("80 岁以上", unit="人", page="基本情况", places=OFF_TABLE)
    children: Told[int | None] = field("儿童", unit="人", page="基本情况", places=OFF_TABLE)
    low_income: Told[int | None] = field("低保", unit="人", page="基本情况", places=OFF_TABLE)
    destitute: Told[int | None] = field("特困", unit="人", page="基本情况", places=OFF_TABLE)
    marginal: Told[int | None] = field("低保边缘", unit="人", page="基本情况", places=OFF_TABLE)
    disabled: Told[int | None] = field("残疾人", unit="人", page="基本情况", places=OFF_TABLE)
    left_behind: Told[int | None] = field("留守老人儿童", unit="人", page="基本情况", places=OFF_TABLE)
    industry: Told[str | None] = field("主要产业", width=16, page="基本情况", places=OFF_TABLE)
    surnames: Told[str | None] = field("主要姓氏民族", width=16, page="基本情况", places=OFF_TABLE)
    organisations: Told[int | None] = field("社会组织数", unit="个", page="基本情况", places=OFF_TABLE)
    volunteers: Told[int | None] = field("志愿者数", unit="人", page="基本情况", places=OFF_TABLE)
    director: Told[str | None] = field("主任", page="联系人", places=OFF_TABLE)
    women_chair: Told[str | None] = field("妇联主席", page="联系人", places=OFF_TABLE)
    child_officer: Told[str | None] = field("儿童主任", page="联系人", places=OFF_TABLE)
    doctor: Told[str | None] = field("村医", page="联系人", places=OFF_TABLE)
    doctor_phone: Told[str | None] = field(
        "村医电话", kind=Kind.PHONE, mask=mask_phone, page="联系人", places=OFF_TABLE
    )
    since: Told[date | None] = field("启用日期", places=_UNPRINTED, page="备注")
    until: Told[date | None] = field("撤销日期", places=_UNPRINTED, page="备注")
    note: Told[str | None] = field(
        "备注", kind=Kind.TEXT, width=16, page="备注", places=OFF_TABLE, search=Search.WORDS
    )


class VillageGroup(Record):
    """A villagers' group or grid (村民组、网格) of a village, with its area as drawn."""

    __tablename__ = "village_group"
    __title__ = ("village_key", "name")

    village_key: Told[Key] = field("村居", link="village", width=8)
    name: Told[str] = field(
        "组名", width=8, ordered=True, search=Search.NAME, aliases=("组", "网格", "村民组")
    )
    leader: Told[str | None] = field("组长", width=5)
    phone: Told[str | None] = field("组长电话", kind=Kind.PHONE, mask=mask_phone, width=8)
    boundary: Told[str | None] = field("范围", kind=Kind.GEOMETRY, places=INTERNAL)
    note: Told[str | None] = field("备注", kind=Kind.TEXT, width=16, places=OFF_TABLE)


class Feature(Record):
    """Something the station drew: a road, a river, an area, an important place, a sight."""

    __tablename__ = "feature"

    kind: Told[FeatureKind] = field("类型", width=6, ordered=True)
    name: Told[str] = field("名称", width=10, ordered=True, search=Search.NAME)
    geometry: Told[str] = field("形状", kind=Kind.GEOMETRY, places=INTERNAL)
    on_handout: Told[bool] = field("可上发放图", default=True, places=EVERYWHERE & ~Place.POPUP)
    note: Told[str | None] = field("备注", kind=Kind.TEXT, width=16, places=OFF_TABLE)
