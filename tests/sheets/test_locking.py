from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import msoffcrypto
import openpyxl
import pypdf
import pytest

from stationdesk.core.sealing import BadPassword, check_password
from stationdesk.sheets.locking import Lock, lock_file, write_sealed

PASSWORD = "柳河2026县局"


def workbook(path: Path) -> bytes:
    made = openpyxl.Workbook()
    made.worksheets[0]["A1"] = "王秀兰"
    made.save(path)
    return path.read_bytes()


def make(path: Path) -> None:
    workbook(path)


def refuse_nothing(path: Path) -> None:
    assert zipfile.is_zipfile(path), "what is checked has no password yet"


def test_a_locked_workbook_opens_with_its_password_and_with_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.part"
    plain = workbook(path)
    lock_file(path, PASSWORD)
    locked = path.read_bytes()
    assert locked.startswith(b"\xd0\xcf\x11\xe0"), "an OLE container, as every office program expects"
    assert "王秀兰".encode() not in locked
    office = msoffcrypto.OfficeFile(io.BytesIO(locked))
    assert office.is_encrypted()
    out = io.BytesIO()
    office.load_key(password=PASSWORD, verify_password=True)
    office.decrypt(out)
    assert out.getvalue() == plain
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        msoffcrypto.OfficeFile(io.BytesIO(locked)).load_key(password="另一个密码", verify_password=True)


def test_a_locked_pdf_opens_with_its_password_and_with_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.part"
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 200)
    writer.write(path)
    lock_file(path, PASSWORD)
    reader = pypdf.PdfReader(path)
    assert reader.is_encrypted
    assert reader.decrypt("123456") is pypdf.PasswordType.NOT_DECRYPTED
    assert reader.decrypt(PASSWORD) is not pypdf.PasswordType.NOT_DECRYPTED
    assert len(reader.pages) == 1
    assert b"/V 5" in path.read_bytes(), "AES-256"


@pytest.mark.parametrize(
    "password", ["12345", " 123456", "12345\n6", "字" * 60, "１２３４５６", "abcde\ud800"]
)
def test_a_password_that_would_not_hold_or_open_is_refused(password: str) -> None:
    with pytest.raises(BadPassword):
        check_password(password)


def test_two_passwords_that_differ_are_refused() -> None:
    with pytest.raises(BadPassword, match="不一样"):
        check_password("123456", "123465")


def test_only_the_locked_file_comes_near_the_target(tmp_path: Path) -> None:
    stick, here = tmp_path / "U盘", tmp_path / "本机"
    stick.mkdir()
    here.mkdir()
    seen: list[tuple[str, bool]] = []

    def write(part: Path) -> None:
        workbook(part)
        seen.append((part.parent.parent.name, any(stick.iterdir())))

    target = write_sealed(
        stick / "名册.xlsx",
        write,
        refuse_nothing,
        release=lambda: seen.append(("log", (stick / "名册.xlsx").exists())),
        lock=Lock(PASSWORD, here),
    )
    assert seen == [("本机", False), ("log", False)]
    assert msoffcrypto.OfficeFile(io.BytesIO(target.read_bytes())).is_encrypted()
    assert [each.name for each in stick.iterdir()] == ["名册.xlsx"]
    assert not list(here.iterdir())


def test_what_the_check_refuses_is_never_locked_or_written(tmp_path: Path) -> None:
    def refuse(_part: Path) -> None:
        raise BadPassword("这份文件不对。")

    with pytest.raises(BadPassword, match="不对"):
        write_sealed(
            tmp_path / "a.xlsx",
            make,
            refuse,
            lock=Lock(PASSWORD, tmp_path),
        )
    assert not list(tmp_path.iterdir())


def test_a_password_stands_in_no_message_of_a_bug() -> None:
    assert PASSWORD not in repr(Lock(PASSWORD, Path()))


def test_a_locked_word_form_opens_with_its_password(tmp_path: Path) -> None:
    path = tmp_path / "a.part"
    document = docx.Document()
    document.add_paragraph("王秀兰")
    document.save(str(path))
    plain = path.read_bytes()
    lock_file(path, PASSWORD)
    office = msoffcrypto.OfficeFile(io.BytesIO(path.read_bytes()))
    out = io.BytesIO()
    office.load_key(password=PASSWORD, verify_password=True)
    office.decrypt(out)
    assert out.getvalue() == plain
