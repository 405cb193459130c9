"""Invented names as they sound in a northern village: surnames by village, given names by generation."""

from __future__ import annotations

from stationdesk.services.practice.dice import Dice

COMMON = tuple(
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
RARE = ("欧阳", "司马", "上官", "诸葛", "尉", "苗", "樊", "靳", "郝", "庞", "翟", "申")

VILLAGE_SURNAMES = ("王李", "陈刘", "郭任", "李宋", "杨胡", "张郑", "魏王", "何徐", "梁石", "赵丁", "林柳")
"""The two surnames that half of each village bears, in the order of the villages."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_OLD_MEN = _words(
    "国栋 福来 长顺 金山 德厚 永年 树林 文全 保田 满仓 清河 连生 玉坤 兴旺 铁柱 书堂 景山 万福 春生 根旺 "
    "喜庆 广田 来福 守义 成林 振海 天佑 有才 明礼 顺昌 庆余 忠信 水旺 大山 双喜 发祥 石头 进财 二喜 学礼"
)
_OLD_WOMEN = _words(
    "秀英 桂兰 玉珍 凤仙 素梅 春花 兰芝 翠莲 巧云 金枝 爱莲 淑贞 月娥 秋菊 桂花 玉莲 改香 梅英 喜凤 银环 "
    "秀荣 香莲 云英 彩霞 冬梅 凤英 翠花 玉兰 二妮 水仙 俊英 芝兰 菊香 春兰 腊梅 素珍 秀芝 雪莲 桃花 荷香"
)
_MEN = _words(
    "建国 志强 海军 卫东 红旗 军伟 永刚 建设 国强 俊杰 志远 晓东 红军 新民 保国 少华 占军 留柱 会军 学斌 "
    "向阳 振华 伟民 利民 青山 胜利 建军 立新 继峰 广平 文涛 宏伟 小兵 大伟 国庆 海涛 新建 根生 云龙 爱国"
)
_WOMEN = _words(
    "丽华 红梅 爱红 秀丽 艳芳 玉霞 小红 春燕 俊霞 会玲 桂玲 海燕 彩云 改玲 素芳 文霞 月红 爱芹 国英 瑞芳 "
    "玉红 秋霞 敏霞 利萍 亚琴 金凤 喜梅 雪梅 巧玲 荣花 娟娟 志红 晓燕 淑芬 慧敏 香云 银萍 建英 水平 兰英"
)
_YOUNG_MEN = _words(
    "浩 鹏飞 俊豪 帅 亚辉 晨阳 明轩 志豪 天宇 少杰 文博 一鸣 旭东 家乐 世杰 龙飞 宇航 嘉伟 永超 博文"
)
_YOUNG_WOMEN = _words(
    "婷婷 雪 亚楠 梦瑶 佳慧 晓蕾 文静 盼盼 雨晴 思雨 丹丹 莹莹 露露 倩 梦洁 静怡 欣悦 娜 甜甜 明月"
)
_BOYS = _words(
    "子轩 浩然 一诺 宇轩 梓睿 俊熙 天佑 乐乐 子墨 家豪 奕辰 晨曦 睿哲 明泽 佳航 铭宇 小宝 景行 博远 昊天"
)
_GIRLS = _words(
    "梓涵 欣怡 一诺 雨桐 佳琪 诗涵 思琪 可馨 梦琪 雅涵 若曦 语嫣 妞妞 艺涵 心怡 沐晴 婉婷 小雨 苗苗 静雯"
)


class Names:
    """Gives names; nobody of the same household is given the same one twice."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._given: dict[str, int] = {}

    def surname(self, village: int) -> str:
        """A surname of the village."""
        if self._dice.chance(0.5):
            return self._dice.pick(VILLAGE_SURNAMES[village])
        return self._dice.pick(RARE) if self._dice.chance(0.03) else self._dice.pick(COMMON)

    def common_in(self, village: int) -> tuple[str, ...]:
        """The surnames that many bear in a village."""
        return tuple(VILLAGE_SURNAMES[village])

    def full(self, surname: str, *, man: bool, age: int) -> str:
        """A whole name, so that few in the town share one: namesakes occur, as they do."""
        name = surname + self._dice.pick(_generation(age, man=man))
        for _attempt in range(4):
            if name not in self._given or self._dice.chance(0.02):
                break
            name = surname + self._dice.pick(_generation(age, man=man))
        self._given[name] = self._given.get(name, 0) + 1
        return name


def _generation(age: int, *, man: bool) -> tuple[str, ...]:
    if age >= 60:
        return _OLD_MEN if man else _OLD_WOMEN
    if age >= 33:
        return _MEN if man else _WOMEN
    if age >= 17:
        return _YOUNG_MEN if man else _YOUNG_WOMEN
    return _BOYS if man else _GIRLS
