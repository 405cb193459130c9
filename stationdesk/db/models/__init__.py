"""Every kind of record the station keeps."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from stationdesk.db.base import Record, field_map, fields_of
from stationdesk.db.models.audit import AuditEntry, AuditValues, Batch
from stationdesk.db.models.basemaps import Basemap
from stationdesk.db.models.needs import Need
from stationdesk.db.models.paperwork import (
    ClosedMonth,
    ColumnSet,
    CustomField,
    FormTemplate,
    ImportMap,
    KeptFile,
    Target,
)
from stationdesk.db.models.people import Household, Person, PersonCategory
from stationdesk.db.models.places import Feature, Located, Village, VillageGroup
from stationdesk.db.models.resources import (
    PARTS,
    Organisation,
    Resource,
    ResourceFund,
    ResourceHuman,
    ResourceOrganisation,
    ResourcePolicy,
    ResourceSpace,
)
from stationdesk.db.models.service import Match, Visit
from stationdesk.db.models.sheets import CopiesGiven, FieldSheet, SheetEdition
from stationdesk.db.models.station import Attachment, CodeRow, Station, Weight, Worker
from stationdesk.db.models.walks import Photo, Walk

RECORDS: Mapping[str, type[Record]] = MappingProxyType(
    {
        model.__tablename__: model
        for model in (
            Station,
            Worker,
            CodeRow,
            Weight,
            Village,
            VillageGroup,
            Feature,
            Basemap,
            Household,
            Person,
            PersonCategory,
            Organisation,
            Resource,
            ResourceHuman,
            ResourceOrganisation,
            ResourceFund,
            ResourceSpace,
            ResourcePolicy,
            Need,
            Match,
            Visit,
            Attachment,
            FormTemplate,
            ColumnSet,
            ImportMap,
            ClosedMonth,
            Target,
            CustomField,
            SheetEdition,
            CopiesGiven,
            FieldSheet,
            Walk,
            Photo,
        )
    }
)
"""The records by the name of their table, in an order in which each may point to those before it."""

OWNERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **{part.__tablename__: (Resource.__tablename__, "key") for part in PARTS.values()},
        PersonCategory.__tablename__: (Person.__tablename__, "person_key"),
    }
)
"""The records that are part of another and go with it: what owns them, and where the key of the owner stands."""

RECORD_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "station": "社工站",
        "worker": "工作人员",
        "code": "码表",
        "weight": "推荐权重",
        "village": "村居",
        "village_group": "村民组",
        "feature": "地图要素",
        "basemap": "底图",
        "household": "户",
        "person": "人员",
        "person_category": "对象类别",
        "organisation": "组织",
        "resource": "资源",
        "resource_human": "资源（人力）",
        "resource_organisation": "资源（组织）",
        "resource_fund": "资源（经费）",
        "resource_space": "资源（空间）",
        "resource_policy": "资源（政策）",
        "need": "需求",
        "match": "对接",
        "visit": "走访",
        "attachment": "附件",
        "form_template": "上报模板",
        "column_set": "台账列方案",
        "import_map": "导入方案",
        "closed_month": "已结账月份",
        "target": "年度指标",
        "custom_field": "自定义字段",
        "sheet_edition": "地图版次",
        "copies_given": "地图发放",
        "field_sheet": "走访图",
        "walk": "社区行走",
        "photo": "照片",
    }
)
"""What each kind of record is called."""

__all__ = [
    "OWNERS",
    "PARTS",
    "RECORDS",
    "RECORD_TITLES",
    "Attachment",
    "AuditEntry",
    "AuditValues",
    "Basemap",
    "Batch",
    "ClosedMonth",
    "CodeRow",
    "ColumnSet",
    "CopiesGiven",
    "CustomField",
    "Feature",
    "FieldSheet",
    "FormTemplate",
    "Household",
    "ImportMap",
    "KeptFile",
    "Located",
    "Match",
    "Need",
    "Organisation",
    "Person",
    "PersonCategory",
    "Photo",
    "Record",
    "Resource",
    "ResourceFund",
    "ResourceHuman",
    "ResourceOrganisation",
    "ResourcePolicy",
    "ResourceSpace",
    "SheetEdition",
    "Station",
    "Target",
    "Village",
    "VillageGroup",
    "Visit",
    "Walk",
    "Weight",
    "Worker",
    "field_map",
    "fields_of",
]
