"""Codes are stable, labelled, and none of the unverified ones pretends otherwise."""

from __future__ import annotations

import inspect
from collections import Counter

import pytest

from stationdesk.core import vocab
from stationdesk.core.text import clean_line, has_han
from stationdesk.core.vocab import (
    CODE_LISTS,
    MATCH_TRANSITIONS,
    Choice,
    Dimension,
    FollowLevel,
    MapClass,
    MatchState,
    NeedResult,
    NeedStatus,
    Privacy,
    Role,
    Sex,
    Urgency,
    VisitOutcome,
    seeds,
)

CHOICES = [
    value
    for _name, value in inspect.getmembers(vocab, inspect.isclass)
    if issubclass(value, Choice) and value is not Choice
]
SEEDS = list(seeds())
GROUPS = {seed.code: seed for seed in SEEDS if seed.list_name == "client_group"}


@pytest.mark.parametrize("kind", CHOICES, ids=lambda kind: kind.__name__)
def test_every_choice_is_named_and_labelled_in_chinese(kind: type[Choice]) -> None:
    assert has_han(kind.caption)
    assert len({member.label for member in kind}) == len(list(kind))
    for member in kind:
        assert has_han(member.label)
        assert kind.from_label(f" {member.label} ") is member is kind.from_label(member.code)
        assert isinstance(member, str)
    assert kind.from_label("没有这个") is None


def test_codes_are_those_of_the_standards_and_founding_documents() -> None:
    assert [member.code for member in Dimension] == ["R1", "R2", "R3", "R4", "R5"]
    assert [member.code for member in NeedResult] == ["K1", "K2", "K3", "K4", "K5", "K6"]
    assert [member.code for member in Sex] == ["0", "1", "2", "9"]
    assert "".join(member.letter for member in MapClass) == "办医养教便文安社策经"


def test_policies_and_funds_stand_in_lists_only() -> None:
    assert [member for member in MapClass if not member.on_map] == [MapClass.POLICY, MapClass.FUNDS]


def test_a_match_can_end_from_every_state_and_goes_on_from_no_end() -> None:
    assert set(MATCH_TRANSITIONS) == set(MatchState)
    for state in MatchState:
        assert state not in state.following
        if state.is_open:
            assert MatchState.FAILED in state.following
            assert MatchState.WITHDRAWN in state.following
    ends = {state for state in MatchState if state.is_final}
    assert ends == {MatchState.CONFIRMED, MatchState.FAILED, MatchState.WITHDRAWN}
    reached, frontier = {MatchState.PLANNED}, {MatchState.PLANNED}
    while frontier:
        frontier = {after for state in frontier for after in state.following} - reached
        reached |= frontier
    assert reached == set(MatchState)


def test_only_the_clients_own_word_confirms() -> None:
    before = {state for state in MatchState if MatchState.CONFIRMED in state.following}
    assert before == {MatchState.DONE}
    assert [state for state in MatchState if state.needs_client_word] == [MatchState.CONFIRMED]
    assert {state for state in MatchState if state.needs_reason} == {MatchState.FAILED, MatchState.WITHDRAWN}
    assert MatchState.DONE.counts_as_done
    assert not MatchState.SERVING.counts_as_done


def test_urgency_and_follow_up_have_days() -> None:
    assert [level.days for level in Urgency] == [1, 7, 30, None]
    assert [level.default_days for level in FollowLevel] == [7, 30, 90]


def test_nobody_home_is_not_a_completed_visit() -> None:
    assert {outcome for outcome in VisitOutcome if outcome.is_completed} == {
        VisitOutcome.MET,
        VisitOutcome.MET_FAMILY,
    }


def test_closed_needs_are_not_open_and_ask_why_where_nothing_was_given() -> None:
    assert [status.label for status in NeedStatus if not status.is_open] == [
        "已满足", "无法满足", "已撤回", "转介外部",
    ]  # fmt: skip
    assert NeedStatus.UNMEETABLE.needs_reason
    assert not NeedStatus.MET.needs_reason


def test_a_viewer_sees_statistics_only() -> None:
    assert not Role.VIEWER.may_write
    assert not Role.VIEWER.sees_records
    assert Role.VOLUNTEER.may_write


def test_every_seed_belongs_to_a_list_and_every_list_has_seeds() -> None:
    assert {seed.list_name for seed in SEEDS} == set(CODE_LISTS)
    assert all(has_han(title) for title in CODE_LISTS.values())


def test_no_code_and_no_label_stands_twice_in_a_list() -> None:
    for value in (
        Counter((seed.list_name, seed.code) for seed in SEEDS),
        Counter((seed.list_name, seed.label) for seed in SEEDS),
    ):
        assert [key for key, count in value.items() if count > 1] == []


def test_what_other_people_write_leads_to_one_code_only() -> None:
    for name in CODE_LISTS:
        spellings = Counter(
            text for seed in SEEDS if seed.list_name == name for text in {seed.label, *seed.aliases}
        )
        assert [text for text, count in spellings.items() if count > 1] == []


@pytest.mark.parametrize("name", CODE_LISTS)
def test_the_seeds_of_a_list_are_clean_and_the_unverified_ones_say_why(name: str) -> None:
    for seed in SEEDS:
        if seed.list_name == name:
            assert seed.label == clean_line(seed.label)
            assert has_han(seed.label)
            assert seed.verified or seed.note, seed


def test_parents_exist() -> None:
    known = {seed.code for seed in SEEDS} | {member.code for member in (*Dimension, *NeedResult)}
    for seed in SEEDS:
        assert not seed.parent or seed.parent in known
    for name in ("subcategory", "need_item", "mzt_item"):
        assert all(seed.parent for seed in SEEDS if seed.list_name == name)


def test_the_long_standards_are_complete() -> None:
    count = Counter(seed.list_name for seed in SEEDS)
    assert count["ethnic"] == 56
    assert count["relation"] == 84
    assert count["mzt_category"] == 7
    assert count["mzt_item"] == 27  # seven of the 34 are not known and not invented


def test_people_who_must_be_kept_from_sight_are() -> None:
    assert all((seed.privacy is not None) == (seed.list_name == "client_group") for seed in SEEDS)
    assert GROUPS["G43"].privacy is Privacy.NEVER
    levels = {code: seed.privacy for code, seed in GROUPS.items() if seed.privacy is not None}
    hidden = {code for code, privacy in levels.items() if privacy.needs_permission}
    assert hidden == {"G43", "G61", "G62", "G63", "G64"}
    minors = {code for code, privacy in levels.items() if privacy.is_minor}
    assert minors == {"G31", "G32", "G33", "G34", "G35"}
    assert {code for code, seed in GROUPS.items() if seed.privacy is Privacy.OPEN} == {"G99"}
    for privacy in Privacy:
        assert privacy.on_internal_map == privacy.in_exports == (not privacy.needs_permission)
