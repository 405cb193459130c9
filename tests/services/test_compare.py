"""A list that somebody else keeps beside ours: only there, only here, different, and nothing is written."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import msoffcrypto
import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.progress import Cancelled, Progress
from stationdesk.core.vocab import Datum, PersonStatus, ResourceStatus
from stationdesk.db.models.audit import AuditEntry
from stationdesk.services.compare import Comparison, compare, ground_of, save_comparison
from stationdesk.services.compare.sides import fits_mask
from stationdesk.services.imports import ImportKind
from stationdesk.services.store import Store
from tests.desk_station import VALID_ID, add
from tests.services.desk_town import helper, household, need, person, resource, restrict, village
from tests.services.importing import proposed, table

OTHER_ID = "110105194912310038"


@pytest.fixture
def home(store: Store) -> Key:
    """Peach village."""
    return village(store, "桃园村")


def in_village(store: Store, home: Key, name: str, **values: Any) -> Key:
    return person(store, name, household(store, village_key=home, address=f"{name}家"), **values)


def compared(
    store: Store, *rows: list[Any], kind: ImportKind = ImportKind.PEOPLE, ground: Any = None
) -> Comparison:
    return compare(store, proposed(store, table(*rows), kind), Datum.WGS84, ground)


HEAD = ["姓名", "身份证号", "村居", "地址", "电话"]


def test_each_row_and_each_record_is_in_one_group(store: Store, home: Key) -> None:
    in_village(store, home, "张山", id_number=VALID_ID, phone="0718-6820001")
    in_village(store, home, "李水", phone="0718-6820002")
    in_village(store, home, "周木")

    found = compared(
        store,
        HEAD,
        ["张山", VALID_ID, "桃园村", "张山家", "0718-6820001"],
        ["李水", None, "桃园村", "李水家", "0718-6829999"],
        ["吴火", None, "桃园村", "吴火家", None],
    )

    assert found.same == 1
    assert [(pair.number, pair.title) for pair in found.different] == [(3, "李水")]
    assert [(each.label, each.ours, each.theirs) for each in found.different[0].differences] == [
        ("联系电话", "0718-6820002", "0718-6829999")
    ]
    assert [(each.number, each.title) for each in found.only_there] == [(4, "吴火")]
    assert found.only_there[0].cells == ("吴火", "", "桃园村", "吴火家", "")
    assert [each.cells[0] for each in found.only_here] == ["周木"]
    assert found.unclear == ()
    assert found.rows == 3


def test_nothing_is_written(store: Store, home: Key) -> None:
    in_village(store, home, "张山")
    before = store.version

    compared(
        store, HEAD, ["张山", VALID_ID, "桃园村", "张山家", None], ["吴火", None, "桃园村", "别处", None]
    )

    assert store.version == before


def test_a_blank_cell_where_we_know_something_is_a_difference(store: Store, home: Key) -> None:
    in_village(store, home, "张山", phone="0718-6820001")

    found = compared(store, HEAD, ["张山", None, "桃园村", "张山家", None])

    assert [(each.label, each.ours, each.theirs) for each in found.different[0].differences] == [
        ("联系电话", "0718-6820001", "")
    ]


def test_only_mapped_columns_are_compared(store: Store, home: Key) -> None:
    in_village(store, home, "张山", phone="0718-6820001", birth_date=date(1950, 1, 1))

    found = compared(store, ["姓名", "村居", "地址", "某系统编码"], ["张山", "桃园村", "张山家", "K-1"])

    assert (found.same, found.different) == (1, ())
    assert found.compared == ("姓名", "村居", "居住地址")
    assert found.labels == ("姓名", "村居", "地址", "某系统编码")


def test_blanks_and_old_numbers_make_no_difference(store: Store, home: Key) -> None:
    person(store, "张山", household(store, village_key=home, address="桃园村3组 8号"), phone="138 0000 1111")

    found = compared(
        store, ["姓名", "村居", "地址", "电话"], ["张山", "桃园村", "桃园村３组8号", "138-0000-1111"]
    )

    assert (found.same, found.different) == (1, ())


def test_a_masked_export_agrees_with_what_it_can_be_a_mask_of(store: Store, home: Key) -> None:
    in_village(store, home, "张山", id_number=VALID_ID)
    in_village(store, home, "李水", id_number=OTHER_ID)

    found = compared(
        store,
        HEAD[:4],
        ["张山", "110*************2X", "桃园村", "张山家"],
        ["李水", "110*************99", "桃园村", "李水家"],
    )

    assert found.same == 1
    assert [(each.label, each.theirs) for pair in found.different for each in pair.differences] == [
        ("身份证号", "110*************99")
    ]


def test_a_masked_number_tells_who_of_a_name_is_meant(store: Store, home: Key) -> None:
    in_village(store, home, "张山", id_number=VALID_ID)

    found = compared(store, HEAD[:4], ["张山", "110*************2X", "桃园村", None])

    assert (found.unclear, found.only_there) == ((), ())
    assert found.different[0].why == "同名，遮住的身份证号对得上"


@pytest.mark.parametrize(
    ("masked", "whole", "fits"),
    [
        ("110***********2X", VALID_ID, True),
        ("张*", "张山", True),
        ("张*", "李山", False),
        ("张＊", "张山", True),
        ("138****1111", "13800001111", True),
        ("138****1111", "", False),
        ("*.*", "张.山", True),
    ],
)
def test_a_mask_fits_or_not(masked: str, whole: str, *, fits: bool) -> None:
    assert fits_mask(masked, whole) is fits


def test_categories_are_compared_as_a_set(store: Store, home: Key) -> None:
    one = in_village(store, home, "张山")
    codes = {each.label: each.code for each in _groups(store)}
    first, second = list(codes)[:2]
    add(store, "person_category", person_key=one, category=codes[first])

    found = compared(store, ["姓名", "村居", "地址", "对象类别"], ["张山", "桃园村", "张山家", second])

    assert [(each.label, each.ours, each.theirs) for each in found.different[0].differences] == [
        ("对象类别", first, second)
    ]


def _groups(store: Store) -> Any:
    from stationdesk.services.book import codes_of

    return [each for each in codes_of(store, "client_group") if not each.hidden and "、" not in each.label]


def test_the_ground_is_what_the_other_list_should_have(store: Store, home: Key) -> None:
    there = village(store, "石桥村")
    in_village(store, home, "张山")
    in_village(store, there, "李水")
    in_village(store, home, "周木", status=PersonStatus.MOVED)
    rows = (HEAD, ["吴火", None, "桃园村", "吴火家", None])

    everywhere = compared(store, *rows)
    here = compared(store, *rows, ground=ground_of(ImportKind.PEOPLE, home))

    assert sorted(each.cells[0] for each in everywhere.only_here) == ["张山", "李水"]
    assert [each.cells[0] for each in here.only_here] == ["张山"]


def test_a_row_about_somebody_outside_the_ground_is_still_recognised(store: Store, home: Key) -> None:
    there = village(store, "石桥村")
    in_village(store, there, "李水", id_number=VALID_ID)

    found = compared(
        store,
        HEAD,
        ["李水", VALID_ID, "石桥村", "李水家", None],
        ground=ground_of(ImportKind.PEOPLE, home),
    )

    assert (found.same, found.only_there, found.only_here) == (1, (), ())


def test_whoever_may_not_be_named_is_only_counted(store: Store, home: Key) -> None:
    hidden = in_village(store, home, "周木")
    restricted = next(each for each in _groups(store) if _is_restricted(store, each.code))
    add(store, "person_category", person_key=hidden, category=restricted.code)

    found = compared(store, HEAD, ["吴火", None, "桃园村", "吴火家", None])

    assert (found.only_here, found.withheld) == ((), 1)


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        (ImportKind.NEEDS, (["服务对象", "需求内容"], ["吴火", "送药"])),
        (ImportKind.VISITS, (["走访对象", "走访日期"], ["吴火", "2026-01-02"])),
        (ImportKind.CATEGORIES, (["服务对象", "对象类别"], ["吴火", "低保对象"])),
        (ImportKind.RESOURCES, (["资源名称", "地址"], ["镇卫生院", "街上"])),
    ],
)
def test_nothing_of_a_restricted_person_is_listed(
    store: Store, kind: ImportKind, rows: tuple[list[Any], ...]
) -> None:
    live_in = household(store)
    hidden = person(store, "赵某某", live_in)
    restrict(store, hidden)
    need(store, hidden)
    add(store, "visit", household_key=live_in, person_key=hidden, visited_on=date(2026, 1, 1))
    helper(store, "赵师傅", hidden)

    found = compared(store, *rows, kind=kind)

    assert (found.only_here, found.withheld) == ((), 1)


def test_a_row_that_may_be_about_a_restricted_person_does_not_name_them(store: Store, home: Key) -> None:
    hidden = in_village(store, home, "赵某某", birth_date=date(1960, 1, 1))
    restrict(store, hidden)

    found = compared(store, ["姓名", "出生日期", "村居"], ["赵某某", None, None])

    assert (found.unclear, found.only_here, found.different) == ((), (), ())
    assert found.withheld == 1


def _is_restricted(store: Store, code: str) -> bool:
    from stationdesk.services.ledgers.reading import restricted_groups

    with store.reading() as session:
        return code in set(session.scalars(restricted_groups()))


def test_what_may_be_one_of_ours_is_for_a_person_to_judge(store: Store, home: Key) -> None:
    in_village(store, home, "张山")

    found = compared(store, ["姓名", "村居", "地址"], ["张山", "桃园村", "别处"])

    assert [(each.number, each.title) for each in found.unclear] == [(2, "张山")]
    assert "张山" in found.unclear[0].candidate
    assert (found.only_there, found.only_here) == ((), ())


def test_the_same_person_twice_in_a_file_is_told(store: Store, home: Key) -> None:
    in_village(store, home, "张山", id_number=VALID_ID)
    row = ["张山", VALID_ID, "桃园村", "张山家", None]

    found = compared(store, HEAD, row, row)

    assert found.same == 1
    assert [(each.number, each.why) for each in found.unclear] == [(3, "与第 2 行是同一条记录")]


def test_resources_are_compared_with_their_places(store: Store, home: Key) -> None:
    resource(store, "镇卫生院", address="新街 8 号", latitude=29.98, longitude=109.48)
    resource(store, "村卫生室", address="桃园村", latitude=29.99, longitude=109.49)
    resource(store, "旧站", status=ResourceStatus.WITHDRAWN)

    found = compared(
        store,
        ["资源名称", "地址", "纬度", "经度"],
        ["镇卫生院", "新街8号", 29.98001, 109.48],
        ["村卫生室", "桃园村", 29.995, 109.49],
        kind=ImportKind.RESOURCES,
    )

    assert found.same == 1
    difference = found.different[0].differences[0]
    assert (difference.label, difference.ours) == ("位置", "29.99000, 109.49000")
    assert "相距 55" in difference.theirs
    assert found.only_here == ()


def test_villages_are_compared_by_what_both_tell(store: Store, home: Key) -> None:
    village(store, "石桥村", population=900)
    village(store, "南营村")

    found = compared(
        store,
        ["村居名称", "户籍人口"],
        ["桃园村", 812],
        ["石桥村", 900],
        kind=ImportKind.VILLAGES,
    )

    assert [
        (each.label, each.ours, each.theirs) for pair in found.different for each in pair.differences
    ] == [("户籍人口", "", "812")]
    assert found.same == 1
    assert [each.title for each in found.only_here] == ["南营村"]


def test_needs_are_compared_with_the_person_they_are_of(store: Store, home: Key) -> None:
    one = in_village(store, home, "张山", id_number=VALID_ID)
    need(store, one, raised_on=date(2026, 11, 3))

    found = compared(
        store,
        ["身份证号", "需求事项", "提出日期", "紧急程度"],
        [VALID_ID, "送药", "2026-11-03", "紧急"],
        kind=ImportKind.NEEDS,
    )

    assert [each.label for pair in found.different for each in pair.differences] == ["紧急程度"]
    assert found.only_here == ()


def test_a_ground_that_makes_no_sense_is_refused(home: Key) -> None:
    with pytest.raises(UserError, match="不分村居"):
        ground_of(ImportKind.VILLAGES, home)
    with pytest.raises(UserError, match="只有服务对象"):
        ground_of(ImportKind.RESOURCES, category="G01")


def test_a_comparison_is_saved_as_three_coloured_sheets(store: Store, home: Key, tmp_path: Path) -> None:
    in_village(store, home, "张山", phone="0718-6820001")
    in_village(store, home, "=1+1")
    found = compared(
        store,
        HEAD,
        ["张山", None, "桃园村", "张山家", "0718-6829999"],
        ["吴火", None, "桃园村", "=cmd", None],
    )

    path = save_comparison(store, found, tmp_path / "比对.xlsx")

    book = load_workbook(path)
    assert book.sheetnames == ["只在名册里", "只在本站", "内容不同"]
    assert [cell.value for cell in book["只在名册里"][3]] == ["3", "吴火", None, "桃园村", "=cmd", None]
    assert [cell.value for cell in book["内容不同"][3]][3:] == ["联系电话", "0718-6820001", "0718-6829999"]
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    ours, theirs = (book["内容不同"].cell(3, column).fill.fgColor.rgb for column in (5, 6))
    assert ours != theirs
    with store.reading() as session:
        assert session.scalars(select(AuditEntry.action)).all()[-1] == "export"


class StoppedAtOnce(Progress):
    """A worker who presses Cancel."""

    @override
    def step(self, done: int, total: int) -> None:
        raise Cancelled

    @override
    def say(self, sentence: str) -> None:
        return


def test_cancel_stops_it(store: Store, home: Key) -> None:
    in_village(store, home, "张山")

    with pytest.raises(Cancelled):
        compare(
            store, proposed(store, table(HEAD, ["张山", None, None, None, None])), progress=StoppedAtOnce()
        )


def test_a_comparison_with_a_password_opens_only_with_it(store: Store, home: Key, tmp_path: Path) -> None:
    in_village(store, home, "张山")
    found = compared(store, HEAD, ["吴火", None, "桃园村", None, None])
    path = save_comparison(store, found, tmp_path / "比对.xlsx", password="桃花 2026 开")
    with pytest.raises(zipfile.BadZipFile):
        load_workbook(path)
    plain = io.BytesIO()
    with path.open("rb") as locked:
        file = msoffcrypto.OfficeFile(locked)
        file.load_key(password="桃花 2026 开")
        file.decrypt(plain)
    assert load_workbook(plain).sheetnames[:2] == ["只在名册里", "只在本站"]
