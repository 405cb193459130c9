"""A password on a file that leaves the station: workbooks as ECMA-376 agile (AES-256), PDF as AES-256 (ISO 32000-2).

WPS, Excel and LibreOffice ask for the password of such a workbook, every reader of the last ten years for that of
such a PDF. The password is kept nowhere; the locked file is opened again with it before it counts as written.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from stationdesk.core.files import work_beside, write_safely
from stationdesk.core.sealing import check_password


class Unlockable(Exception):
    """The locked file does not open again with its password: a bug, so nothing is given out."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A password for a file that is to be written, and a folder of this computer where it may lie without one.

    A stick keeps what was once written to it, so only the locked file comes near the target; what a power cut leaves
    in `aside` goes at the next start (`core.files.clear_leftovers`).
    """

    password: str = field(repr=False)
    aside: Path


def write_sealed(
    target: Path,
    write: Callable[[Path], None],
    check: Callable[[Path], None] | None = None,
    *,
    release: Callable[[], None] | None = None,
    lock: Lock | None = None,
    beside: bool = False,
    private: bool = False,
) -> Path:
    """`write_safely`, with a password on the file where there is a `lock`.

    `check` reads the file as it is without its password. `release` is called when all is right and before the file
    can be seen: whoever logs what leaves the station does it there.
    """

    def sealed(part: Path) -> None:
        if lock is None:
            write(part)
            return
        with work_beside(lock.aside / part.name) as work:
            plain = work / "plain"
            write(plain)
            if check is not None:
                check(plain)
            lock_file(plain, lock.password)
            part.write_bytes(plain.read_bytes())

    def checked(part: Path) -> None:
        if check is not None and lock is None:
            check(part)
        if release is not None:
            release()

    if lock is not None:
        check_password(lock.password)
    return write_safely(target, sealed, checked, beside=beside, private=private)


def lock_file(path: Path, password: str) -> None:
    """Put a password on a workbook (.xlsx) or a PDF, in place; what the file is says its beginning.

    The file lies where nobody looks for it yet: it is a part file that is moved when all is right.

    Raises:
        BadPassword: the password cannot be used.
        Unlockable: the locked file does not open again.
    """
    check_password(password)
    plain = path.read_bytes()
    kind = next((each for start, each in _KINDS.items() if plain.startswith(start)), None)
    if kind is None:
        raise ValueError("neither a workbook nor a PDF")
    locked = io.BytesIO()
    write, same = kind
    write(plain, password, locked)
    # The plain bytes give way at once: what follows is only ever the locked file.
    path.write_bytes(locked.getvalue())
    if not same(path, password, plain):
        raise Unlockable("the locked file does not hold what was put into it")


def _lock_workbook(plain: bytes, password: str, target: io.BytesIO) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    OOXMLFile(io.BytesIO(plain)).encrypt(password, target)


def _same_workbook(path: Path, password: str, plain: bytes) -> bool:
    from msoffcrypto.exceptions import InvalidKeyError
    from msoffcrypto.format.ooxml import OOXMLFile

    def opened(key: str) -> bytes | None:
        with path.open("rb") as file:
            locked: Any = OOXMLFile(file)
            out = io.BytesIO()
            try:
                locked.load_key(password=key, verify_password=True)
                locked.decrypt(out)
            except InvalidKeyError:
                return None
            return out.getvalue()

    return opened(_another()) is None and opened(password) == plain


def _lock_pdf(plain: bytes, password: str, target: io.BytesIO) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(plain)))
    writer.encrypt(password, secrets.token_urlsafe(24), algorithm="AES-256")
    writer.write(target)


def _same_pdf(path: Path, password: str, plain: bytes) -> bool:
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(path)
    if not reader.is_encrypted or reader.decrypt(_another()) is not PasswordType.NOT_DECRYPTED:
        return False
    if reader.decrypt(password) is PasswordType.NOT_DECRYPTED:
        return False
    return _digests(reader) == _digests(PdfReader(io.BytesIO(plain)))


def _digests(reader: Any) -> list[str]:
    """What is drawn on each page."""
    found = []
    for page in reader.pages:
        contents = page.get_contents()
        found.append(hashlib.sha256(contents.get_data() if contents is not None else b"").hexdigest())
    return found


def _another() -> str:
    """A password that is surely another: a file that opens with it is not locked."""
    return secrets.token_urlsafe(12)


_Kind = tuple[Callable[[bytes, str, io.BytesIO], None], Callable[[Path, str, bytes], bool]]
_KINDS: Mapping[bytes, _Kind] = MappingProxyType(
    {b"PK\x03\x04": (_lock_workbook, _same_workbook), b"%PDF": (_lock_pdf, _same_pdf)}
)
