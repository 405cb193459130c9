from __future__ import annotations

from itertools import combinations

from stationdesk.maps.sheet.geometry import Box, box_around, length_inside
from stationdesk.maps.sheet.ground import Ground, choose_ground
from stationdesk.maps.sheet.labels import Label, place_labels
from stationdesk.maps.sheet.marks import place_marks
from stationdesk.maps.sheet.plates import Mark
from stationdesk.maps.sheet.spec import Entry, Feature, GroundKind
from stationdesk.maps.sheet.terrain import Terrain, terrain_of
from tests.maps.sheet.making import GROUND, entries, line, ring

FRAME = Box(15, 30, 150, 130)


def named(given: tuple[Entry, ...]) -> tuple[Ground, Terrain, tuple[Mark, ...], tuple[Label, ...]]:
    ground = choose_ground(given, FRAME, 8, 26)
    terrain = terrain_of(GROUND, ground)
    marks = place_marks(given, ground, 5.4)
    return ground, terrain, marks, place_labels(terrain, marks, FRAME, 10, 10_000).shown


def boxes(label: Label) -> list[Box]:
    return [box_around(sign.middle, label.size, label.size) for sign in label.signs] or [label.box]


def test_names_never_stand_on_marks_or_on_each_other() -> None:
    _, _, marks, labels = named(entries(80))
    for label in labels:
        assert not [mark for mark in marks for box in boxes(label) if box.meets(mark.plate)]
    for one, other in combinations(labels, 2):
        assert not [(a, b) for a in boxes(one) for b in boxes(other) if a.meets(b)]


def test_village_names_avoid_roads_and_stay_in_the_frame() -> None:
    _, terrain, _, labels = named(entries(25))
    villages = [label for label in labels if label.kind is GroundKind.VILLAGE]
    assert {label.text for label in villages} == {"柳河村", "东岗村"}
    for label in villages:
        assert FRAME.holds_box(label.box)
        assert sum(length_inside(piece, label.box) for piece, _half in terrain.roads()) == 0


def test_road_names_read_along_their_road_each_sign_upright_enough() -> None:
    _, _, _, labels = named(entries(10))
    road = next(label for label in labels if label.text == "人民路")
    assert "".join(sign.text for sign in road.signs) == "人民路"
    assert [sign.middle[0] for sign in road.signs] == sorted(sign.middle[0] for sign in road.signs)
    lane = next(label for label in labels if label.text == "岗上路")
    assert [sign.middle[1] for sign in lane.signs] == sorted(sign.middle[1] for sign in lane.signs)
    assert all(abs(sign.turn) <= 45 for label in labels for sign in label.signs)


def test_letters_and_figures_of_a_name_lean_with_a_steep_road_so_that_none_runs_into_the_next() -> None:
    given = entries(2)
    ground = choose_ground(given, FRAME, 8, 26)
    for course in (((0, -900), (80, 900)), ((80, 900), (0, -900))):
        road = Feature(GroundKind.MAIN_ROAD, "G107国道", line(*course))
        (label,) = place_labels(terrain_of((road,), ground), (), FRAME, 10, ground.n).shown
        assert "".join(sign.text for sign in label.signs) == road.name
        assert [sign.middle[1] for sign in label.signs] == sorted(sign.middle[1] for sign in label.signs)
        for sign in label.signs:
            assert abs(sign.turn - (90 if sign.text in "G107" else 0)) < 10


def test_a_name_without_room_is_told_instead_of_pressed_in() -> None:
    given = entries(6)
    ground = choose_ground(given, FRAME, 8, 26)
    full = Feature(
        GroundKind.VILLAGE, "很长很长很长很长很长很长很长很长很长的村名" * 2, ring((0, 0), (9, 0), (9, 9))
    )
    labels = place_labels(terrain_of((full,), ground), (), FRAME, 10, ground.n)
    assert labels.shown == ()
    assert labels.dropped == (full.name,)


def test_a_map_of_the_whole_town_leaves_the_names_of_lanes_out() -> None:
    given = entries(10)
    ground = choose_ground(given, FRAME, 8, 26)
    terrain = terrain_of(GROUND, ground)
    small = {label.text for label in place_labels(terrain, (), FRAME, 10, 30_000).shown}
    large = {label.text for label in place_labels(terrain, (), FRAME, 10, 10_000).shown}
    assert large - small == {"柳树巷", "岗上路"}
