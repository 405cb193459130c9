"""The whole town as changes, part by part, each pointing only to what came before."""

from __future__ import annotations

from collections.abc import Iterator

from stationdesk.core.changes import Change
from stationdesk.services.practice.ground import draw_features, settle_villages
from stationdesk.services.practice.matches import Desk
from stationdesk.services.practice.needs import plan_needs
from stationdesk.services.practice.people import Addresses, settle_people
from stationdesk.services.practice.resources import Supply, stock
from stationdesk.services.practice.town import Town
from stationdesk.services.practice.visits import plan_visits

PARTS = 6
"""So many parts a town has."""


def parts(town: Town) -> Iterator[list[Change]]:
    """Ground, people, resources, visits, needs, matches; still without their numbers.

    What a check would fill in is filled in already, and the tests put the checks to all of it.
    """
    yield [*settle_villages(town), *draw_features(town)]
    addresses = Addresses()
    yield list(settle_people(town, addresses))
    supplies: list[Supply] = []
    yield list(stock(town, addresses, supplies))
    visits = plan_visits(town)
    wants = plan_needs(town, visits)
    desk = Desk(town, supplies)
    desk.run(wants)
    yield [town.new("visit", draft) for draft in visits]
    yield [town.new("need", want.values, want.key) for want in wants]
    yield [town.new("match", draft) for draft in desk.drafts]
