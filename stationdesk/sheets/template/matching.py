"""How well a label of a form speaks of something we have, and how the form's own words stand for ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from stationdesk.sheets.reading.labels import label_text
from stationdesk.sheets.template.sources import Source

SURE: Final = 0.6
"""Below this a blank is left to the worker."""
_CLOSE: Final = 80  # rapidfuzz ratio, of 100

_TELLING: Final = frozenset({"姓名", "性别", "年龄", "民族", "电话", "手机", "地址", "住址"})

_ROLES = re.compile(
    "监护|户主|紧急|照料|照顾|照护|父亲|母亲|配偶|子女|经办|代领|村干部|支书|医生|下次|上次|人均|共同"
)
"""Words that make another thing of a label: of whom, which time, for how many."""
_ENDINGS = re.compile("(电话|手机|号码?|姓名|日期|时间|地址|住址|关系|年龄|人数|金额|签字|签名)$")
"""Words that say what is asked of somebody."""

_BRACKETS = re.compile(r"[（(\[【].*?[）)\]】]")
_INNER = re.compile(r"[（(\[【](.*?)[）)\]】]")
_NOISE = re.compile(r"[\s*＊:：?？_\-\d.、]+")
_FILLER = re.compile(r"^(其中|所在|所属|现|本人|服务对象|是否|填报|填表)|(情况|信息)$")
_CODED = re.compile(r"[（(\[【]?\s*([^（()）\[\]【】]*\d[^（()）\[\]【】]*)[）)\]】]?")
_CODE_FIRST = re.compile(r"(?<![\d.])(\d{1,3})\s*[.、\-—:：=＝]?\s*([\u4e00-\u9fff]{1,10})")
_WORD_FIRST = re.compile(r"([\u4e00-\u9fff]{1,10})\s*[=＝:：]\s*(\d{1,3})(?!\d)")
_LEADING_CODE = re.compile(r"^\s*[（(]?(\d{1,3}|[A-Za-z])[）)]?\s*[.、\-—:：=＝_]?\s*(?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well a label fits, from 0 to 1, and the name of ours that it fits."""

    score: float
    name: str = ""


def likeness(path: Sequence[str], source: Source) -> Likeness:
    """How much labels, from the general to the particular, speak of a source."""
    if not path:
        return Likeness(0.0)
    best = Likeness(0.0)
    joined, last = folded("".join(path)), folded(path[-1])
    bare = folded(_BRACKETS.sub("", path[-1]))
    bare_joined = folded("".join(_BRACKETS.sub("", part) for part in path))
    told = _roles(joined)
    for place, name in enumerate((source.label, *source.aliases)):
        if folded(name) not in {joined, bare_joined} and _roles(folded(name)) != told:
            continue  # 监护人电话 is nobody else's phone
        score = _score(folded(name), joined, bare_joined, last, bare, several=len(path) > 1) - 0.01 * bool(
            place
        )
        if score > best.score:
            best = Likeness(score, name)
    return best


def _roles(label: str) -> frozenset[str]:
    """Whose, or which of several, a label speaks of."""
    return frozenset(_ROLES.findall(label))


def _score(  # noqa: PLR0911 - one line a likeness
    name: str, joined: str, bare_joined: str, last: str, bare: str, *, several: bool
) -> float:
    if name in {joined, bare_joined}:
        return 1.0
    if name in {last, bare}:
        return 0.95 if several else 0.98
    without = _FILLER.sub("", bare)
    if without and name in {without, _FILLER.sub("", name) if without == name else without}:
        return 0.9
    if len(name) < 2 or len(bare) < 2 or name.isascii():
        return 0.0
    if name in bare:
        if len(name) == 2:  # 编号 or 单位 say little where they are a part of another word
            return 0.72 if name in _TELLING and bare.endswith(name) else 0.0
        tail = bare.rpartition(name)[2]
        if _ENDINGS.search(tail) and not _ENDINGS.search(name):
            return 0.0  # 监护人联系电话 is a phone, 监护人 is none
        edge = 0.62 if not tail else 0.5
        return edge + 0.3 * len(name) / len(bare)
    if bare in name:
        return 0.4 + 0.35 * len(bare) / len(name)
    near = fuzz.ratio(name, bare)
    return near / 100 * 0.75 if near >= _CLOSE else 0.0


def codes_for(words: Sequence[str], options: Sequence[str], label: str = "") -> tuple[tuple[str, str], ...]:
    """What stands for our words in the form: from its drop-down list, else from its label (1男2女, 男=1)."""
    if options:
        pairs = []
        for word in words:
            option = _option_for(word, options)
            if option is not None:
                pairs.append((word, option))
        return tuple(pair for pair in pairs if pair[0] != pair[1])
    coded = _CODED.search(label)
    if coded is None or not words:
        return ()
    found = {word: code for word, code in _WORD_FIRST.findall(coded[1])} or {  # noqa: C416 - pairs of findall
        word: code for code, word in _CODE_FIRST.findall(coded[1])
    }
    pairs = [
        (word, code)
        for word in words
        if (code := next((found[each] for each in found if same_word(word, each)), None)) is not None
    ]
    return tuple(pairs) if len(pairs) >= 2 else ()


def fits_options(words: Sequence[str], options: Sequence[str]) -> float:
    """The share of a form's options that are words of ours."""
    if not words or not options:
        return 0.0
    return sum(any(same_word(word, bare_option(option)) for word in words) for option in options) / len(
        options
    )


def bare_option(option: str) -> str:
    """An option without its leading code: 1男, 01-男 and 男 are all 男."""
    return _LEADING_CODE.sub("", option).strip()


def _option_for(word: str, options: Sequence[str]) -> str | None:
    for same in (
        lambda option: option.strip() == word,
        lambda option: bare_option(option) == word,
        lambda option: same_word(word, bare_option(option)),
    ):
        found = [option for option in options if same(option)]
        if len(found) == 1:
            return found[0]
    return None


def same_word(word: str, other: str) -> bool:
    """Whether two words mean the same: 低保 is 最低生活保障对象（低保）, 特困 is 特困人员, 1男 is 男."""
    return any(
        one == two or (min(len(one), len(two)) > 1 and (one.startswith(two) or two.startswith(one)))
        for one in _readings(word)
        for two in _readings(other)
    )


@lru_cache(maxsize=8192)
def _readings(word: str) -> frozenset[str]:
    """A word as a whole, without what stands in brackets, and that by itself."""
    bare = bare_option(word)
    parts = (bare, _BRACKETS.sub("", bare), *_INNER.findall(bare))
    return frozenset(reading for part in parts if (reading := folded(part)))


@lru_cache(maxsize=8192)
def folded(label: str) -> str:
    """A label as it is compared: half width, without blanks, signs and numbers."""
    return _NOISE.sub("", label_text(label)).lower()
