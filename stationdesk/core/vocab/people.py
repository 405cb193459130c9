"""Vocabulary of households, persons and visits (服务对象, 走访)."""

from __future__ import annotations

from stationdesk.core.vocab.choice import Choice, captioned, choice


@captioned("性别")
class Sex(Choice):
    """Sex by GB/T 2261.1-2003."""

    UNKNOWN = choice("0", "未知的性别")
    MALE = choice("1", "男")
    FEMALE = choice("2", "女")
    UNSTATED = choice("9", "未说明的性别")


@captioned("户状态")
class HouseholdStatus(Choice):
    """Whether a household is on the station's books."""

    ACTIVE = choice("active", "在册")
    MOVED = choice("moved", "迁出")
    CLOSED = choice("closed", "注销")
    DIED = choice("died", "亡故")

    @property
    def is_open(self) -> bool:
        """Whether visits fall due and statistics count the household."""
        return self is HouseholdStatus.ACTIVE


@captioned("人员状态")
class PersonStatus(Choice):
    """Whether a person is on the station's books."""

    ACTIVE = choice("active", "在册")
    MOVED = choice("moved", "迁出")
    CLOSED = choice("closed", "注销")
    DIED = choice("died", "亡故")

    @property
    def is_open(self) -> bool:
        """Whether statistics and lists count the person."""
        return self is PersonStatus.ACTIVE


@captioned("跟进级别")
class FollowLevel(Choice):
    """How often a household is to be visited; the intervals are our own proposal and can be edited."""

    HIGH = choice("1", "高风险")
    PRIORITY = choice("2", "重点")
    NORMAL = choice("3", "一般")

    @property
    def default_days(self) -> int:
        """Days between visits unless the station sets another interval."""
        return {"1": 7, "2": 30, "3": 90}[self.code]


@captioned("隐私级别")
class Privacy(Choice):
    """How far the people of a client group must be kept from sight."""

    OPEN = choice("open", "普通")
    INTERNAL = choice("internal", "内部")
    INTERNAL_HIGH = choice("internal_high", "内部（高度敏感）")
    MINOR = choice("minor", "未成年人")
    MINOR_HIGH = choice("minor_high", "未成年人（高度敏感）")
    RESTRICTED = choice("restricted", "限制查看")
    NEVER = choice("never", "绝不上图上表")

    @property
    def is_minor(self) -> bool:
        """Whether the name gets a made-up one (化名) wherever it leaves the station."""
        return self in {Privacy.MINOR, Privacy.MINOR_HIGH}

    @property
    def needs_permission(self) -> bool:
        """Whether only a worker with the permission for restricted files sees the record."""
        return self in {Privacy.RESTRICTED, Privacy.NEVER}

    @property
    def on_internal_map(self) -> bool:
        """Whether the household may be drawn on the internal map; no other map shows households."""
        return not self.needs_permission

    @property
    def in_exports(self) -> bool:
        """Whether the record goes into a workbook without a special step."""
        return not self.needs_permission


@captioned("同意状态")
class ConsentState(Choice):
    """Whether we hold a consent."""

    NONE = choice("none", "未取得")
    ORAL = choice("oral", "口头同意")
    WRITTEN = choice("written", "书面同意")
    EXPIRED = choice("expired", "已过期")
    WITHDRAWN = choice("withdrawn", "已撤回")


@captioned("同意范围")
class ConsentScope(Choice):
    """What a consent covers."""

    FILE = choice("file", "建档")
    PUBLISH = choice("publish", "公示")
    PHOTO = choice("photo", "拍照")
    WALL = choice("wall", "上墙")
    PROVIDER = choice("provider", "向资源方提供")


@captioned("同意人")
class ConsentBy(Choice):
    """Who gave a consent."""

    SELF = choice("self", "本人")
    GUARDIAN = choice("guardian", "监护人")


@captioned("走访方式")
class VisitMethod(Choice):
    """How a household was visited."""

    HOME = choice("home", "入户")
    PHONE = choice("phone", "电访")
    WECHAT = choice("wechat", "微信")


@captioned("走访结果")
class VisitOutcome(Choice):
    """How a visit ended. Nobody at home is not a completed visit."""

    MET = choice("met", "见到本人")
    MET_FAMILY = choice("met_family", "见到家人")
    NOBODY_HOME = choice("nobody_home", "家中无人")
    NO_ANSWER = choice("no_answer", "未接通")
    MOVED = choice("moved", "已搬走")
    REFUSED = choice("refused", "谢绝走访")

    @property
    def is_completed(self) -> bool:
        """Whether the visit counts in statistics and sets the next due date."""
        return self in {VisitOutcome.MET, VisitOutcome.MET_FAMILY}
