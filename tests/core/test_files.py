"""A file is the old one or the whole new one, whatever happens while it is written."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.core.errors import UserError
from stationdesk.core.files import (
    TargetInUse,
    clear_leftovers,
    free_name,
    safe_file_name,
    work_beside,
    write_bytes_safely,
    write_safely,
)


def writes(content: bytes) -> Callable[[Path], None]:
    def write(part: Path) -> None:
        part.write_bytes(content)

    return write


@pytest.fixture
def target(tmp_path: Path) -> Path:
    file = tmp_path / "台账.xlsx"
    file.write_bytes(b"old")
    return file


def test_a_file_is_written_and_nothing_else_stays(target: Path) -> None:
    assert write_bytes_safely(target, b"new") == target
    assert target.read_bytes() == b"new"
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_the_old_file_stands_until_the_new_one_is_whole_and_checked(target: Path) -> None:
    def check(part: Path) -> None:
        assert part.read_bytes() == b"new"
        assert part.parent == target.parent
        assert target.read_bytes() == b"old"

    write_safely(target, writes(b"new"), check)
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("stop", [ValueError, KeyboardInterrupt])
def test_a_write_that_is_cut_short_leaves_the_old_file(target: Path, stop: type[BaseException]) -> None:
    def write(part: Path) -> None:
        part.write_bytes(b"hal")
        raise stop

    with pytest.raises(stop):
        write_safely(target, write)
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_a_file_that_fails_its_check_never_arrives(target: Path) -> None:
    def check(part: Path) -> None:
        raise UserError("少了行")

    with pytest.raises(UserError, match="少了行"):
        write_safely(target, writes(b"short"), check)
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_a_full_disk_is_told_with_what_is_left(target: Path) -> None:
    def write(part: Path) -> None:
        part.write_bytes(b"ne")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(UserError, match=r"磁盘空间不足.*只剩"):
        write_safely(target, write)
    assert target.read_bytes() == b"old"


def test_what_cannot_fit_is_refused_before_it_is_tried(target: Path) -> None:
    def write(part: Path) -> None:
        raise AssertionError("tried")

    with pytest.raises(UserError, match=r"需要 .* GB"):
        write_safely(target, write, needed=1 << 60)


def test_a_real_write_error_of_the_disk_is_told(target: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")

    def write(part: Path) -> None:
        with Path("/dev/full").open("wb", buffering=0) as full:
            full.write(b"x")

    with pytest.raises(UserError, match="磁盘空间不足"):
        write_safely(target, write)


def test_an_error_about_another_file_is_not_blamed_on_the_target(target: Path) -> None:
    def write(part: Path) -> None:
        (target.parent / "照片.jpg").read_bytes()

    with pytest.raises(FileNotFoundError):
        write_safely(target, write)


def test_a_folder_a_missing_folder_and_a_read_only_file_are_refused(tmp_path: Path, target: Path) -> None:
    with pytest.raises(UserError, match="是一个文件夹"):
        write_bytes_safely(tmp_path, b"new")
    with pytest.raises(UserError, match="不存在"):
        write_bytes_safely(tmp_path / "没有" / "a.txt", b"new")
    target.chmod(stat.S_IRUSR)
    with pytest.raises(UserError, match="只读"):
        write_bytes_safely(target, b"new")
    assert target.read_bytes() == b"old"


def test_a_folder_without_permission_is_told(target: Path) -> None:
    def write(part: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(part))

    with pytest.raises(UserError, match="没有权限写入"):
        write_safely(target, write)


@pytest.mark.parametrize("mark", [".~lock.台账.xlsx#", "~$台账.xlsx"])
def test_a_file_open_in_an_office_program_is_left_alone(target: Path, mark: str) -> None:
    (target.parent / mark).touch()
    with pytest.raises(TargetInUse, match=r"台账\(2\)\.xlsx"):
        write_bytes_safely(target, b"new")
    saved = write_safely(target, writes(b"new"), beside=True)
    assert saved.name == "台账(2).xlsx"
    assert saved.read_bytes() == b"new"
    assert target.read_bytes() == b"old"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_stays_a_link(tmp_path: Path, target: Path) -> None:
    link = tmp_path / "link.xlsx"
    link.symlink_to(target)
    write_bytes_safely(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_a_file_keeps_its_mode(target: Path) -> None:
    target.chmod(0o600)
    write_bytes_safely(target, b"new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
@pytest.mark.parametrize("name", ["台账.xlsx", "新.xlsx"])
def test_a_private_file_is_its_owners_from_the_first_byte_on(target: Path, name: str) -> None:
    def write(part: Path) -> None:
        part.write_bytes(b"new")
        assert stat.S_IMODE(part.stat().st_mode) == 0o600

    target.chmod(0o644)
    written = write_safely(target.with_name(name), write, private=True)
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_the_first_free_name_is_offered(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    assert free_name(path) == path
    path.touch()
    (tmp_path / "a.tar(2).gz").touch()
    assert free_name(path).name == "a.tar(3).gz"


def test_only_the_leftovers_of_other_runs_are_removed(target: Path) -> None:
    left = target.parent / ".stationdesk-00000000-0000abcd.part"
    work = target.parent / ".stationdesk-00000000-0000abcd.work"
    foreign = target.parent / "下载.part"
    left.touch()
    foreign.touch()
    work.mkdir()
    (work / "station.db").touch()

    def write(part: Path) -> None:
        part.write_bytes(b"new")
        with work_beside(part) as mine:
            assert clear_leftovers(target.parent) == [left, work]
            assert part.exists()
            assert mine.exists()

    write_safely(target, write)
    assert sorted(target.parent.iterdir()) == sorted([target, foreign])


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("资源图 A4.pdf", "资源图 A4.pdf"),
        ("a:b/c\\d*?.xlsx", "a_b_c_d__.xlsx"),
        ("CON", "CON_"),
        ("con.txt", "con_.txt"),
        ("aux .tar.gz", "aux_.tar.gz"),
        ("COM1", "COM1_"),
        ("CONTENT.txt", "CONTENT.txt"),
        ("..", "未命名"),
        ("", "未命名"),
        (".xlsx", "未命名.xlsx"),
        ("名单. . ", "名单"),
        ("单\x00引\n号\u202excod.exe", "单引 号xcod.exe"),
    ],
)
def test_a_name_is_made_fit_for_every_system(wish: str, name: str) -> None:
    assert safe_file_name(wish) == name


@given(st.text(max_size=300), st.sampled_from(["", ".xlsx", ".pdf"]))
def test_any_text_makes_a_name_that_can_be_written(text: str, suffix: str) -> None:
    name = safe_file_name(text + suffix)
    assert 0 < len(name) <= 120
    assert len(name.encode()) <= 200
    assert not set(name) & set('<>:"/\\|?*\x00\n')
    assert name == name.strip().rstrip(".")
    assert name.partition(".")[0].strip().upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}
    assert safe_file_name(name) == name
    assert name.endswith(suffix)


def test_a_long_name_keeps_its_suffix(tmp_path: Path) -> None:
    name = safe_file_name("社" * 300 + ".xlsx")
    assert name.endswith("社.xlsx")
    write_bytes_safely(tmp_path / name, b"x")
    assert free_name(tmp_path / name).name.endswith("社(2).xlsx")
    write_bytes_safely(free_name(tmp_path / name), b"x")
