"""The editable lists by name, and every seed of them."""

from __future__ import annotations

from collections.abc import Iterator

from stationdesk.core.vocab import (
    seeds_ethnic,
    seeds_groups,
    seeds_households,
    seeds_maps,
    seeds_mzt,
    seeds_needs,
    seeds_persons,
    seeds_relations,
    seeds_resources,
)
from stationdesk.core.vocab.choice import caption
from stationdesk.core.vocab.seed import Seed

CODE_LISTS: dict[str, str] = {
    "client_group": caption("服务对象类别"),
    "subcategory": caption("资源子类"),
    "org_kind": caption("组织类型"),
    "filing_kind": caption("社区社会组织类别"),
    "fund_kind": caption("资金来源类型"),
    "receipt_kind": caption("票据类型"),
    "source_method": caption("信息来源"),
    "skill": caption("特长"),
    "asset_tag": caption("人文地产景"),
    "abcd_tag": caption("资产类型"),
    "goods_kind": caption("物资类别"),
    "need_item": caption("需求事项"),
    "need_source": caption("需求来源途径"),
    "assess_method": caption("评估方法"),
    "help_method": caption("帮扶方式"),
    "mzt_category": caption("服务大项"),
    "mzt_item": caption("服务项"),
    "id_kind": caption("证件类型"),
    "ethnic": caption("民族"),
    "relation": caption("与户主关系"),
    "marital": caption("婚姻状况"),
    "health": caption("健康状况"),
    "chronic": caption("慢性病"),
    "occupation": caption("从业状况"),
    "education": caption("学历"),
    "schooling": caption("就学情况"),
    "guardianship": caption("监护类型"),
    "political": caption("政治面貌"),
    "disability_kind": caption("残疾类别"),
    "disability_grade": caption("残疾等级"),
    "self_care": caption("自理能力"),
    "residence_state": caption("人户状态"),
    "household_kind": caption("户类别"),
    "housing": caption("住房类型"),
    "danger_grade": caption("房屋安全等级"),
    "income_source": caption("收入来源"),
    "hardship_cause": caption("致困原因"),
    "aid_kind": caption("享受救助"),
    "aid_period": caption("发放频次"),
    "aid_payment": caption("发放类型"),
    "aid_form": caption("救助形式"),
    "urban_rural": caption("城乡分类"),
    "visit_purpose": caption("走访目的"),
    "map_word": caption("公开地图上要留意的字眼"),
}
"""Every editable list and what it is called."""


def seeds() -> Iterator[Seed]:
    """Every seed, in the order in which lists show them."""
    for family in (
        seeds_groups,
        seeds_resources,
        seeds_needs,
        seeds_mzt,
        seeds_persons,
        seeds_ethnic,
        seeds_relations,
        seeds_households,
        seeds_maps,
    ):
        yield from family.SEEDS
