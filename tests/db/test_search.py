"""The one search box finds every piece that LIKE finds, and pinyin besides."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from stationdesk.core.changes import Change, created
from stationdesk.core.vocab import Dimension, MapClass
from stationdesk.db.base import blank
from stationdesk.db.models import Household, Person, Village
from stationdesk.db.models.audit import SearchDocument
from stationdesk.db.search import flat, matching, rebuild
from stationdesk.services import history
from stationdesk.services.codes import entries_of, rename_code
from stationdesk.services.search import search
from stationdesk.services.store import Store
from tests.desk_station import VALID_ID, add, edit, new_station

SURNAMES = "王李张刘陈杨赵黄周吴曾仇解单欧阳"
GIVEN = "建国秀英桂兰玉梅志强丽华军伟芳娜敏静𠮷䶮"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Two thousand people in twelve villages, with numbers and notes."""
    store = new_station(tmp_path_factory.mktemp("search") / "站")
    chance = random.Random(3)
    villages = [
        created("village", {**blank(Village), "name": f"{a}{b}村"}) for a in "柳东桃河" for b in "河岗园"
    ]
    changes: list[Change] = list(villages)
    for number in range(2000):
        home = {**blank(Household), "code": f"户-{number:04d}", "village_key": chance.choice(villages).key}
        home["address"] = f"{chance.randint(1, 14)}组{chance.randint(1, 99)}号 WPS{chance.choice('ABC')}"
        household = created("household", home)
        person = {**blank(Person), "code": f"人-{number:04d}", "household_key": household.key}
        person["name"] = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2))))
        person["id_number"] = (
            f"999999{chance.randint(1930, 2020)}{chance.randint(1000, 1231)}{chance.randint(0, 9999):04d}"
        )
        person["phone"] = f"1{chance.randint(10**9, 10**10 - 1)}"
        person["note"] = chance.choice(("低保", "残疾2级，行动不便", "50% 减免_甲", "独居。常去卫生室", ""))
        changes += [household, created("person", person)]
    with store.writing("造数据") as work:
        work.write(changes)
    yield store
    store.close()


def found(store: Store, words: str) -> set[str]:
    query = matching(words)
    assert query is not None
    with store.reading() as session:
        ids = session.execute(text(query[0]), query[1]).scalars().all()
        return set(session.scalars(select(SearchDocument.record_key).where(SearchDocument.id.in_(ids))))


def test_recall_equals_like_for_a_thousand_pieces(town: Store) -> None:
    chance = random.Random(11)
    with town.reading() as session:
        documents = session.execute(
            select(SearchDocument.record_key, SearchDocument.text, SearchDocument.digits)
        ).all()
    missed, tried = [], 0
    while tried < 1000:
        document = chance.choice(documents)
        source = chance.choice((document.text, document.digits))
        length = chance.choice((1, 1, 2, 2, 3, 4, 5))
        start = chance.randrange(max(1, len(source) - length))
        piece = source[start : start + length].strip()
        if not piece or any(sign.isspace() for sign in piece):
            continue
        tried += 1
        like = {row.record_key for row in documents if piece in row.text or piece in row.digits}
        if like - found(town, piece):
            missed.append(piece)
    assert not missed, f"{len(missed)} of {tried} pieces missed, such as {missed[:10]}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = new_station(tmp_path / "站")
    yield opened
    opened.close()


@pytest.fixture
def person(store: Store) -> str:
    village = add(store, "village", name="柳河村")
    home = add(store, "household", village_key=village, address="3组12号")
    return add(store, "person", household_key=home, name="曾玉兰", id_number=VALID_ID, phone="13900001234")


@pytest.mark.parametrize(
    "words",
    [
        "曾玉兰",
        "玉兰",
        "兰",
        "zyl",
        "ZYL",
        "zengyulan",
        "柳河",
        "002X",
        "002x",
        "1234",
        "139",
        "００1234",
        "柳河 zyl",
        "3组",
        "12号",
    ],
)
def test_a_person_is_found_by(store: Store, person: str, words: str) -> None:
    assert person in {hit.key for hit in search(store, words)}


@pytest.mark.parametrize("words", ["曾玉兰 东岗", "lyz", "5678", "兰玉"])
def test_a_person_is_not_found_by(store: Store, person: str, words: str) -> None:
    assert person not in {hit.key for hit in search(store, words)}


@pytest.mark.parametrize(
    "words", ['"', "*", "a*b", "NEAR(", "sounds:", "'; DROP TABLE code; --", "%", "\\", "()", "^"]
)
def test_signs_in_the_box_are_only_signs(store: Store, person: str, words: str) -> None:
    search(store, words)


def test_blanks_find_nothing(store: Store, person: str) -> None:
    assert search(store, "  ") == ()


def test_a_renamed_village_is_found_through_its_people(store: Store, person: str) -> None:
    with store.reading() as session:
        village = session.scalars(select(Village)).one()
    edit(store, "village", village.key, name="杨柳村")
    assert person in {hit.key for hit in search(store, "杨柳")}
    assert person not in {hit.key for hit in search(store, "柳河")}


def test_a_need_is_found_by_its_item_and_its_client(store: Store, person: str) -> None:
    need = add(store, "need", person_key=person, item="K2-01")
    assert need in {hit.key for hit in search(store, "陪诊")}
    assert need in {hit.key for hit in search(store, "曾玉兰")}


def test_a_need_is_found_by_the_new_name_of_its_item_and_no_longer_by_the_old(
    store: Store, person: str
) -> None:
    need = add(store, "need", person_key=person, item="K2-03")
    row = next(each for each in entries_of(store, "need_item") if each.code == "K2-03")
    assert found(store, row.label) == {need}
    rename_code(store, row.key, "独角兽饲养")
    assert found(store, "独角兽") == {need}
    assert found(store, row.label) == set()
    history.undo(store)
    assert found(store, row.label) == {need}


def test_the_index_rebuilt_is_the_index_kept(store: Store, person: str) -> None:
    add(store, "resource", name="巧手理发队", dimension=Dimension.PEOPLE, map_class=MapClass.CONVENIENCE)

    def content() -> set[tuple[str, str, str]]:
        with store.reading() as session:
            return {(d.record_key, d.text, d.digits) for d in session.scalars(select(SearchDocument))}

    before = content()
    with store.writing("") as work:
        rebuild(work.connection)
    assert content() == before
    assert person in {hit.key for hit in search(store, "zyl")}


def test_texts_are_compared_without_width_and_case() -> None:
    assert flat("ＡＢc１２") == "abc12"
