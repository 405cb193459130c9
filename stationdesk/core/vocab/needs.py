"""Vocabulary of the needs library (需求库)."""

from __future__ import annotations

from stationdesk.core.vocab.choice import Choice, captioned, choice


@captioned("需求类型")
class Bradshaw(Choice):
    """How we know of a need (Bradshaw 1972); a need may be of several types."""

    NORMATIVE = choice("N1", "规范性需求")
    FELT = choice("N2", "感觉性需求")
    EXPRESSED = choice("N3", "表达性需求")
    COMPARATIVE = choice("N4", "比较性需求")


@captioned("需求结果")
class NeedResult(Choice):
    """The six kinds of result that meeting a need has."""

    POLICY = choice("K1", "政策性")
    MEDICAL = choice("K2", "医疗性")
    PSYCHOLOGICAL = choice("K3", "心理性")
    FINANCIAL = choice("K4", "资金性")
    SAFETY = choice("K5", "安全性")
    DEVELOPMENT = choice("K6", "发展性")


@captioned("紧急程度")
class Urgency(Choice):
    """How soon a need must be answered. The scale is the program's own proposal; smaller is more urgent."""

    CRITICAL = choice("1", "紧急（24 小时内）")
    SOON = choice("2", "较急（7 天内）")
    NORMAL = choice("3", "一般（30 天内）")
    LONG_TERM = choice("4", "长期")

    @property
    def days(self) -> int | None:
        """Days until an answer is due; None for a long-term need."""
        return {"1": 1, "2": 7, "3": 30}.get(self.code)


@captioned("需求归属")
class NeedSubject(Choice):
    """Whose need it is."""

    PERSON = choice("person", "个人")
    HOUSEHOLD = choice("household", "家庭")
    COMMUNITY = choice("community", "群体或村居")


@captioned("需求状态")
class NeedStatus(Choice):
    """Where a need stands. It is closed by the worker's own click, never by a match alone."""

    TO_ASSESS = choice("to_assess", "待评估")
    TO_MATCH = choice("to_match", "待对接")
    MATCHING = choice("matching", "对接中")
    PARTLY_MET = choice("partly_met", "部分满足")
    MET = choice("met", "已满足")
    UNMEETABLE = choice("unmeetable", "无法满足")
    WITHDRAWN = choice("withdrawn", "已撤回")
    REFERRED = choice("referred", "转介外部")

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self in {NeedStatus.TO_ASSESS, NeedStatus.TO_MATCH, NeedStatus.MATCHING, NeedStatus.PARTLY_MET}

    @property
    def needs_reason(self) -> bool:
        """Whether the status may only be set with a reason."""
        return self in {NeedStatus.UNMEETABLE, NeedStatus.WITHDRAWN}


@captioned("对接状态")
class MatchState(Choice):
    """The states of a match between a need and a resource."""

    PLANNED = choice("planned", "拟对接")
    CONTACTED = choice("contacted", "已联系")
    SERVING = choice("serving", "服务中")
    DONE = choice("done", "已完成")
    CONFIRMED = choice("confirmed", "已确认")
    FAILED = choice("failed", "未成")
    WITHDRAWN = choice("withdrawn", "已撤")

    @property
    def following(self) -> tuple[MatchState, ...]:
        """The states that may come next, the usual one first; a mistake is undone, not walked back."""
        return MATCH_TRANSITIONS[self]

    @property
    def is_open(self) -> bool:
        """Whether the match still takes capacity from its resource."""
        return self in {MatchState.PLANNED, MatchState.CONTACTED, MatchState.SERVING}

    @property
    def is_final(self) -> bool:
        """Whether nothing may follow."""
        return not MATCH_TRANSITIONS[self]

    @property
    def counts_as_done(self) -> bool:
        """Whether statistics count it as completed; a client's word is not needed for that."""
        return self in {MatchState.DONE, MatchState.CONFIRMED}

    @property
    def needs_reason(self) -> bool:
        """Whether the state may only be set with a reason."""
        return self in {MatchState.FAILED, MatchState.WITHDRAWN}

    @property
    def needs_client_word(self) -> bool:
        """Whether the state rests on what the client said, and asks for the date and manner of that."""
        return self is MatchState.CONFIRMED


MATCH_TRANSITIONS: dict[MatchState, tuple[MatchState, ...]] = {
    MatchState.PLANNED: (MatchState.CONTACTED, MatchState.SERVING, MatchState.FAILED, MatchState.WITHDRAWN),
    MatchState.CONTACTED: (MatchState.SERVING, MatchState.DONE, MatchState.FAILED, MatchState.WITHDRAWN),
    MatchState.SERVING: (MatchState.DONE, MatchState.FAILED, MatchState.WITHDRAWN),
    # The client may say that what was reported as done was not, so done can still fail or go on.
    MatchState.DONE: (MatchState.CONFIRMED, MatchState.SERVING, MatchState.FAILED),
    MatchState.CONFIRMED: (),
    MatchState.FAILED: (),
    MatchState.WITHDRAWN: (),
}


@captioned("对接方式")
class MatchMethod(Choice):
    """How a resource reaches the client."""

    REFERRAL = choice("referral", "转介")
    AGENCY = choice("agency", "代办")
    HOME = choice("home", "上门")
    HANDOUT = choice("handout", "发放")
    ACTIVITY = choice("activity", "活动")
    MONEY = choice("money", "资金")
