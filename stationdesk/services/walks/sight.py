"""What photos and tracks are, before anything is written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.datum import distance_m, to_wgs84
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.text import clean_line
from stationdesk.core.vocab import Datum
from stationdesk.db.models import Photo, Resource, Station
from stationdesk.maps.walks import photos as phones
from stationdesk.maps.walks import tracks as ways
from stationdesk.maps.walks.photos import WalkPhoto, read_photo
from stationdesk.maps.walks.tracks import CHINA, Track, read_track
from stationdesk.services.store import Store

ENDINGS = (*phones.ENDINGS, *ways.ENDINGS)
MOST_PHOTOS = 400
"""Photos of one walk: their copies are held until they are written, some 300 kB each."""

_TOGETHER = 20.0  # metres within which photos show one place: a phone knows no better
_SAME = 15.0  # metres to a resource that is in the library already
_FAR = 30_000.0  # metres from the station beyond which a photo is of somewhere else


@dataclass(frozen=True, slots=True)
class WalkPlace:
    """A place of the walk, in WGS-84: what was called there, the photos of it (by their position in the sight).

    `near` is the key and the title of the resource that lies there already.
    """

    lat: float
    lon: float
    name: str
    photos: tuple[int, ...] = ()
    note: str = ""
    near: tuple[Key, str] | None = None


@dataclass(frozen=True, slots=True)
class WalkSight:
    """What the files are: nothing is written yet.

    `refused` are files that cannot be read, with the reason; `known` the names of photos that were taken in before;
    `unplaced` the positions of photos without a place, `by_track` of those placed by their time on the track;
    `away` counts places far from the station.
    """

    photos: tuple[WalkPhoto, ...]
    tracks: tuple[Track, ...]
    places: tuple[WalkPlace, ...]
    refused: tuple[tuple[str, str], ...] = ()
    known: tuple[str, ...] = ()
    unplaced: tuple[int, ...] = ()
    by_track: tuple[int, ...] = ()
    away: int = 0
    day: date | None = None
    datum: Datum = Datum.WGS84

    @property
    def metres(self) -> float:
        """How far the tracks go together."""
        return sum(track.metres for track in self.tracks)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take in."""
        return not self.photos and not self.tracks


def look(
    store: Store, paths: Sequence[Path], datum: Datum = Datum.WGS84, progress: Progress = SILENT
) -> WalkSight:
    """Read photos and tracks, and say what they would become.

    `datum` is that of the files: GPS is WGS-84; some apps write GCJ-02.

    Raises:
        UserError: there are too many photos for one walk.
        Cancelled: by `progress`.
    """
    if sum(path.suffix.lower() in phones.ENDINGS for path in paths) > MOST_PHOTOS:
        raise UserError("一次最多读 {most} 张照片。请分几次选，每次一段路。", most=MOST_PHOTOS)
    photos: list[WalkPhoto] = []
    tracks: list[Track] = []
    refused: list[tuple[str, str]] = []
    known: list[str] = []
    with store.reading() as session:
        taken = set(session.scalars(select(Photo.source)))
    progress.say(_("读照片和轨迹"))
    for step, path in enumerate(paths):
        progress.step(step, len(paths))
        try:
            if path.suffix.lower() in ways.ENDINGS:
                tracks.append(read_track(path))
            elif path.suffix.lower() in (*phones.ENDINGS, ".heic", ".heif"):
                photo = read_photo(path)
                if photo.source in taken:
                    known.append(path.name)
                else:
                    taken.add(photo.source)
                    photos.append(photo)
            else:
                refused.append((path.name, _("不是照片，也不是轨迹（GPX、KML、KMZ、GeoJSON）")))
        except UserError as trouble:
            refused.append((path.name, str(trouble)))
    progress.step(len(paths), len(paths))
    return _sight(store, photos, tracks, tuple(refused), tuple(known), datum)


