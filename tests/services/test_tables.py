"""What the reader understood, told sheet by sheet, and the sub-command that prints it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from stationdesk.cli import main
from stationdesk.core.errors import UserError
from stationdesk.services.tables import as_json, read_tables


def workbook(path: Path) -> Path:
    """A list with a title, a header of two levels and a total, a hidden sheet and a blank one."""
    book = openpyxl.Workbook()
    shown = book.active
    assert shown is not None
    shown.title = "名单"
    for row in (
        ["花名册"],
        ["姓名", "登记", None],
        [None, "日期", "人口"],
        ["张三", date(2026, 10, 1), 3],
        ["李四", None, 2.5],
        ["合计", None, 5.5],
    ):
        shown.append(row)
    for merge in ("A1:C1", "A2:A3", "B2:C2"):
        shown.merge_cells(merge)
    hidden = book.create_sheet("底稿")
    hidden.append(["姓名", "电话"])
    hidden.append(["王五", "110"])
    hidden.sheet_state = "hidden"
    book.create_sheet("空")
    book.save(path)
    return path


def test_everything_is_told_in_plain_values(tmp_path: Path) -> None:
    told = as_json(read_tables(workbook(tmp_path / "名单.xlsx")))
    assert told["refused"] is None
    shown, hidden, blank = told["sheets"]
    assert (shown["name"], shown["hidden"], shown["taken"], shown["refused"]) == ("名单", False, True, None)
    (table,) = shown["tables"]
    assert table["title"] == "花名册"
    assert table["header_rows"] == [2, 3]
    assert [column["path"] for column in table["columns"]] == [["姓名"], ["登记", "日期"], ["登记", "人口"]]
    assert table["rows"] == [
        {"number": 4, "cells": ["张三", "2026-10-01", 3]},
        {"number": 5, "cells": ["李四", None, 2.5]},
    ]
    assert [(each["number"], each["why"]) for each in table["left_out"]] == [
        (1, "表头上方的标题或说明"),
        (6, "合计行"),
    ]
    assert (hidden["hidden"], hidden["taken"], len(hidden["tables"])) == (True, False, 1)
    assert "空的" in blank["refused"]


def test_a_hidden_sheet_is_taken_when_it_is_named_or_numbered(tmp_path: Path) -> None:
    path = workbook(tmp_path / "名单.xlsx")
    for name in ("底稿", "2"):
        (sheet,) = read_tables(path, name).sheets
        assert (sheet.name, sheet.taken, sheet.hidden) == ("底稿", True, True)
    with pytest.raises(UserError, match="名单、底稿、空"):
        read_tables(path, "4")


def test_a_sheet_without_a_table_shows_its_cells_and_why(tmp_path: Path) -> None:
    path = tmp_path / "数.csv"
    path.write_text("1,2\n3,4\n", "utf-8")
    told = as_json(read_tables(path))
    assert "没有找到表头" in told["refused"]
    assert told["sheets"][0]["cells"] == [
        {"number": 1, "cells": ["1", "2"]},
        {"number": 2, "cells": ["3", "4"]},
    ]


def test_the_sub_command_prints_json_and_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = workbook(tmp_path / "名单.xlsx")
    assert main(["table", str(path), "--sheet", "名单", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sheets"][0]["tables"][0]["area"] == "A2:C5"
    assert main(["table", str(path)]) == 0
    text = capsys.readouterr().out
    assert "B 登记/日期" in text
    assert "第 6 行不算内容（合计行）" in text
    assert "底稿”（隐藏" in text


def test_a_refusal_is_one_sentence_and_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "名单.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"\x07" * 500)
    assert main(["table", str(path), "--json"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["refused"] == told.err.strip()
    assert "已损坏" in told.err
    path = tmp_path / "表头.csv"
    path.write_text("姓名,电话\n", "utf-8")
    assert main(["table", str(path), "--json"]) == 2
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert json.loads(told.out)["sheets"][0]["tables"][0]["columns"][1]["path"] == ["电话"]
