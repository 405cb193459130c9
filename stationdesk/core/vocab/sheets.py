"""What code branches on around printed maps: which map a sheet is, how it is set, what changed on it."""

from __future__ import annotations

from stationdesk.core.vocab.choice import Choice, captioned, choice


@captioned("图种")
class SheetKind(Choice):
    """Which of the printed maps a sheet is; editions are counted for each kind and area."""

    RESOURCES = choice("resources", "社区资源图")
    COMMUNITY = choice("community", "社区地图")
    CLIENTS = choice("clients", "服务对象分布图")
    LARGE_PRINT = choice("large_print", "大字版资源图")
    ATLAS = choice("atlas", "地图册")
    POSTER = choice("poster", "拼接大图")

    @property
    def is_given_out(self) -> bool:
        """Whether the sheet may leave the station: the map of the people served never does."""
        return self is not SheetKind.CLIENTS


@captioned("版式")
class SheetForm(Choice):
    """Whether map and index stand on one page or on two."""

    ONE_PAGE = choice("one_page", "一页（图和索引并排）")
    TWO_PAGES = choice("two_pages", "两页（一页图、一页索引）")


@captioned("索引排法")
class IndexOrder(Choice):
    """In which order an index lists; a sheet may have more than one."""

    BY_CLASS = choice("by_class", "按类别")
    BY_NUMBER = choice("by_number", "按编号")
    BY_NAME = choice("by_name", "按名称（拼音）")


@captioned("变化")
class SheetChange(Choice):
    """What happened to an entry since the edition before."""

    NEW = choice("new", "新增")
    GONE = choice("gone", "撤销")
    CHANGED = choice("changed", "变更")


@captioned("服务对象显示到")
class MapLevel(Choice):
    """How much of the people served a map may show. What is chosen decides on the data, not on what is visible."""

    RESOURCES = choice("resources", "只有资源")
    VILLAGES = choice("villages", "按村合计")
    EXACT = choice("exact", "逐户位置")

    @property
    def needs_unlocking(self) -> bool:
        """Whether a password is asked for before it is shown, and the showing put on record."""
        return self is MapLevel.EXACT
