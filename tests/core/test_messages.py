"""Text in the language of the window, and text of the station that is never taken for a template."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from stationdesk.core import messages
from stationdesk.core.errors import UserError
from stationdesk.core.messages import Language, _, ngettext, use_language


@pytest.fixture
def english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A small English catalogue, and Chinese again afterwards."""
    catalogue = Catalog(locale="en")
    catalogue.add("保存", "Save")
    catalogue.add("“{name}”已经有了。", "“{name}” is there already.")
    catalogue.add(("{count} 条", "{count} 条"), ("{count} record", "{count} records"))
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    (tmp_path / "en.mo").write_bytes(compiled.getvalue())
    monkeypatch.setattr(messages, "CATALOGUES", tmp_path)
    use_language(Language.ENGLISH)
    yield
    use_language(Language.CHINESE)


def test_chinese_is_the_source() -> None:
    assert _("保存") == "保存"


@pytest.mark.usefixtures("english")
def test_a_text_is_translated_and_one_without_english_stays() -> None:
    assert _("保存") == "Save"
    assert _("没有译文") == "没有译文"


@pytest.mark.usefixtures("english")
def test_an_empty_text_stays_empty_and_is_not_the_head_of_the_catalogue() -> None:
    assert _("") == ""


@pytest.mark.usefixtures("english")
def test_the_number_chooses_the_form() -> None:
    assert ngettext("{count} 条", "{count} 条", 1) == "{count} record"
    assert ngettext("{count} 条", "{count} 条", 2) == "{count} records"


@pytest.mark.usefixtures("english")
def test_a_problem_is_told_in_the_language_of_the_window_whenever_it_is_read() -> None:
    problem = UserError("“{name}”已经有了。", name="桃园村")
    assert str(problem) == "“桃园村” is there already."
    use_language(Language.CHINESE)
    assert str(problem) == "“桃园村”已经有了。"


def test_station_text_in_a_problem_is_not_taken_for_a_template() -> None:
    assert (
        str(UserError("“{name}”已经有了。", name="{name.__class__} %s {}"))
        == "“{name.__class__} %s {}”已经有了。"
    )
    assert str(UserError("花括号 {} 就是花括号")) == "花括号 {} 就是花括号"


def test_a_missing_catalogue_is_an_error_of_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "CATALOGUES", tmp_path)
    with pytest.raises(FileNotFoundError):
        use_language(Language.ENGLISH)
    assert _("保存") == "保存"
