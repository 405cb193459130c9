"""A closed month stands as it was handed in; what is changed afterwards is told in the next one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from typing_extensions import override

from stationdesk.core.changes import ChangeSet, changed, created, removed
from stationdesk.core.clock import FixedClock, Month
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.core.vocab import Audience
from stationdesk.core.vocab.paperwork import MonthState
from stationdesk.db.base import values_of
from stationdesk.db.models import RECORDS, AuditEntry, ClosedMonth
from stationdesk.services import history
from stationdesk.services.ledgers import Options, ledger
from stationdesk.services.ledgers.closing import close, closing_of, corrections_of, reopen
from stationdesk.services.ledgers.corrections import ADDED, CHANGED, GONE
from stationdesk.services.ledgers.screen import overview
from stationdesk.services.looking_back import Touched, touched
from stationdesk.services.records import blank_of, remove, save
from stationdesk.services.release import Override
from stationdesk.sheets.checking import PersonalNumber
from tests.services.ledger_town import Town, known_town

OCTOBER = Month(2026, 10)
NOVEMBER = OCTOBER.next


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = known_town(tmp_path)
    yield made
    made.store.close()


def key_of(town: Town, record: str, code: str) -> Key:
    model: Any = RECORDS[record]
    with town.store.reading() as session:
        return Key(session.execute(select(model.key).where(model.code == code)).scalar_one())


def edit(town: Town, record: str, code: str, **values: Any) -> None:
    model: Any = RECORDS[record]
    with town.store.writing("改正") as work:
        stored = work.session.scalars(select(model).where(model.code == code)).one()
        change = changed(record, stored.key, values_of(stored), values)
        assert change is not None
        work.write([change])


def drop(town: Town, record: str, code: str) -> None:
    model: Any = RECORDS[record]
    with town.store.writing("删除") as work:
        stored = work.session.scalars(select(model).where(model.code == code)).one()
        work.write([removed(record, stored.key, values_of(stored))])


def go_to(town: Town, day: date) -> None:
    clock = town.store.clock
    assert isinstance(clock, FixedClock)
    clock.advance(timedelta(days=(day - clock.today()).days))


def rows_of(path: Path, title: str) -> list[dict[str, Any]]:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(title).to_python()
    header = [str(cell).replace("\n", "") for cell in rows[3]]
    return [dict(zip(header, row, strict=True)) for row in rows[4:] if isinstance(row[0], float)]


def figure(path: Path, label: str, unit: str) -> list[Any]:
    (row,) = [each for each in rows_of(path, "月报表") if (each["指标"], each["单位"]) == (label, unit)]
    return [row["本月"], row["上月"], row["本年累计"]]


def export(town: Town, month: Month, path: Path, **options: Any) -> Path:
    return ledger(town.store, month, Audience.INTERNAL, path, options=Options(**options)).path


# Closing


def test_a_closed_month_gives_out_the_very_file_that_was_handed_in(town: Town, tmp_path: Path) -> None:
    close(town.store, OCTOBER)
    for audience in (Audience.INTERNAL, Audience.REPORT):
        first = ledger(town.store, OCTOBER, audience, tmp_path / "a.xlsx")
        before = first.path.read_bytes()
        edit(town, "visit", "F-001", people=7 if audience is Audience.INTERNAL else 8)
        again = ledger(town.store, OCTOBER, audience, tmp_path / "b.xlsx")
        assert again.handed_in
        assert again.path.read_bytes() == before
        assert again.sheets == first.sheets
        assert again.checks == first.checks
        assert not again.failed


def test_wanted_anew_it_is_written_from_today_and_says_so(town: Town, tmp_path: Path) -> None:
    close(town.store, OCTOBER)
    edit(town, "visit", "F-001", people=7)
    made = export(town, OCTOBER, tmp_path / "a.xlsx", anew=True)
    sheet = CalamineWorkbook.from_path(made).get_sheet_by_name("走访台账").to_python()
    assert "不是上报数" in str(sheet[0])
    assert figure(made, "走访人次", "人次")[0] == 9
    kept = export(town, OCTOBER, tmp_path / "b.xlsx")
    assert figure(kept, "走访人次", "人次")[0] == 4
    assert "不是上报数" not in str(
        CalamineWorkbook.from_path(kept).get_sheet_by_name("走访台账").to_python()[0]
    )


def test_parts_of_a_closed_month_are_only_to_be_had_anew(town: Town, tmp_path: Path) -> None:
    close(town.store, OCTOBER)
    with pytest.raises(UserError, match="整本"):
        export(town, OCTOBER, tmp_path / "a.xlsx", only=("visits",))
    with pytest.raises(UserError, match="结账"):
        export(town, OCTOBER, tmp_path / "a.xlsx", first_day=5)
    export(town, OCTOBER, tmp_path / "a.xlsx", only=("visits",), anew=True)


def test_a_month_is_not_closed_before_it_has_ended(town: Town) -> None:
    with pytest.raises(UserError, match="2026-11-30"):
        close(town.store, NOVEMBER)
    go_to(town, date(2026, 11, 30))
    with pytest.raises(UserError, match="还没有结束"):
        close(town.store, NOVEMBER)
    go_to(town, date(2026, 12, 1))
    close(town.store, NOVEMBER)


def test_a_month_is_closed_once(town: Town) -> None:
    close(town.store, OCTOBER)
    with pytest.raises(UserError, match="已在 2026-11-05 结账"):
        close(town.store, OCTOBER)


def test_earlier_open_months_are_told_and_stop_nothing(town: Town) -> None:
    state = closing_of(town.store, OCTOBER)
    assert [str(each) for each in state.earlier_open] == ["2026-08", "2026-09"]
    close(town.store, OCTOBER)
    state = closing_of(town.store, OCTOBER)
    assert state.is_closed
    assert (state.closed_on, state.worker) == (date(2026, 11, 5), "张社工")
    close(town.store, Month(2026, 9))
    assert [str(each) for each in closing_of(town.store, OCTOBER).earlier_open] == ["2026-08"]


class StopAt(NoProgress):
    """Presses Cancel at a word."""

    def __init__(self, word: str) -> None:
        self.word = word

    @override
    def say(self, sentence: str) -> None:
        if self.word in sentence:
            raise Cancelled


@pytest.mark.parametrize("word", ["走访台账", "核对", "明细"])
def test_a_cancelled_closing_leaves_no_trace(town: Town, word: str) -> None:
    with pytest.raises(Cancelled):
        close(town.store, OCTOBER, StopAt(word))
    assert closing_of(town.store, OCTOBER).state is None
    assert not list(town.store.folder.exports.iterdir())


class SaveMeanwhile(NoProgress):
    """Saves something so many times while a month is being closed."""

    def __init__(self, town: Town, times: int) -> None:
        self.town = town
        self.left = times
        self.attempts = 0

    @override
    def say(self, sentence: str) -> None:
        if "明细" in sentence:
            self.attempts += 1
            if self.left:
                self.left -= 1
                edit(self.town, "visit", "F-001", people=10 - self.left)


@pytest.mark.parametrize(("saves", "attempts"), [(0, 1), (1, 2), (2, 3)])
def test_what_is_saved_while_a_month_is_closed_is_in_what_is_kept(
    town: Town, tmp_path: Path, saves: int, attempts: int
) -> None:
    meanwhile = SaveMeanwhile(town, saves)
    close(town.store, OCTOBER, meanwhile)
    assert meanwhile.attempts == attempts
    made = export(town, OCTOBER, tmp_path / "a.xlsx")
    assert figure(made, "走访人次", "人次")[0] == (12 if saves else 4)
    assert corrections_of(town.store, NOVEMBER) == ()


def test_closing_is_undone_and_the_month_closed_anew(town: Town, tmp_path: Path) -> None:
    close(town.store, OCTOBER)
    history.undo(town.store)
    assert closing_of(town.store, OCTOBER).state is None
    edit(town, "visit", "F-001", people=7)
    close(town.store, OCTOBER)
    assert figure(export(town, OCTOBER, tmp_path / "a.xlsx"), "走访人次", "人次")[0] == 9


# Opening again


def test_opening_again_asks_why_is_logged_and_can_be_undone(town: Town, tmp_path: Path) -> None:
    close(town.store, OCTOBER)
    with pytest.raises(UserError, match="原因"):
        reopen(town.store, OCTOBER, " ")
    reopen(town.store, OCTOBER, "漏记两次走访")
    state = closing_of(town.store, OCTOBER)
    assert (state.state, state.reason) == (MonthState.REOPENED, "漏记两次走访")
    with town.store.reading() as session:
        key = session.execute(select(ClosedMonth.key)).scalar_one()
        entries = session.scalars(select(AuditEntry).where(AuditEntry.record_key == key)).all()
    assert [each.action for each in entries] == ["new", "changed"]
    assert "漏记两次走访" in str(history.history_of(town.store, "closed_month", key)[0])
    assert not ledger(town.store, OCTOBER, Audience.INTERNAL, tmp_path / "a.xlsx").handed_in
    history.undo(town.store)
    assert closing_of(town.store, OCTOBER).is_closed


def test_a_month_that_was_opened_again_is_closed_with_what_there_is_then(town: Town, tmp_path: Path) -> None:
    close(town.store, OCTOBER)
    reopen(town.store, OCTOBER, "漏记走访")
    edit(town, "visit", "F-001", people=7)
    close(town.store, OCTOBER)
    assert figure(export(town, OCTOBER, tmp_path / "a.xlsx"), "走访人次", "人次")[0] == 9
    assert closing_of(town.store, OCTOBER).reason == ""
    assert corrections_of(town.store, NOVEMBER) == ()


def test_only_a_closed_month_is_opened_again(town: Town) -> None:
    with pytest.raises(UserError, match="没有结账"):
        reopen(town.store, OCTOBER, "漏记走访")


# What comes after


@dataclass
class After:
    """November of a town whose October was closed and then changed."""

    path: Path
    text: str


@pytest.fixture
def after(town: Town, tmp_path: Path) -> After:
    close(town.store, OCTOBER)
    edit(town, "visit", "F-001", people=7)
    drop(town, "visit", "F-002")
    home = key_of(town, "household", "H-001")
    town.visit("F-030", home, date(2026, 10, 30))
    path = export(town, NOVEMBER, tmp_path / "十一月.xlsx")
    return After(path, str(CalamineWorkbook.from_path(path).get_sheet_by_name("月报表").to_python()))


def test_the_month_before_and_the_year_have_the_figures_that_were_handed_in(after: After) -> None:
    assert figure(after.path, "走访", "户次") == [0, 3, 4]
    assert figure(after.path, "走访人次", "人次") == [0, 4, 5]
    assert "已结账、用上报数的月份：2026年10月" in after.text
    assert "不符" not in after.text


def test_what_was_changed_is_listed_with_who_and_when(after: After) -> None:
    rows = rows_of(after.path, "更正表")
    told = {(row["台账"], row["编号"], row["更正"], row["项目"]): row for row in rows}
    people = told["走访台账", "F-001", CHANGED, "人次"]
    assert (people["上报内容"], people["现在内容"]) == ("2", "7")
    assert (people["改动人"], people["改动日期"]) == ("张社工", date(2026, 11, 5))
    assert told["走访台账", "F-002", GONE, "整行"]["改动人"] == "张社工"
    assert ("走访台账", "F-030", ADDED, "整行") in told
    instances = told["月报表", "", CHANGED, "走访人次（人次）"]
    assert (instances["上报内容"], instances["现在内容"]) == ("4", "9")
    assert {row["更正月份"] for row in rows} == {"2026年10月"}


def test_a_correction_is_told_once_and_what_comes_after_it_again(
    town: Town, after: After, tmp_path: Path
) -> None:
    assert after.path.exists()
    go_to(town, date(2026, 12, 2))
    close(town.store, NOVEMBER)
    december = corrections_of(town.store, NOVEMBER.next)
    assert [each for each in december if each.month == "2026-10"] == []
    edit(town, "visit", "F-001", people=2)
    told = {
        (each.ledger, each.code, each.label): (each.submitted, each.present)
        for each in corrections_of(town.store, NOVEMBER.next)
        if each.month == "2026-10"
    }
    assert told[("visits", "F-001", "人次")] == ("7", "2")
    assert told[("monthly", "", "走访人次（人次）")] == ("9", "4")


def test_corrections_in_a_report_wear_the_masks_of_their_columns(town: Town, tmp_path: Path) -> None:
    close(town.store, OCTOBER)
    edit(town, "person", "D-001", name="王秀莲", phone="13900000001", note="另一句话")
    edit(town, "person", "D-002", name="李小亮")
    made = ledger(town.store, NOVEMBER, Audience.REPORT, tmp_path / "a.xlsx")
    rows = {(row["编号"], row["项目"]): row for row in rows_of(made.path, "更正表")}
    assert rows["D-001", "姓名"]["现在内容"] == "王*"
    assert rows["D-001", "联系电话"]["上报内容"] == "139****0000"
    assert rows["D-001", "备注"]["现在内容"] == "（按规定不列出）"
    assert rows["D-002", "姓名"]["现在内容"] == "小X（化名）"
    internal = ledger(town.store, NOVEMBER, Audience.INTERNAL, tmp_path / "b.xlsx")
    rows = {(row["编号"], row["项目"]): row for row in rows_of(internal.path, "更正表")}
    assert (rows["D-001", "姓名"]["上报内容"], rows["D-001", "姓名"]["现在内容"]) == ("王秀兰", "王秀莲")


def test_who_may_not_be_listed_any_more_is_not_told_as_gone(town: Town) -> None:
    close(town.store, OCTOBER)
    person = key_of(town, "person", "D-001")
    town.add("person_category", person_key=person, category="G43")
    assert "D-001" not in {each.code for each in corrections_of(town.store, NOVEMBER)}


def test_without_changes_there_is_nothing_to_correct(town: Town, tmp_path: Path) -> None:
    close(town.store, OCTOBER)
    assert corrections_of(town.store, NOVEMBER) == ()
    assert rows_of(export(town, NOVEMBER, tmp_path / "a.xlsx"), "更正表") == []


def test_a_stock_that_was_handed_in_is_reconciled_with_what_was_mended(town: Town, tmp_path: Path) -> None:
    close(town.store, OCTOBER)
    home = key_of(town, "household", "H-001")
    town.person("D-030", "吴补录", home, opened_on=date(2026, 10, 9), is_head=False)
    made = ledger(town.store, NOVEMBER, Audience.INTERNAL, tmp_path / "a.xlsx")
    (check,) = [each for each in made.checks if each.sentence.startswith("本期末在册人数")]
    assert check.holds
    assert "上期末上报 3，更正 +1" in check.sentence
    assert figure(made.path, "在册人数", "人")[:2] == [5, 3]


def test_a_month_closed_for_other_days_is_not_taken_for_this_one(town: Town, tmp_path: Path) -> None:
    close(town.store, OCTOBER, first_day=21)
    edit(town, "visit", "F-001", people=7)
    made = export(town, NOVEMBER, tmp_path / "a.xlsx")
    assert figure(made, "走访人次", "人次")[1] == 9


def test_the_screen_says_how_a_month_stands_and_shows_what_was_handed_in(town: Town) -> None:
    close(town.store, OCTOBER)
    edit(town, "visit", "F-001", people=7)
    shown = overview(town.store, NOVEMBER)
    assert not shown.closing.is_closed
    assert overview(town.store, OCTOBER).closing.is_closed
    (line,) = [each for each in shown.lines if each.key == "visit_instances"]
    assert line.cells[1].text == "4"
    assert line.cells[1].query is None  # a list of today shows other rows


def test_a_closed_month_shows_what_was_handed_in_unless_it_is_asked_for_anew(town: Town) -> None:
    close(town.store, OCTOBER)
    edit(town, "visit", "F-001", people=7)

    def shown(*, anew: bool) -> tuple[str, str]:
        lines = overview(town.store, OCTOBER, anew=anew).lines
        (line,) = [each for each in lines if each.key == "visit_instances"]
        return line.cells[0].text, line.cells[2].text

    assert shown(anew=False) == ("4", "5")  # one in September
    assert shown(anew=True) == ("9", "10")


# The safe release


def test_a_report_that_tells_of_a_minor_is_not_kept_unless_somebody_answers_for_it(town: Town) -> None:
    home = key_of(town, "household", "H-002")
    town.visit("F-040", home, date(2026, 10, 20), service_given="陪李小明写作业")
    with pytest.raises(PersonalNumber, match="未成年人姓名"):
        close(town.store, OCTOBER)
    assert closing_of(town.store, OCTOBER).state is None
    close(town.store, OCTOBER, override=Override("监护人同意写明"))
    with town.store.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "release")).all()
    assert entry.record == "closed_month"


# What is told when a closed month is changed


def saved(town: Town, record: str, code: str, **values: Any) -> ChangeSet:
    model: Any = RECORDS[record]
    with town.store.reading() as session:
        stored = session.scalars(select(model).where(model.code == code)).one()
        change = changed(record, stored.key, values_of(stored), values)
    assert change is not None
    return save(town.store, change)


def test_a_change_of_a_closed_month_is_told_with_the_ledger_that_lists_it(town: Town) -> None:
    assert touched(town.store, saved(town, "visit", "F-001", people=6)) == ()
    close(town.store, OCTOBER)
    assert touched(town.store, saved(town, "visit", "F-001", people=7)) == (Touched(OCTOBER, NOVEMBER),)
    assert corrections_of(town.store, NOVEMBER) != ()
    assert touched(town.store, saved(town, "visit", "F-001", people=6)) == ()  # as it was handed in
    go_to(town, date(2026, 12, 2))
    close(town.store, NOVEMBER)
    assert touched(town.store, saved(town, "visit", "F-001", people=8)) == (Touched(OCTOBER, NOVEMBER.next),)
    reopen(town.store, OCTOBER, "漏记两次走访")
    assert touched(town.store, saved(town, "visit", "F-001", people=9)) == ()


def test_a_record_that_comes_goes_or_moves_is_told_and_its_undo_is_not(town: Town) -> None:
    close(town.store, OCTOBER)
    told = (Touched(OCTOBER, NOVEMBER),)
    moved = saved(town, "visit", "F-001", visited_on=date(2026, 11, 2))
    assert touched(town.store, moved) == told
    assert touched(town.store, history.undo(town.store)) == ()
    home = key_of(town, "household", "H-001")
    values = {**blank_of(town.store, "visit"), "household_key": home, "visited_on": date(2026, 10, 20)}
    assert touched(town.store, save(town.store, created("visit", values))) == told
    assert touched(town.store, history.undo(town.store)) == ()
    assert touched(town.store, remove(town.store, "visit", key_of(town, "visit", "F-001"))) == told
    today = {**values, "visited_on": date(2026, 11, 4)}
    assert touched(town.store, save(town.store, created("visit", today))) == ()


def test_days_that_only_figures_count_are_told(town: Town) -> None:
    close(town.store, OCTOBER)
    told = (Touched(OCTOBER, NOVEMBER),)
    assert touched(town.store, saved(town, "household", "H-001", opened_on=date(2026, 10, 2))) == told
    assert touched(town.store, saved(town, "resource", "医-01", verified_on=date(2026, 11, 3))) == told


def test_a_change_of_a_month_of_an_earlier_year_says_that_no_ledger_lists_it(town: Town) -> None:
    close(town.store, OCTOBER)
    for month in (NOVEMBER, NOVEMBER.next):
        go_to(town, month.next.first + timedelta(days=2))
        close(town.store, month)
    assert touched(town.store, saved(town, "visit", "F-001", people=7)) == (Touched(OCTOBER, None),)
