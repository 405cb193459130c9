"""Vocabulary of the resource library (资源库)."""

from __future__ import annotations

from stationdesk.core.vocab.choice import Choice, captioned, choice


@captioned("维度")
class Dimension(Choice):
    """The five dimensions that every resource stands in; one resource may stand in two."""

    PEOPLE = choice("R1", "人力资源")
    ORGANISATIONS = choice("R2", "组织资源")
    FUNDS = choice("R3", "经费资源")
    SPACE = choice("R4", "空间资源")
    POLICY = choice("R5", "政策资源")


@captioned("图例类别")
class MapClass(Choice):
    """The legend class of a resource. Its code is the letter that opens the resource number (医-07).

    Shape and colour are the business of the map.
    """

    GOVERNMENT = choice("办", "政府办事")
    MEDICAL = choice("医", "医疗")
    ELDERLY = choice("养", "养老")
    EDUCATION = choice("教", "儿童教育")
    CONVENIENCE = choice("便", "便民生活")
    CULTURE = choice("文", "文体活动")
    SAFETY = choice("安", "安全救助")
    SOCIAL = choice("社", "社会组织志愿")
    POLICY = choice("策", "政策")
    FUNDS = choice("经", "经费")

    @property
    def letter(self) -> str:
        """The one character drawn inside the mark and put before the running number."""
        return self.code

    @property
    def on_map(self) -> bool:
        """Whether the class can be drawn: policies and funds stand in lists only."""
        return self not in {MapClass.POLICY, MapClass.FUNDS}


@captioned("正式/非正式")
class Formality(Choice):
    """Whether a resource comes from an institution or from ties between people."""

    FORMAL = choice("formal", "正式")
    INFORMAL = choice("informal", "非正式")


@captioned("内部/外部")
class Locus(Choice):
    """Whether a resource lies inside the community or outside it."""

    INSIDE = choice("inside", "内部")
    OUTSIDE = choice("outside", "外部")


@captioned("使用状况")
class StateOfUse(Choice):
    """How far the station has come with a resource."""

    PARTNER = choice("partner", "已合作")
    CONTACTED = choice("contacted", "已接触")
    POTENTIAL = choice("potential", "潜在")
    STOPPED = choice("stopped", "停用")

    @property
    def can_be_matched(self) -> bool:
        """Whether matching may suggest the resource."""
        return self is not StateOfUse.STOPPED


@captioned("资源状态")
class ResourceStatus(Choice):
    """Whether a resource can be called on today."""

    ACTIVE = choice("active", "有效")
    SUSPENDED = choice("suspended", "暂停")
    LAPSED = choice("lapsed", "失效")
    WITHDRAWN = choice("withdrawn", "已撤")
    DRAFT = choice("draft", "草稿")

    @property
    def can_be_matched(self) -> bool:
        """Whether matching may suggest the resource."""
        return self is ResourceStatus.ACTIVE


@captioned("可否公开")
class ContactPublic(Choice):
    """What of the contact may stand on a hand-out, as the contact agreed."""

    NONE = choice("none", "不公开")
    PHONE = choice("phone", "只公开电话")
    NAME_AND_PHONE = choice("name_phone", "公开姓名和电话")

    @property
    def shows_phone(self) -> bool:
        """Whether the phone number may be printed."""
        return self is not ContactPublic.NONE

    @property
    def shows_name(self) -> bool:
        """Whether the name may be printed."""
        return self is ContactPublic.NAME_AND_PHONE


@captioned("容量周期")
class CapacityPer(Choice):
    """What the capacity of a resource is counted over; what remains is computed, never stored."""

    ONCE = choice("once", "一次性")
    DAY = choice("day", "每天")
    WEEK = choice("week", "每周")
    MONTH = choice("month", "每月")
    AT_A_TIME = choice("at_a_time", "同时")
