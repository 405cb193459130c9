"""The dimension and legend class that the name of a resource suggests."""

from __future__ import annotations

from stationdesk.core.vocab import Dimension, MapClass

# The first line that has a word of the name decides, so the narrower words stand first.
_WORDS: tuple[tuple[MapClass, Dimension, str], ...] = (
    (MapClass.POLICY, Dimension.POLICY, "政策 办法 条例 实施细则 补贴标准"),
    (MapClass.FUNDS, Dimension.FUNDS, "专项资金 救助金 公益创投 助学金 慈善基金 社区基金"),
    (
        MapClass.ELDERLY,
        Dimension.SPACE,
        "养老 敬老 老年公寓 老年活动 日间照料 幸福院 托老 护理院 颐养 长者 助餐",
    ),
    (
        MapClass.MEDICAL,
        Dimension.ORGANISATIONS,
        "医院 卫生院 卫生室 卫生服务 诊所 医疗 门诊 药店 药房 康复 急救 疾控 妇幼 保健院 村医",
    ),
    (
        MapClass.EDUCATION,
        Dimension.ORGANISATIONS,
        "学校 小学 中学 幼儿园 大学 学院 职高 儿童之家 托育 少年宫 青少年 教育",
    ),
    (
        MapClass.SAFETY,
        Dimension.ORGANISATIONS,
        "派出所 公安 警务 消防 救助站 避灾 避难 应急 司法所 法院 法律 律师 庇护",
    ),
    (
        MapClass.SOCIAL,
        Dimension.ORGANISATIONS,
        "志愿 协会 社工 社会工作 慈善 基金会 红十字 公益 联合会 互助 妇联 残联 工会 团委",
    ),
    (
        MapClass.CULTURE,
        Dimension.SPACE,
        "文化 图书 书屋 书店 广场 公园 体育 健身 活动中心 科技馆 博物馆 礼堂 剧院 影院",
    ),
    (
        MapClass.GOVERNMENT,
        Dimension.ORGANISATIONS,
        "政府 街道办 办事处 便民服务 服务中心 服务大厅 民政 人社 村委 居委 党群 委员会 税务 不动产 财政所 农业站",
    ),
    (
        MapClass.CONVENIENCE,
        Dimension.ORGANISATIONS,
        "超市 商店 银行 信用社 邮政 快递 理发 维修 餐 饭店 酒店 宾馆 加油 车站 市场 菜场 公司 厂 合作社 营业厅 燃气",
    ),
)


def suggested_class(name: str, more: str = "") -> tuple[MapClass, Dimension] | None:
    """What the name says, or else the other words of its row; None when they say nothing."""
    for text in (name, more):
        for legend, dimension, words in _WORDS:
            if any(word in text for word in words.split()):
                return legend, dimension
    return None
