"""Service items of MZ/T 071-2016 as far as they are known. Seven of the 34 items are missing on purpose:
the station adds them from the paper standard; they are never invented.
"""

from __future__ import annotations

from stationdesk.core.vocab.choice import note
from stationdesk.core.vocab.seed import TEXTBOOK, Seed

SEEDS: tuple[Seed, ...] = (
    Seed("mzt_category", "1", "统筹社区照顾"),
    Seed("mzt_category", "2", "扩大社区参与"),
    Seed("mzt_category", "3", "促进社区融合"),
    Seed("mzt_category", "4", "推动社区发展"),
    Seed("mzt_category", "5", "参与社区矫正"),
    Seed("mzt_category", "6", "参与社区戒毒社区康复"),
    Seed(
        "mzt_category", "7", "其他服务", verified=False, note=note("类别名称是推断的，还没有对照标准原文。")
    ),
    Seed("mzt_item", "101", "社区社会救助人员服务", parent="1"),
    Seed("mzt_item", "102", "社区老年人服务", parent="1"),
    Seed("mzt_item", "103", "社区儿童服务", parent="1"),
    Seed("mzt_item", "104", "社区妇女服务", parent="1"),
    Seed("mzt_item", "105", "社区残疾人服务", parent="1"),
    Seed("mzt_item", "106", "家庭暴力救助服务", parent="1"),
    Seed("mzt_item", "107", "社区居民健康服务", parent="1"),
    Seed("mzt_item", "108", "特殊困难居民服务", parent="1"),
    Seed("mzt_item", "201", "参与社区需求调查与社区服务开展", parent="2"),
    Seed("mzt_item", "202", "促进社区议事协商", parent="2"),
    Seed("mzt_item", "203", "提高社区居民参与水平", parent="2"),
    Seed("mzt_item", "204", "培育社区社会组织和社区骨干", verified=False, note=TEXTBOOK, parent="2"),
    Seed("mzt_item", "205", "组织社区志愿服务项目", verified=False, note=TEXTBOOK, parent="2"),
    Seed("mzt_item", "301", "社区社会组织共建服务", verified=False, note=TEXTBOOK, parent="3"),
    Seed("mzt_item", "302", "社区居民自助与互助服务", verified=False, note=TEXTBOOK, parent="3"),
    Seed("mzt_item", "303", "外来人口社区融入与发展服务", verified=False, note=TEXTBOOK, parent="3"),
    Seed("mzt_item", "304", "异地安置社区居民服务", verified=False, note=TEXTBOOK, parent="3"),
    Seed("mzt_item", "305", "社区矛盾纠纷调解服务", verified=False, note=TEXTBOOK, parent="3"),
    Seed("mzt_item", "401", "协助制订实施社区发展规划", verified=False, note=TEXTBOOK, parent="4"),
    Seed("mzt_item", "402", "培育社区归属感与认同感", verified=False, note=TEXTBOOK, parent="4"),
    Seed("mzt_item", "501", "疏导社区服刑人员心理", verified=False, note=TEXTBOOK, parent="5"),
    Seed("mzt_item", "502", "修复服刑人员家庭和社区关系", verified=False, note=TEXTBOOK, parent="5"),
    Seed("mzt_item", "503", "促进社区服刑人员就业", verified=False, note=TEXTBOOK, parent="5"),
    Seed("mzt_item", "504", "帮扶生活困难的社区服刑人员", verified=False, note=TEXTBOOK, parent="5"),
    Seed(
        "mzt_item", "601", "协助社区禁毒工作机构开展毒品预防教育", verified=False, note=TEXTBOOK, parent="6"
    ),
    Seed(
        "mzt_item",
        "602",
        "为社区戒毒康复人员提供心理辅导、行为矫正、社会支持",
        verified=False,
        note=TEXTBOOK,
        parent="6",
    ),
    Seed(
        "mzt_item",
        "603",
        "为社区戒毒康复人员链接资源",
        verified=False,
        note=note("资料在“链接”之后断开，名称不完整，还没有对照标准原文。"),
        parent="6",
    ),
)
