"""`handout` and `preflight`: sheets without the window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from stationdesk.cli import REFUSED, main
from stationdesk.core.vocab import ContactPublic, Dimension, MapClass
from stationdesk.maps.sheet.check import plain
from stationdesk.maps.sheet.proof import read_proof
from stationdesk.services.editions import editions_of
from stationdesk.services.stations import close, open_station
from stationdesk.services.store import Store
from tests.desk_station import TODAY, add, new_station


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A closed station with a village and two resources."""
    store = new_station(tmp_path / "站")
    village = add(store, "village", name="东岗村", code="999999100201")
    for name, north, phone in (("镇卫生院", 0.0, "0999-0004321"), ("东岗药房", 0.003, "0999-0001111")):
        add(
            store,
            "resource",
            name=name,
            phone=phone,
            dimension=Dimension.ORGANISATIONS,
            map_class=MapClass.MEDICAL,
            contact_public=ContactPublic.PHONE,
            verified_on=TODAY - timedelta(days=3),
            latitude=38.31 + north,
            longitude=102.62,
            village_key=village if north else None,
        )
    store.close()
    return tmp_path / "站"


def run(root: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """A process of its own, as in a script: the web engine is begun once in a process."""
    return subprocess.run(
        [sys.executable, "-m", "stationdesk", str(words[0]), "--station", str(root), *map(str, words[1:])],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


def edit_phone(root: Path, phone: str) -> None:
    """Give the first resource a phone."""
    from stationdesk.core.fields import Key
    from stationdesk.services.listing import Query, keys_of
    from tests.desk_station import edit

    store: Store = open_station(root)
    key: Key = keys_of(store, Query("resource", order="code"))[0]
    edit(store, "resource", key, phone=phone)
    store.close()


def test_a_hand_out_of_a_village_is_printed_and_kept_as_an_edition(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "图.pdf"
    done = run(
        root, "handout", "--area", "999999100201", "--paper", "8k", "--landscape", "--bw", "--out", out
    )
    assert done.returncode == 0, done.stderr
    assert "1 项，" in done.stdout
    assert "第 1 版" in done.stdout
    box = PdfReader(out).pages[0].mediabox
    assert [round(float(each) / 72 * 25.4) for each in (box.width, box.height)] == [368, 260]
    store = open_station(root)
    assert [(each.area, each.number, each.file_name) for each in editions_of(store)] == [
        ("东岗村", 1, "图.pdf")
    ]
    store.close()


def test_a_sheet_with_faults_is_refused_in_one_sentence_and_can_be_a_draft(
    root: Path, tmp_path: Path
) -> None:
    edit_phone(root, "没有电话")
    out = tmp_path / "图.pdf"
    refused = run(root, "handout", "--out", out)
    assert refused.returncode == REFUSED
    assert "只能存成草稿" in refused.stderr
    assert "医-01“没有电话”" in refused.stderr
    assert refused.stderr.strip().count("\n") == 0
    assert not out.exists()
    draft = run(root, "handout", "--draft", "--out", out)
    assert draft.returncode == 0, draft.stderr
    assert "草稿" in draft.stdout
    assert out.is_file()
    store = open_station(root)
    assert editions_of(store) == ()
    store.close()


def test_the_preflight_tells_as_json_what_was_found_and_leaves_nothing(root: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in root.iterdir())
    done = run(root, "preflight", "--json", "--paper", "A3")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["kind"], told["paper"], told["may_be_given"], told["entries"], told["drawn"]) == (
        "resources",
        "A3",
        True,
        2,
        2,
    )
    assert {"glyphs", "drawn", "published", "layers", "phone", "boundary", "oldest"} <= {
        each["rule"] for each in told["findings"]
    }
    edit_phone(root, "没有电话")
    done = run(root, "preflight", "--json")
    assert done.returncode == REFUSED
    told = json.loads(done.stdout)
    assert told["may_be_given"] is False
    assert [each["codes"] for each in told["findings"] if each["level"] == "stop"] == [["医-01"]]
    assert "没有通过" in done.stderr
    assert sorted(path.name for path in root.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--kind", "clients", "--draft"], "没有草稿"),
        (["--area", "没有的村"], "没有的村"),
        (["--kind", "community", "--large-print"], "大字版只有社区资源图"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_one_sentence(
    root: Path, tmp_path: Path, words: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "图.pdf"
    assert main(["handout", "--station", str(root), *words, "--out", str(out)]) == REFUSED
    told = capsys.readouterr()
    assert told.out == ""
    assert reason in told.err
    assert told.err.strip().count("\n") == 0
    assert not out.exists()


def served(root: Path, password: str | None = None) -> None:
    """A village with a place, and a household in it."""
    store = open_station(root, None, password) if password else open_station(root)
    village = add(store, "village", name="西沟村", latitude=38.31, longitude=102.62)
    home = add(store, "household", village_key=village, latitude=38.312, longitude=102.622)
    person = add(store, "person", name="李守林", household_key=home, is_head=True)
    add(store, "person_category", person_key=person, category="G13")
    close(store)


def words_in(file: Path) -> str:
    return plain("".join(page.text for page in read_proof(file)))


def test_the_map_of_the_people_served_asks_for_the_password_again_for_single_households(
    tmp_path: Path,
) -> None:
    root, password = tmp_path / "密码站", "river-Stone-42"
    close(new_station(root, password))
    served(root, password)
    out = tmp_path / "图.pdf"

    def made(lines: str, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "stationdesk", "handout", "--station", str(root), "--out", str(out)]
        return subprocess.run(
            [*command, "--kind", "clients", *words],
            input=lines,
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            check=False,
        )

    once = made(f"{password}\n", "--exact")
    assert once.returncode == REFUSED
    wrong = made(f"{password}\nriver-Stone-43\n", "--exact")
    assert wrong.returncode == REFUSED
    assert "密码不对" in wrong.stderr
    assert not out.exists()
    exact = made(f"{password}\n{password}\n", "--exact")
    assert exact.returncode == 0, exact.stderr
    assert "内部资料" in exact.stdout
    assert "户-0001" in words_in(out)
    out.unlink()
    villages = made(f"{password}\n")
    assert villages.returncode == 0, villages.stderr
    assert "户-0001" not in words_in(out)
    assert "不足5人" in words_in(out)
    store = open_station(root, None, password)
    assert editions_of(store) == ()
    close(store)


def test_no_pre_flight_is_made_of_the_map_of_the_people_served(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served(root)
    assert main(["preflight", "--station", str(root), "--kind", "clients"]) == REFUSED
    assert "不发放" in capsys.readouterr().err