def _sight(
    store: Store,
    photos: Sequence[WalkPhoto],
    tracks: Sequence[Track],
    refused: tuple[tuple[str, str], ...],
    known: tuple[str, ...],
    datum: Datum,
) -> WalkSight:
    by_track: list[int] = []
    spots: dict[int, tuple[float, float]] = {}
    for at, photo in enumerate(photos):
        if photo.lat is not None and photo.lon is not None:
            spots[at] = tuple(to_wgs84(photo.lat, photo.lon, datum))  # type: ignore[assignment]  # lat and lon
        elif (spot := _on_track(photo, tracks)) is not None:
            spots[at] = tuple(to_wgs84(*spot, datum))  # type: ignore[assignment]  # lat and lon
            by_track.append(at)
    places = [
        WalkPlace(*to_wgs84(point.lat, point.lon, datum), clean_line(point.name), note=clean_line(point.note))
        for track in tracks
        for point in track.places
    ]
    places = _gathered(places, spots, photos)
    with store.reading() as session:
        places = [replace(place, near=_near(session, place)) for place in places]
        home = session.scalars(select(Station)).first()
        away = 0
        if home is not None and home.latitude is not None and home.longitude is not None:
            middle = (home.latitude, home.longitude)
            away = sum(distance_m(middle, (place.lat, place.lon)) > _FAR for place in places)
    days = sorted(each.taken_at[:10] for each in photos if each.taken_at) or [
        track.day for track in tracks if track.day
    ]
    return WalkSight(
        tuple(photos),
        tuple(tracks),
        tuple(places),
        refused,
        known,
        tuple(at for at in range(len(photos)) if at not in spots),
        tuple(by_track),
        away,
        _day(days, store.clock.today()),
        datum,
    )


def _day(days: Sequence[str], today: date) -> date:
    """The first day that is not in the future: a phone whose clock was never set is not believed."""
    told = [day for text in days if (day := date.fromisoformat(text)) <= today]
    return told[0] if told else today


def _on_track(photo: WalkPhoto, tracks: Iterable[Track]) -> tuple[float, float] | None:
    """Where the walker was when the photo was taken."""
    if not photo.taken_at:
        return None
    moment = datetime.fromisoformat(photo.taken_at).replace(tzinfo=CHINA)
    return next((spot for track in tracks if (spot := track.place_at(moment)) is not None), None)


def _gathered(
    places: Sequence[WalkPlace], spots: Mapping[int, tuple[float, float]], photos: Sequence[WalkPhoto]
) -> list[WalkPlace]:
    """Photos join the place marked beside them, or the photo before that shows the same place."""
    found = [(place, list(place.photos)) for place in places]
    for at, (lat, lon) in sorted(spots.items(), key=lambda each: photos[each[0]].taken_at):
        beside = min(found, key=lambda each: distance_m((each[0].lat, each[0].lon), (lat, lon)), default=None)
        if beside is not None and distance_m((beside[0].lat, beside[0].lon), (lat, lon)) <= _TOGETHER:
            beside[1].append(at)
        else:
            found.append((WalkPlace(lat, lon, ""), [at]))
    return [replace(place, photos=tuple(shown)) for place, shown in found]


def _near(session: Session, place: WalkPlace) -> tuple[Key, str] | None:
    """The one resource that lies there already."""
    reach = _SAME / 111_000 / max(0.2, math.cos(math.radians(place.lat)))
    rows = session.execute(
        select(Resource.key, Resource.code, Resource.name, Resource.latitude, Resource.longitude).where(
            Resource.latitude.between(place.lat - reach, place.lat + reach),
            Resource.longitude.between(place.lon - reach, place.lon + reach),
        )
    )
    close = [
        row for row in rows if distance_m((row.latitude, row.longitude), (place.lat, place.lon)) <= _SAME
    ]
    return (close[0].key, f"{close[0].code} {close[0].name}") if len(close) == 1 else None
