"""Boundaries of counties and of what is above them: a map that is given out must not draw them.

公开地图内容表示规范 (自然资规〔2023〕2号) asks for official drawings of them, which no station has; 地图审核管理规定
(2017) lets maps without them be given out unreviewed. Boundaries of townships and villages are indications only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_BOUNDARY = re.compile(
    r"(?:国界|国境线|省界|自治区界|自治州界|(?<!超)市界|地区界|县界|(?<![社小园片街景厂校])区界|旗界"
    r"|行政区划|行政区域|行政界线|行政边界)(?![路街桥口村镇乡河沟岭山坡碑])"
)
"""A road or a village may be called by the boundary that it lies at; it is none."""
_HIGH = frozenset(
    {"country", "nation", "state", "province", "region", "macroregion", "city", "prefecture", "county",
     "macrocounty", "district", "map_unit", "国家", "省", "省级", "地市", "地级", "市级", "县", "县级", "区县"}
)  # fmt: skip
_LEVEL = re.compile(r"\d+")
_LOWEST = 6
"""The admin_level of OpenStreetMap of counties in China; townships have 8."""
_GB = re.compile(r"6[1-5]\d{3,4}")
"""Feature codes of GB/T 13923: 62 national, 63 provincial, 64 prefectural, 65 county boundaries; 66 townships."""
_LAYERS = frozenset(
    {"boundary", "boundaries", "admin", "admin_lines", "boua", "boul", "境界", "政区", "行政区"}
)


def names_high_boundary(name: str) -> bool:
    """Whether something is called a boundary of a county or of what is above it (县界, 省界, 国界, 行政区划)."""
    return _BOUNDARY.search(name) is not None


def is_high_boundary(layer: str, tags: Mapping[str, str]) -> bool:
    """Whether a shape of a base map is a boundary of a county or above, or the area of one.

    By the tags of OpenStreetMap (`boundary`, `admin_level`), of the common tile schemes (OpenMapTiles, Protomaps,
    Shortbread: a layer of boundaries with `kind` or `admin_level`), of GB/T 13923 (`GB`), of the files that list
    regions by `adcode` and `level`, and by name. A boundary of unknown level counts as a high one.
    """
    told = {key.lower(): str(value).strip() for key, value in tags.items()}
    names = (told.get("name", ""), told.get("名称", ""), layer)
    if any(names_high_boundary(each) for each in names):
        return True
    if _GB.fullmatch(told.get("gb", "")):
        return True
    level = _LEVEL.match(told.get("admin_level", "") or told.get("kind_detail", ""))
    is_boundary = layer.lower() in _LAYERS or told.get("boundary") == "administrative"
    if is_boundary:
        return level is None or int(level[0]) <= _LOWEST
    if "admin_level" in told and level is not None:
        return int(level[0]) <= _LOWEST
    if "adcode" in told or "行政区划代码" in told:
        return told.get("level", "district").lower() in _HIGH
    return told.get("boundary", "").lower() in _HIGH
