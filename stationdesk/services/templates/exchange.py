"""Templates as files (.sdform), from station to station: a zip with the rules as JSON and the blank beside them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any, Final

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import write_bytes_safely
from stationdesk.core.text import clean_line
from stationdesk.services.store import Store
from stationdesk.services.templates.keeping import kept_template, save_template
from stationdesk.services.templates.taught import Taught
from stationdesk.sheets.template.blanks import check_blank
from stationdesk.sheets.template.package import MAX_FORM
from stationdesk.sheets.template.storing import from_json, to_json

SUFFIX: Final = ".sdform"
_FORMAT: Final = "stationdesk-form"
_VERSION: Final = 1
_ABOUT: Final = "form.json"
_RULES: Final = "rules.json"
_BLANK: Final = "blank"
_MOST_JSON: Final = 2 * 1024 * 1024
_LONGEST: Final = 200


def write_exchange(taught: Taught, target: Path) -> Path:
    """Write a template to a file that another station can read.

    Raises:
        UserError: the place cannot be written.
    """
    about = {
        "format": _FORMAT,
        "version": _VERSION,
        "name": taught.name,
        "department": taught.department,
        "note": taught.note,
        "file_name": taught.file_name,
        "medium": taught.template.medium,
        "sha256": hashlib.sha256(taught.blank).hexdigest(),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        _add(package, _ABOUT, json.dumps(about, ensure_ascii=False, indent=1).encode())
        _add(package, _RULES, to_json(taught.template).encode())
        _add(package, _BLANK, taught.blank)
    return write_bytes_safely(target, content.getvalue())


def read_exchange(path: Path) -> Taught:
    """The template in a file, checked as somebody else's: sizes, names, every rule, the blank itself.

    Raises:
        UserError: no template file, damaged, made by a newer version, or with a blank that cannot be used.
    """
    try:
        if path.stat().st_size > MAX_FORM + 2 * _MOST_JSON:
            raise _damaged()
        with zipfile.ZipFile(path) as package:
            parts = {name: _read(package, name) for name in (_ABOUT, _RULES, _BLANK)}
        about = json.loads(parts[_ABOUT])
    except FileNotFoundError as error:
        raise UserError("找不到文件“{name}”。它可能被移走或改名了。", name=path.name) from error
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _damaged() from error
    if not isinstance(about, dict) or about.get("format") != _FORMAT:
        raise _damaged()
    if not isinstance(about.get("version"), int) or about["version"] > _VERSION:
        raise UserError("这个模板是用更新版本的程序做的，请先更新程序。")
    if hashlib.sha256(parts[_BLANK]).hexdigest() != about.get("sha256"):
        raise _damaged()
    template = from_json(parts[_RULES].decode("utf-8", "replace"))
    check_blank(parts[_BLANK], template)
    return Taught(
        _word(about, "name") or path.stem,
        template,
        parts[_BLANK],
        Path(_word(about, "file_name").replace("\\", "/")).name or "空白表.xlsx",
        _word(about, "department"),
        _word(about, "note"),
    )


def export_template(store: Store, key: Key, target: Path) -> Path:
    """Write a kept template to a file. It holds no personal data, so it is not logged as an export.

    Raises:
        UserError: it is gone, or the place cannot be written.
    """
    return write_exchange(kept_template(store, key), target)


def import_template(store: Store, path: Path, name: str | None = None) -> ChangeSet:
    """Keep the template of a file, under another name where its own is taken.

    Raises:
        UserError: as `read_exchange` and `save_template`.
    """
    from dataclasses import replace

    taught = read_exchange(path)
    return save_template(store, taught if name is None else replace(taught, name=name))


def _add(package: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(info, content)


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    limit = MAX_FORM if name == _BLANK else _MOST_JSON
    with package.open(name) as part:
        content = part.read(limit + 1)
    if len(content) > limit:
        raise ValueError(name)
    return content


def _word(about: dict[str, Any], key: str) -> str:
    value = about.get(key, "")
    return clean_line(value)[:_LONGEST] if isinstance(value, str) else ""


def _damaged() -> UserError:
    return UserError("这不是上报模板文件，或者已经损坏。请向做模板的人再要一份（文件名以 .sdform 结尾）。")
