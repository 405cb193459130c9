"""The same work without the window: what each sub-command leaves behind, says, and answers."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from msoffcrypto import OfficeFile
from openpyxl import load_workbook
from pypdf import PdfReader

from stationdesk import __version__
from stationdesk.cli import REFUSED, main
from stationdesk.core.changes import created
from stationdesk.services import records
from stationdesk.services.listing import Query, count_of
from stationdesk.services.stations import open_station
from stationdesk.services.store import Store
from tests.desk_station import WORKER, add, new_station
from tests.services.desk_town import household, need, person, resource, village

PASSWORD = "桃园三组 12 号"
VILLAGES = "村居名称,村居代码,支书\n桃园村,999999100201,张山\n石桥村,999999100202,李四\n,999999100203,\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A closed plain station with a need and two resources that fit it."""
    store = new_station(tmp_path / "站")
    here = village(store, "桃园村")
    need(store, person(store, "王秀英", household(store, village_key=here)))
    resource(store, "镇卫生院", village_key=here, capacity=3)
    resource(store, "送药队", latitude=34.5, longitude=114.3)
    store.close()
    return tmp_path / "站"


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    """A closed station with a password."""
    new_station(tmp_path / "密站", PASSWORD).close()
    return tmp_path / "密站"


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def villages_in(root: Path) -> int:
    store = open_station(root)
    count = count_of(store, Query("village"))
    store.close()
    return count


def run(root: Path, *words: str | Path) -> int:
    return main([str(words[0]), "--station", str(root), *map(str, words[1:])])


