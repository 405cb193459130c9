"""Every sentence the window can show has English, whole and fitting."""

from __future__ import annotations

import re
import string
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from stationdesk.core.messages import Language, _, use_language

PACKAGE = Path(__file__).parents[1] / "stationdesk"
CATALOGUE = PACKAGE / "i18n" / "en.po"

KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "ngettext": (1, 2),
    "field": (1,),
    "Spec": (1,),
    "choice": (2,),
    "Seed": (3,),
    "Scope": (1,),
    "Ledger": (2,),
    "_stock": (2, 3, 4),
    "_flow": (2, 3, 4),
    "captioned": (1,),
    "caption": (1,),
    "note": (1,),
}
"""Where a message stands in the source: the calls, and which of their arguments."""

_REFUSAL = re.compile(r"^class (\w+)\((?:\w+, )*(\w+)\):", re.MULTILINE)


@cache
def refusals() -> frozenset[str]:
    """Every exception whose first argument a worker reads: `UserError`, and whatever is made of it anywhere."""
    parents = [pair for file in PACKAGE.rglob("*.py") for pair in _REFUSAL.findall(file.read_text("utf-8"))]
    found = {"UserError"}
    while more := {name for name, parent in parents if parent in found} - found:
        found |= more
    return frozenset(found)


HAN = re.compile("[\u4e00-\u9fff]")
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
"""Chinese characters and punctuation: “{field}：{old}” has to be translated too."""


@cache
def told() -> frozenset[str]:
    """Every message of the source; those of paper and workbooks are not translated and not marked."""
    keywords = KEYWORDS | dict.fromkeys(refusals(), (1,))
    found = extract_from_dir(str(PACKAGE), [("**.py", "python")], keywords=keywords)
    messages: set[str] = set()
    for _file, _line, message, _comments, _context in found:
        messages |= set(message) if isinstance(message, tuple) else {message}
    pages = re.compile(r"(?:page|unit|hint)=\"([^\"]+)\"")
    for source in (PACKAGE / "db" / "models").glob("*.py"):
        messages |= set(pages.findall(source.read_text("utf-8")))
    titles = re.compile(r"^    (?:\"\w+\"): \"([^\"]+)\",$", re.MULTILINE)
    messages |= set(titles.findall((PACKAGE / "db" / "models" / "__init__.py").read_text("utf-8")))
    return frozenset(each for each in messages if CHINESE.search(each))


@cache
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def english(message: str) -> str:
    entry = catalogue().get(message)
    if entry is None or entry.fuzzy or not entry.string:
        return ""
    return entry.string if isinstance(entry.string, str) else entry.string[0]


def test_every_message_has_english() -> None:
    missing = sorted(message for message in told() if not english(message))
    assert not missing, f"{len(missing)} of {len(told())} messages lack English, such as {missing[:5]}"


def test_a_message_without_english_would_be_found() -> None:
    assert not english("这句话没有人翻译过")


def test_placeholders_are_those_of_the_chinese() -> None:
    def names(text: str) -> set[str]:
        return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}

    wrong = [m for m in told() if english(m) and names(m) != names(english(m))]
    assert not wrong, wrong[:5]


def test_no_translation_is_left_in_chinese() -> None:
    wrong = [m for m in told() if HAN.search(re.sub(r"[“「（(].*?[”」）)]", "", english(m)))]
    assert not wrong, wrong[:5]


def test_nothing_stands_in_the_catalogue_that_no_source_says() -> None:
    stale = [m.id for m in catalogue() if m.id and isinstance(m.id, str) and m.id not in told()]
    assert not stale, stale[:5]


def test_messages_are_not_f_strings() -> None:
    """An f-string would be a key that never matches."""
    bad = re.compile(r"(?<![\w.])(?:_|ngettext|UserError|field|Stale|InUse)\(\s*f[\"']")
    wrong = [str(each) for each in PACKAGE.rglob("*.py") if bad.search(each.read_text("utf-8"))]
    assert not wrong, wrong


@pytest.fixture
def in_english() -> object:
    use_language(Language.ENGLISH)
    yield
    use_language(Language.CHINESE)


def test_the_window_speaks_english_when_asked(in_english: object) -> None:
    assert _("需求库") != "需求库"
    assert _("") == ""
