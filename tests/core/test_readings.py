"""Characters and words are read exactly as pypinyin reads them, in a ninth of its room."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import Any

import pytest
from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from stationdesk.core.readings import readings, spoken
from stationdesk.core.surnames import COMPOUND_SURNAMES, SURNAME_READINGS
from stationdesk.core.text import has_han

WORDS = sorted(PHRASES_DICT)
SIGNS = [chr(number) for number in sorted(PINYIN_DICT) if has_han(chr(number))]
COMMON = "建国红梅志强桂英秀兰海燕文博子涵雨轩欣怡国庆春生玉珍俊杰小川大山福贵有余成才明月长乐朝阳行重"


def of_pypinyin(text: str) -> list[str]:
    return lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, errors=_one_each)


def _one_each(run: str) -> Any:
    return list(run)


def test_every_character_has_the_readings_that_pypinyin_knows() -> None:
    for sign in SIGNS:
        told = pinyin(sign, style=Style.TONE3, heteronym=True, neutral_tone_with_five=True)[0]
        assert readings(sign) == tuple(told), sign


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("银行", "yin2 hang2"),
        ("行人", "xing2 ren2"),
        ("重庆", "chong2 qing4"),
        ("重阳村", "chong2 yang2 cun1"),
        ("县人民医院重症病区", "xian4 ren2 min2 yi1 yuan4 zhong4 zheng4 bing4 qu1"),
        ("吕女士", "lv3 nv3 shi4"),
        ("绿树", "lv4 shu4"),
        ("嗯", "n2"),
        ("我们", "wo3 men5"),
        ("𬱟", "wei3"),
        ("", ""),
    ],
)
def test_a_character_is_read_as_its_word_is(text: str, sounds: str) -> None:
    assert spoken(text) == sounds.split()
    assert spoken(text) == of_pypinyin(text)


def test_every_tenth_word_of_the_dictionary_sounds_as_in_pypinyin() -> None:
    for word in WORDS[::10]:
        assert spoken(word) == of_pypinyin(word), word


def test_many_names_and_addresses_sound_as_in_pypinyin() -> None:
    dice = random.Random(3)
    families = [*SURNAME_READINGS, *COMPOUND_SURNAMES, *"王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗郑梁"]
    for _each in range(4000):
        name = dice.choice(families) + "".join(dice.choices(COMMON, k=dice.choice((1, 2, 2, 3))))
        rare = "".join(dice.choices(SIGNS, k=dice.randint(1, 4)))
        # Words cut anywhere and put together: where one begins, the next may be a piece of it.
        mixed = "".join(dice.choice(WORDS)[: dice.randint(1, 6)] for _piece in range(dice.randint(1, 4)))
        for text in (name, rare, mixed):
            assert spoken(text) == of_pypinyin(text), text


def test_the_dictionaries_take_little_room() -> None:
    code = (
        "import sys, tracemalloc\n"
        "from stationdesk.core.readings import readings, spoken\n"
        "tracemalloc.start()\n"
        "spoken('银行'), readings('行')\n"
        "held, most = tracemalloc.get_traced_memory()\n"
        "print(held, most)\n"
        "assert 'pypinyin.constants' not in sys.modules\n"
        "assert held < 6_000_000 and most < 12_000_000, (held, most)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_character_that_no_dictionary_has_stands_for_itself() -> None:
    assert "\u3402" not in SIGNS
    assert readings("\u3402") == ()
    assert spoken("\u3402行") == ["\u3402", "xing2"]
