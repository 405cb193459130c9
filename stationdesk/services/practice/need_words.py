"""What people need: all the tables, and the small words that go around them."""

from __future__ import annotations

from stationdesk.services.practice.wishes_care import CARE_WISHES
from stationdesk.services.practice.wishes_heart import HEART_WISHES
from stationdesk.services.practice.wishes_life import LIFE_WISHES

WISHES = (*CARE_WISHES, *HEART_WISHES, *LIFE_WISHES)

ILLS = {
    "31": "心脏病",
    "32": "中风后遗症",
    "33": "哮喘",
    "34": "胃病",
    "35": "肾炎",
    "37": "糖尿病",
    "41": "癌症",
    "49": "高血压",
}

TAILS = (
    "已和村里核实情况属实。",
    "本人愿意配合。",
    "家人已知情。",
    "建议尽快安排。",
    "先记下，下次走访时再细问。",
    "村妇联主任陪同了解。",
    "说不想麻烦别人，劝了才开口。",
    "下次带材料来。",
    "",
    "",
    "",
    "",
    "",
)

WANTS = (
    "希望能在家里解决，不想出远门。",
    "只要有人来看看就行。",
    "听社工安排。",
    "不愿让村里人都知道。",
    "最好周末来，平时地里忙。",
    "想先试一次，合适再说。",
    "希望孩子能跟上学习。",
    "不想去敬老院，想住在自己家。",
    "愿意自己出一部分钱。",
    "",
)
