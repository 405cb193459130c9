from __future__ import annotations

from itertools import pairwise

from stationdesk.core.vocab import MapClass
from stationdesk.maps.symbols import SYMBOLS


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.1) of #rrggbb."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_class_that_stands_on_maps_has_a_mark_and_no_other() -> None:
    assert set(SYMBOLS) == {each for each in MapClass if each.on_map}


def test_letters_and_shapes_tell_the_classes_apart_without_colour() -> None:
    assert len({symbol.letter for symbol in SYMBOLS.values()}) == len(SYMBOLS)
    assert len({symbol.path for symbol in SYMBOLS.values()}) == len(SYMBOLS)
    assert len({symbol.shape for symbol in SYMBOLS.values()}) == len(SYMBOLS)


def test_the_greys_of_the_colours_lie_apart() -> None:
    greys = sorted(116 * luminance(symbol.colour) ** (1 / 3) - 16 for symbol in SYMBOLS.values())
    assert min(high - low for low, high in pairwise(greys)) >= 4


def test_a_white_letter_reads_on_every_mark() -> None:
    assert min(1.05 / (luminance(symbol.colour) + 0.05) for symbol in SYMBOLS.values()) >= 4.5
