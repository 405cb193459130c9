"""Names are found by initials and compared by sound, surnames read as surnames."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.core.pinyin import initials, sort_key, syllables


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("李建林", "ljl"),
        ("曾小红", "zxh"),
        ("仇大海", "qdh"),
        ("解放", "xf"),
        ("解放", "jf"),
        ("单雄", "sx"),
        ("区伟", "ow"),
        ("查理", "zl"),
        ("盖明", "gm"),
        ("朴正", "pz"),
        ("尉迟恭", "ycg"),
        ("万俟丑", "mqc"),
        ("欧阳娜", "oyn"),
        ("张长乐", "zcl"),
        ("张长乐", "zzy"),
        ("A栋3组", "ad3z"),
        ("阿依古丽·买买提", "ayglmmt"),
        ("银行", "yh"),
        ("县人民医院重症病区", "xrmyyzzbq"),
        ("吕布", "lb"),
    ],
)
def test_a_name_is_found_by_every_sensible_reading(name: str, typed: str) -> None:
    assert typed in initials(name)


def test_the_reading_as_a_surname_comes_first() -> None:
    assert initials("曾小红")[0] == "zxh"
    assert syllables("单雄信", person=True) == "shan xiong xin"
    assert syllables("单位", person=False) == "dan wei"
    assert syllables("万俟丑", person=True) == "mo qi chou"


def test_homophones_sound_the_same() -> None:
    assert syllables("李建林", person=True) == syllables("李健林", person=True) == "li jian lin"
    assert syllables("", person=True) == ""


def test_names_sort_as_in_a_dictionary() -> None:
    names = ["张三", "曾一", "李四", "阿明", "3组", "A栋", "李司", "李斯"]
    assert sorted(names, key=lambda name: sort_key(name, person=True)) == [
        "3组",
        "A栋",
        "阿明",
        "李司",
        "李斯",
        "李四",
        "曾一",
        "张三",
    ]


def test_the_same_sound_is_sorted_by_character_so_that_namesakes_stand_together() -> None:
    names = ["李建", "李健", "李建", "李健"]
    ordered = sorted(names, key=lambda name: sort_key(name, person=True))
    assert ordered in (["李建", "李建", "李健", "李健"], ["李健", "李健", "李建", "李建"])


HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=4)


@given(HAN)
def test_every_chinese_name_has_initials_of_plain_letters(name: str) -> None:
    for variant in initials(name):
        assert variant.isascii()
        assert variant.isalpha()
        assert len(variant) <= len(name)
    assert len(initials(name)) <= 26


@given(st.text(max_size=40))
def test_any_text_has_a_sound_and_a_place_in_the_order(text: str) -> None:
    initials(text)
    assert syllables(text, person=True).lower() == syllables(text, person=True)
    assert sort_key(text, person=False) == sort_key(text, person=False)


def test_the_dictionary_is_not_read_before_it_is_needed() -> None:
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == 'open' else None)\n"
        "from stationdesk.core.pinyin import initials\n"
        "assert not [name for name in opened if name.endswith('_dict.json')], opened\n"
        "initials('银行')\n"
        "assert len([name for name in opened if name.endswith('_dict.json')]) == 2, opened"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
