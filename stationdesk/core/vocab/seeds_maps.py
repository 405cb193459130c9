"""Words (字眼) in names that a map for the public should not show, or only after somebody has looked.

From what earlier rules list as not to be shown (国防军事设施、未公开的机关单位、水库与输电设施的精确数据,
《公开地图内容表示若干规定》 and its supplement) and 《公开地图内容表示规范》 (自然资规〔2023〕2号), which took their
place. None of the words forbids anything by itself: they call for a look. 退役军人服务站 and 武装部 are offices for
the public and are not among them.
"""

from __future__ import annotations

from stationdesk.core.vocab.choice import note
from stationdesk.core.vocab.seed import Seed

_ARMY = note("军事设施：公开地图不得表示（《公开地图内容表示规范》）。")
_CLOSED = note("不对外公开的场所：上图前请问清楚。")
_WORKS = note("水利、电力、油气设施：名称可能可以写，位置和数据不得精确，上图前请问清楚。")

SEEDS: tuple[Seed, ...] = (
    Seed("map_word", "Y01", "部队", note=_ARMY),
    Seed("map_word", "Y02", "武警", note=_ARMY),
    Seed("map_word", "Y03", "军营", note=_ARMY),
    Seed("map_word", "Y04", "营房", note=_ARMY),
    Seed("map_word", "Y05", "军区", note=_ARMY),
    Seed("map_word", "Y06", "军分区", note=_ARMY),
    Seed("map_word", "Y07", "军用", note=_ARMY),
    Seed("map_word", "Y08", "军事", note=_ARMY),
    Seed("map_word", "Y09", "靶场", note=_ARMY),
    Seed("map_word", "Y10", "弹药", note=_ARMY),
    Seed("map_word", "Y11", "雷达站", note=_ARMY),
    Seed("map_word", "Y12", "人防工程", note=_ARMY),
    Seed("map_word", "Y21", "监狱", note=_CLOSED),
    Seed("map_word", "Y22", "看守所", note=_CLOSED),
    Seed("map_word", "Y23", "拘留所", note=_CLOSED),
    Seed("map_word", "Y24", "戒毒所", note=_CLOSED),
    Seed("map_word", "Y25", "庇护所", note=_CLOSED),
    Seed("map_word", "Y31", "大坝", note=_WORKS),
    Seed("map_word", "Y32", "水库", note=_WORKS),
    Seed("map_word", "Y33", "水电站", note=_WORKS),
    Seed("map_word", "Y34", "变电站", note=_WORKS),
    Seed("map_word", "Y35", "发电厂", note=_WORKS),
    Seed("map_word", "Y36", "油库", note=_WORKS),
    Seed("map_word", "Y37", "输油", note=_WORKS),
    Seed("map_word", "Y38", "输气", note=_WORKS),
)