# import


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_csv_is_brought_in_and_a_second_time_brings_nothing(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    (tmp_path / "村.csv").write_bytes(VILLAGES.encode(encoding))
    assert run(root, "import", tmp_path / "村.csv", "--as", "villages") == 0
    first = capsys.readouterr().out
    count = villages_in(root)
    assert count >= 2
    assert "已导入" in first
    assert run(root, "import", tmp_path / "村.csv", "--as", "villages") == 0
    assert villages_in(root) == count


def test_a_dry_run_writes_nothing(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "村.csv").write_text(VILLAGES, "utf-8")
    assert run(root, "import", tmp_path / "村.csv", "--as", "villages", "--dry-run") == 0
    told = capsys.readouterr().out
    assert "只检查，没有写入" in told
    assert "第 4 行" in told
    assert villages_in(root) == 1


def test_rows_of_damaged_id_numbers_come_in_without_them_only_when_that_is_said(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "人.csv"
    file.write_text("姓名,身份证号,居住地址\n周小满,4.2E+17,九组\n钱有余,,八组\n", "utf-8")
    assert run(root, "import", file, "--dry-run") == 0
    told = capsys.readouterr().out
    assert "不能导入：1 行" in told
    assert "--without-damaged-ids" in told
    assert run(root, "import", file, "--without-damaged-ids") == 0
    assert "新增：2 行" in capsys.readouterr().out


def test_rows_of_a_list_in_two_columns_are_named_by_the_cell_where_they_begin(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "村.csv"
    file.write_text("村居名称,户数,村居名称,户数\n甲乙村,10,丙丁村,20\n戊己村,30,,40\n", "utf-8")
    assert run(root, "import", file, "--as", "villages", "--dry-run") == 0
    assert "第 C3 行" in capsys.readouterr().out
    assert main(["table", str(file), "--json"]) == 0
    whole, left, right = json.loads(capsys.readouterr().out)["sheets"][0]["tables"]
    assert whole["sides"] == [left["area"], right["area"]] == ["A1:B3", "C1:D3"]
    assert [(row["number"], row["cell"]) for row in whole["rows"]][-1] == (3, "C3")


def test_the_last_import_is_taken_back_and_done_again_in_words(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "村.csv").write_text(VILLAGES, "utf-8")
    before = villages_in(root)
    assert run(root, "import", tmp_path / "村.csv", "--verdicts", tmp_path / "结论.xlsx") == 0
    told = capsys.readouterr().out
    assert "当作村居导入" in told
    assert load_workbook(tmp_path / "结论.xlsx").active is not None
    count = villages_in(root)
    assert run(root, "import", "--undo") == 0
    assert "删除了导入的记录" in capsys.readouterr().out
    assert villages_in(root) == before
    assert run(root, "import", "--undo") == REFUSED
    refused(capsys, "没有可以撤销的导入")
    assert run(root, "import", "--redo") == 0
    assert villages_in(root) == count


def test_a_column_is_corrected_and_remembered(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "店.csv").write_text("店名,在哪\n青石药店,青石街 1 号\n", "utf-8")
    assert run(root, "import", tmp_path / "店.csv", "--as", "resources", "--column", "在哪=地址") == 0
    assert "在哪 → 地址" in capsys.readouterr().out
    (tmp_path / "店2.csv").write_text("店名,在哪\n柳河药店,柳河街 2 号\n", "utf-8")
    assert run(root, "import", tmp_path / "店2.csv", "--dry-run") == 0
    told = capsys.readouterr().out
    assert "各列按上次" in told
    assert "在哪 → 地址" in told
    assert run(root, "import", tmp_path / "店.csv", "--column", "哪里=地址") == REFUSED
    refused(capsys, "没有叫“哪里”的列")


def test_an_import_without_a_file_says_what_to_write(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "import") == REFUSED
    refused(capsys, "--undo")


def test_a_missing_file_is_refused_in_one_sentence(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "import", tmp_path / "没有.csv", "--as", "people") == REFUSED
    refused(capsys, "没有.csv")


@pytest.mark.parametrize(
    "words",
    [
        ["import", "x.csv", "--header", "0"],
        ["import", "x.csv", "--as", "horses"],
        ["import", "x.csv", "--as", "people", "--datum", "mars"],
        ["handout", "--paper", "A5", "--out", "x.pdf"],
        ["fly"],
    ],
)
def test_what_the_program_does_not_know_is_refused_with_status_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == REFUSED
    assert "用法：stationdesk" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", ["demo", "import", "match", "handout", "ledger", "backup", "restore", "check"]
)
def test_the_help_of_every_command_explains_each_of_its_words(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith("用法：")
    entries = re.split(r"\n  (?=\S)", told)[1:]
    assert entries
    assert all(re.search("[一-龥]", each) for each in entries)


def refused(capsys: pytest.CaptureFixture[str], words: str) -> None:
    """One sentence on standard error, nothing on standard output, no traceback."""
    told = capsys.readouterr()
    assert told.out == ""
    assert words in told.err
    assert told.err.strip().count("\n") == 0
    assert "Traceback" not in told.err


# match


def test_suggestions_are_told_as_json_with_every_rule(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "match", "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["need"] == "需-0001"
    assert told["item"] == "送药"
    best, second = told["suggestions"]
    assert (best["name"], second["name"]) == ("镇卫生院", "送药队")
    assert best["points"] > second["points"]
    assert best["remaining"] == 3
    answers = {each["rule"]: each["answer"] for each in best["rules"]}
    assert answers["item"] == answers["village"] == "yes"
    assert {each["answer"] for each in second["rules"]} >= {"yes", "unknown"}


def test_the_suggestions_of_one_need_are_told_in_words(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "match", "--need", "需-0001") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("需-0001")
    assert "镇卫生院" in lines[1]
    assert "同在桃园村" in lines[1]


def test_an_unknown_need_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "match", "--need", "需-9999") == REFUSED
    refused(capsys, "需-9999")


# ledger and hand-out


@pytest.mark.parametrize("audience", ["internal", "report"])
def test_the_ledger_of_a_month_is_a_workbook(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], audience: str
) -> None:
    out = tmp_path / "台账.xlsx"
    assert run(root, "ledger", "2026-11", "--for", audience, "--out", out) == 0
    told = capsys.readouterr().out
    book = load_workbook(out)
    sheets = book.sheetnames
    assert {"服务对象花名册", "需求台账", "资源库台账", "资源链接登记", "走访台账", "月报表"} <= set(sheets)
    assert "  需求台账：1 行" in told
    assert "相符 ✓" in told
    assert "√" not in told
    book.close()


@pytest.mark.parametrize("month", ["2026-13", "十月", "2026", ""])
def test_an_unknown_month_is_refused(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], month: str
) -> None:
    assert run(root, "ledger", month, "--out", tmp_path / "x.xlsx") == REFUSED
    refused(capsys, "2026-10")
    assert not (tmp_path / "x.xlsx").exists()


def test_a_ledger_with_a_password_opens_with_it_only(root: Path, tmp_path: Path) -> None:
    (tmp_path / "密码.txt").write_text("柳河2026县局\n第二行不算\n", "utf-8-sig")
    out = tmp_path / "x.xlsx"
    assert run(root, "ledger", "2026-11", "--out", out, "--password-file", tmp_path / "密码.txt") == 0
    with out.open("rb") as file:
        office = OfficeFile(file)
        assert office.is_encrypted()
        office.load_key(password="柳河2026县局", verify_password=True)


def test_a_password_that_would_not_hold_is_refused_before_anything_is_written(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "密码.txt").write_text("123\n", "utf-8")
    words = ("ledger", "2026-11", "--out", tmp_path / "x.xlsx", "--password-file", tmp_path / "密码.txt")
    assert run(root, *words) == REFUSED
    assert "密码太短" in capsys.readouterr().err
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["2026-11"], "--out"),
        ([], "哪个月"),
        (["2026-11", "--out", "x.xlsx", "--from-day", "29"], "1 到 28"),
        (["2026-11", "--out", "x.xlsx", "--sheet", "年报"], "年报"),
        (["2026-11", "--close"], "还没有结束"),
        (["2026-10", "--close", "--reopen"], "只能写一个"),
        (["2026-10", "--reopen", "--reason", "漏记"], "没有结账"),
        (["2026-10", "--out", "x.xlsx", "--release-anyway", " "], "原因"),
    ],
)
def test_a_ledger_that_cannot_be_is_refused_in_one_sentence(
    root: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert run(root, "ledger", *words) == REFUSED
    refused(capsys, told)


def test_the_ledgers_are_named_and_some_are_written_from_another_day(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "ledger", "--list") == 0
    assert "roster  服务对象花名册" in capsys.readouterr().out
    out = tmp_path / "台账.xlsx"
    words: list[str | Path] = ["--sheet", "roster", "--sheet", "走访台账", "--from-day", "21", "--out", out]
    assert run(root, "ledger", "2026-11", *words) == 0
    book = load_workbook(out)
    assert book.sheetnames == ["服务对象花名册", "走访台账", "导出说明"]
    assert "2026年11月（10月21日—11月20日）" in str(book["走访台账"]["A3"].value) + "".join(
        str(cell.value) for cell in book["走访台账"][3]
    )
    book.close()


def test_a_month_is_closed_handed_out_and_opened_again(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    assert run(root, "ledger", "2026-10", "--close", "--out", one) == 0
    assert "2026年10月已结账" in capsys.readouterr().out
    assert run(root, "ledger", "2026-10", "--out", two) == 0
    assert "一字未改" in capsys.readouterr().out
    assert one.read_bytes() == two.read_bytes()
    assert run(root, "ledger", "2026-10", "--out", two, "--anew") == 0
    assert one.read_bytes() != two.read_bytes()
    assert run(root, "ledger", "2026-10", "--reopen", "--reason", "漏记走访") == 0
    assert run(root, "ledger", "2026-10", "--reopen", "--reason", "漏记走访") == REFUSED


def test_a_ledger_into_a_folder_that_is_not_there_is_refused(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "ledger", "2026-11", "--out", tmp_path / "没有" / "x.xlsx") == REFUSED
    refused(capsys, "没有")


def test_the_hand_out_is_printed_without_a_window(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "资源图.pdf"
    # A process of its own, as in a script: the web engine is begun once in a process and by its window's thread.
    done = subprocess.run(
        [sys.executable, "-m", "stationdesk", "handout", "--station", str(root), "--out", str(out)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "已保存" in done.stdout
    assert "送药队" in "".join(page.extract_text() for page in PdfReader(out).pages)


# backup, restore, check


def test_a_backup_is_made_and_restored_and_the_former_station_is_named(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "backup", "--out", tmp_path / "b") == 0
    assert "重新打开核对过" in capsys.readouterr().out
    store = open_station(root)
    add(store, "village", name="后来的村")
    store.close()
    assert run(root, "restore", tmp_path / "b") == 0
    assert str(tmp_path / "站.before-restore-1") in capsys.readouterr().out
    assert villages_in(root) == 1
    assert run(root, "check") == 0


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04"])
def test_what_is_no_backup_is_refused_and_the_station_stays(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "坏").write_bytes(content)
    assert run(root, "restore", tmp_path / "坏") == REFUSED
    refused(capsys, "坏")
    assert villages_in(root) == 1


def test_the_check_tells_each_part_and_fails_when_one_is_not_good(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "check") == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 5
    assert all(line.startswith("√ ") for line in told)
    store = open_station(root)
    values = {"record": "household", "record_key": "0" * 32, "path": "photos/没有.jpg", "name": "没有.jpg"}
    _attach(store, values)
    store.close()
    assert run(root, "check") == REFUSED
    told_again = capsys.readouterr()
    assert "× 照片和附件" in told_again.out
    assert "×" in told_again.err


def _attach(store: Store, values: dict[str, Any]) -> None:
    blank = records.blank_of(store, "attachment")
    records.save(store, created("attachment", {**blank, **values, "sha256": "0" * 64, "size": 1}))


# The station, its password, its lock


COMMANDS = [
    ["match"],
    ["check"],
    ["backup", "--out", "x"],
    ["ledger", "2026-11", "--out", "x.xlsx"],
    ["handout", "--out", "x.pdf"],
    ["import", "x.csv", "--as", "people"],
]


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_asks_which_station(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == REFUSED
    refused(capsys, "--station")


@pytest.mark.parametrize("words", COMMANDS)
def test_no_command_works_where_no_station_lies(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([words[0], "--station", str(tmp_path / "没有"), *words[1:]]) == REFUSED
    refused(capsys, "没有工作站")
    assert list(tmp_path.iterdir()) == []


def test_the_station_may_be_named_before_the_command(root: Path) -> None:
    assert main(["--station", str(root), "check"]) == 0


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
def test_the_password_comes_from_standard_input(
    locked: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    typed(monkeypatch, PASSWORD + ending)
    assert run(locked, "check") == 0


@pytest.mark.parametrize(
    ("given", "words"), [("falsch falsch\n", "密码不对"), ("", "标准输入"), ("\n", "密码不对")]
)
def test_a_wrong_or_missing_password_is_refused(
    locked: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: str, words: str
) -> None:
    typed(monkeypatch, given)
    assert run(locked, "check") == REFUSED
    refused(capsys, words)


def test_a_password_is_never_an_argument(locked: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(locked, "check", "--password", PASSWORD)
    assert stopped.value.code == REFUSED


def test_an_unknown_worker_is_refused_by_name(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "check", "--worker", "赵五") == REFUSED
    refused(capsys, "赵五")
    assert run(root, "check", "--worker", WORKER) == 0


@pytest.mark.parametrize("words", [["check"], ["match"], ["backup", "--out", "x"], ["restore", "b"]])
def test_a_station_that_is_open_elsewhere_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(root.parent)
    assert run(root, "backup", "--out", "b") == 0
    capsys.readouterr()
    store = open_station(root)
    assert run(root, *words) == REFUSED
    refused(capsys, "已在本机打开")
    store.close()
    assert run(root, *words) == 0


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert __version__ in capsys.readouterr().out


def test_a_bug_ends_with_status_1_and_not_as_a_refusal(root: Path, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from stationdesk.services import safety\n"
        "from stationdesk.cli import main\n"
        "safety.check = None\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "--station", str(root)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" in done.stderr
