"""Numbers are found by texts as in a dict of lists, in a fifth of its room."""

from __future__ import annotations

import tracemalloc
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from stationdesk.core.indexed import PackedIndex, PackedTexts


@given(st.lists(st.text(max_size=4)))
def test_texts_come_back_as_they_were(texts: list[str]) -> None:
    kept = PackedTexts()
    for text in texts:
        kept.append(text)
    assert list(kept) == texts
    assert tuple(kept[-2:]) == tuple(texts[-2:])


@given(st.lists(st.tuples(st.text(alphabet="ab李", max_size=3), st.integers(0, 9))), st.text(max_size=2))
def test_numbers_are_found_as_in_a_dict_of_lists(pairs: list[tuple[str, int]], other: str) -> None:
    index, plain = PackedIndex(), defaultdict(list)
    for text, number in pairs:
        index.add(text, number)
        plain[text].append(number)
    for text in [*plain, other]:
        assert index.all(text) == plain.get(text, [])
        assert index.first(text) == next(iter(plain.get(text, [])), None)
        assert index.last(text) == next(reversed(plain.get(text, [])), None)
        assert (text in index) == (text in plain)
    assert list(index.texts) == [text for text, _number in pairs]


def test_ten_thousand_numbers_are_found_again_and_take_little_room() -> None:
    tracemalloc.start()
    index = PackedIndex()
    for number in range(10_000):
        index.add(f"999999{number:012d}", number)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert all(index.all(f"999999{number:012d}") == [number] for number in range(10_000))
    assert index.all("999999") == []
    assert held < 80 * 10_000
