"""What 白纸起步 says at each of its steps, and which pen it puts into the hand."""

from __future__ import annotations

from dataclasses import dataclass

from stationdesk.core.messages import _
from stationdesk.services.starter import StarterStep


@dataclass(frozen=True, slots=True)
class StepWords:
    """What is asked for, how it is drawn, and with which pen; a `name` that needs no typing."""

    title: str
    task: str
    pen: str
    name: str = ""


def words_of(step: StarterStep, village: str) -> StepWords:
    """What is said at a step, in a station with one `village`; an empty name is any other."""
    committee = _("居委会") if village.endswith("社区") else _("村委会")
    return {
        StarterStep.ROAD: StepWords(
            _("主路"), _("画穿过村子的那条大路：从一头到另一头逐点点击，双击结束。"), "main_road"
        ),
        StarterStep.RIVER: StepWords(
            _("河"), _("画流过的河或渠，让人分得清河这边、河那边；没有河就跳过。"), "river"
        ),
        StarterStep.COMMITTEE: StepWords(
            committee,
            _("点一下{name}的位置，大家办事都认得它。").format(name=committee),
            "place",
            village + committee,
        ),
        StarterStep.SCHOOL: StepWords(
            _("学校"), _("点一下学校或幼儿园的位置；没有就跳过。"), "place", _("小学")
        ),
        StarterStep.CLINIC: StepWords(
            _("卫生室"), _("点一下卫生室或诊所的位置；没有就跳过。"), "place", _("卫生室")
        ),
        StarterStep.MORE: StepWords(
            _("大家常去的地方"),
            _("再点几处：小卖部、祠堂、老年食堂、车站……也可换上面的笔画小巷、水塘和村民组范围。"),
            "place",
        ),
    }[step]
