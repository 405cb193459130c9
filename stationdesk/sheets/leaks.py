"""What must not be in a file that leaves the station: full personal numbers, and names of minors.

One search for everything that goes out: a workbook of ours before it takes its place, a department's form that
was filled, a list, a Word form. Other parts of the package are searched as well as the cells: notes, page
heads, properties.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import IO, Final

from lxml import etree

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Value, plain_text
from stationdesk.core.messages import _
from stationdesk.core.vocab.choice import Choice, captioned, choice


@captioned("个人号码")
class PersonalKind(Choice):
    """What was found that tells of one person."""

    ID_NUMBER = choice("id_number", "身份证号")
    MOBILE = choice("mobile", "手机号码")
    LANDLINE = choice("landline", "座机号码")
    BANK = choice("bank", "银行账号")
    MINOR = choice("minor", "未成年人姓名")


@dataclass(frozen=True, slots=True)
class Leak:
    """One place where something stands that must not leave. `row` is 0 where there are no rows."""

    kind: PersonalKind
    sheet: str
    row: int
    column: str

    @property
    def place(self) -> str:
        """Where it is, in the worker's words."""
        if not self.row:
            return _("“{sheet}”{column}").format(sheet=self.sheet, column=self.column)
        return _("“{sheet}”第 {row} 行“{column}”").format(sheet=self.sheet, row=self.row, column=self.column)


class PersonalNumber(UserError):
    """A full number or a minor's name stands in a file that leaves the station; `leaks` says where."""

    def __init__(self, template: str, /, *, leaks: Sequence[Leak] = (), **values: object) -> None:
        super().__init__(template, **values)
        self.leaks = tuple(leaks)


_OWN: Final = "|"
"""Stands for a number of the station's own: digits on either side of it are no longer one number."""
MOST: Final = 50
"""Places that are told; a file with more is refused all the same."""

_GAP = "\\s\u00ad\u200b-\u200d\u2060\ufeff\u2010-\u2015\u2212-"
"""What people and programs put between digits: blanks, signs that are not seen, every kind of dash."""
_BREAK = f"[{_GAP}]?"
_RUN = re.compile(f"\\d(?:[()（）.．－{_GAP}]{{0,3}}\\d){{8}}")
"""As many digits as whatever is found below has, of any script: most texts are done with here."""
_ID = re.compile(rf"(?<!\d)[1-9](?:{_BREAK}\d){{16}}{_BREAK}[\dXx](?![\dXx])")
_MOBILE = re.compile(
    rf"(?<!\d)(?:(?:00|\+)?86{_BREAK})?1[3-9](?:(?:{_BREAK}\d){{9}}|\d\.\d{{4}}\.\d{{4}})(?!\d)"
)
_LANDLINE = re.compile(
    rf"(?<![\d.*-])\(?0(?:10|2\d|[3-9]\d\d)\)?{_BREAK}{_BREAK}[2-8](?:{_BREAK}\d){{6,7}}(?!{_BREAK}\d)"
)
_CARD = re.compile(rf"(?<![\dA-Za-z*])[3-6](?:{_BREAK}\d){{15,18}}(?!\d)")
_ACCOUNT = re.compile(rf"(?:账号|帐号|账户|帐户|卡号|银行卡|存折)\D{{0,6}}\d(?:{_BREAK}\d){{8}}")
_BIRTH = re.compile(r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_BLANK = re.compile("[\\s\u200b-\u200d\u2060\ufeff·.]+")
_UNION_PAY = "62"


def personal_number(text: str) -> PersonalKind | None:
    """What kind of full number a text holds: of an ID card or a mobile phone; None for neither.

    Full-width digits, blanks, hyphens and invisible characters between the digits do not hide it. A wrong
    check digit is no excuse: such numbers are kept on purpose until they are mended.
    """
    text = unicodedata.normalize("NFKC", text)
    if any(_BIRTH.fullmatch(_digits(match[0])[6:14]) for match in _ID.finditer(text)):
        return PersonalKind.ID_NUMBER
    return PersonalKind.MOBILE if _MOBILE.search(text) else None


def number_in(text: str) -> PersonalKind | None:
    """As `personal_number`, and of a land line or of what looks like a bank account or card."""
    if _RUN.search(text) is None:
        return None
    found = personal_number(text)
    if found is not None:
        return found
    text = unicodedata.normalize("NFKC", text)
    if _ACCOUNT.search(text) or any(_is_card(_digits(match[0])) for match in _CARD.finditer(text)):
        return PersonalKind.BANK
    return PersonalKind.LANDLINE if _LANDLINE.search(text) else None


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def _is_card(digits: str) -> bool:
    """A card of UnionPay by its beginning, others by their check digit (ISO/IEC 7812-1, Luhn)."""
    if digits.startswith(_UNION_PAY):
        return True
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


class MinorNames:
    """The names of minors that a file is searched for, in whatever cell and between whatever blanks."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        clean = {_BLANK.sub("", unicodedata.normalize("NFKC", name)) for name in names}
        self._names = frozenset(name for name in clean if len(name) > 1)
        self._lengths = sorted({len(name) for name in self._names})
        first, second = ("".join(sorted({re.escape(name[at]) for name in self._names})) for at in (0, 1))
        # Two signs that some name begins with: few texts have them, and only those are looked at closely.
        self._begins = re.compile(f"(?=[{first}][{second}])") if self._names else None

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self._names)

    def found_in(self, text: str) -> bool:
        """Whether one of the names stands in the text."""
        if self._begins is None:
            return False
        text = _BLANK.sub("", unicodedata.normalize("NFKC", text))
        return any(
            text[match.start() : match.start() + length] in self._names
            for match in self._begins.finditer(text)
            for length in self._lengths
        )


NO_NAMES: Final = MinorNames()


@dataclass(frozen=True, slots=True)
class Watch:
    """The names that a masked file is searched for, and who answers for what is found: told the places, it may go.

    Without `allowed`, a file in which something is found is refused.
    """

    names: MinorNames = NO_NAMES
    allowed: Callable[[Sequence[Leak]], None] | None = None

    def judge(self, leaks: Sequence[Leak]) -> None:
        """Let a file go, or refuse it.

        Raises:
            PersonalNumber: something was found, and nobody answers for it.
        """
        if leaks and self.allowed is not None:
            self.allowed(leaks)
        else:
            refuse(leaks)


NUMBERS_ONLY: Final = Watch()


def leak_in(text: str, names: MinorNames = NO_NAMES) -> PersonalKind | None:
    """What of one person a text tells that must not leave; None when it may."""
    return number_in(text) or (PersonalKind.MINOR if names.found_in(text) else None)


def leaks_in(
    source: Path | Iterable[Sequence[Value]],
    names: MinorNames = NO_NAMES,
    *,
    sheet: str = "",
    labels: Sequence[str] = (),
    own: Sequence[str] = (),
) -> tuple[Leak, ...]:
    """Where something stands that must not leave: in a file (.xlsx, .docx), or in rows of values.

    `sheet` and `labels` name the rows' table and columns; `own` are numbers that are nobody's, such as the phone
    of the station at the foot of a form. At most `MOST` places are told.
    """
    cells = _cells_of(source) if isinstance(source, Path) else _values(source, sheet, labels)

    @lru_cache(maxsize=4096)
    def check(text: str) -> PersonalKind | None:
        for number in own:
            text = text.replace(number, _OWN)
        return leak_in(text, names)

    leaks = []
    for sheet_name, row, column, text in cells:
        kind = check(text)
        if kind is not None:
            leaks.append(Leak(kind, sheet_name, row, column))
            if len(leaks) == MOST:
                break
    return tuple(leaks)


def refuse(leaks: Sequence[Leak]) -> None:
    """Refuse a file in which something was found.

    Raises:
        PersonalNumber: saying the first place, and how many there are.
    """
    if not leaks:
        return
    first = leaks[0]
    more = _("这样的地方共 {count} 处。").format(count=len(leaks)) if len(leaks) > 1 else ""
    what = (
        _(first.kind.label)
        if first.kind is PersonalKind.MINOR
        else _("完整的{kind}").format(kind=_(first.kind.label))
    )
    raise PersonalNumber(
        "外送的文件没有写出：{place}里有{what}。{more}请在那条记录里改掉它，再导出一次；查明不是个人信息的，可写明原因放行。",
        leaks=leaks,
        place=first.place,
        what=what,
        more=more,
    )


_Cell = tuple[str, int, str, str]


def _values(rows: Iterable[Sequence[Value]], sheet: str, labels: Sequence[str]) -> Iterator[_Cell]:
    for number, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            label = labels[at] if at < len(labels) else str(at + 1)
            yield sheet, number, label, value if isinstance(value, str) else plain_text(value)


# Files

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LINKED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_BLOCKS = (f"{_WORD}p", f"{_DRAWN}p", f"{_MAIN}comment")
"""What is read as one text, however many runs of different looks it is cut into."""
_REST = "批注、页眉、属性等处"


def _cells_of(path: Path) -> Iterator[_Cell]:
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        if "xl/workbook.xml" in names:
            sheets = sheet_parts(package)
            shared = _shared(package)
            for title, part in sheets.items():
                with package.open(part) as file:
                    yield from _sheet_cells(file, title, shared)
            done = {*sheets.values(), "xl/sharedStrings.xml"}
        else:
            done = set[str]()
        for name in names:
            # Where links lead is told beside the part that has them.
            if name.endswith((".xml", ".rels")) and name not in done:
                with package.open(name) as file:
                    yield from _texts(file, path.name)


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Where each sheet of a workbook lies in its package, by its title, in order."""
    links = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {str(link.get("Id")): str(link.get("Target")) for link in links}
    book = etree.fromstring(package.read("xl/workbook.xml"))
    parts = {
        str(sheet.get("name")): targets[str(sheet.get(f"{_LINKED}id"))]
        for sheet in book.iter(f"{_MAIN}sheet")
    }
    return {
        title: part.lstrip("/") if part.startswith("/") else f"xl/{part}" for title, part in parts.items()
    }


def _shared(package: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in package.namelist():
        return []
    strings = etree.fromstring(package.read("xl/sharedStrings.xml"), etree.XMLParser(huge_tree=True))
    # What is read out beside a text (phonetic runs) is not searched apart: it stands in the same element.
    return ["".join(map(str, each.itertext())) for each in strings.iter(f"{_MAIN}si")]


def _sheet_cells(part: IO[bytes], title: str, shared: Sequence[str]) -> Iterator[_Cell]:
    for _event, found in etree.iterparse(part, tag=[f"{_MAIN}c", f"{_MAIN}headerFooter", f"{_MAIN}row"]):
        if found.tag == f"{_MAIN}row":
            found.clear()
            continue
        if found.tag == f"{_MAIN}headerFooter":
            yield title, 0, _(_REST), "".join(map(str, found.itertext()))
            continue
        place = re.fullmatch(r"([A-Z]+)(\d+)", str(found.get("r")))
        for each in found:  # the value apart from the formula, whose last digit would hide its first
            text = "".join(map(str, each.itertext()))
            if found.get("t") == "s" and each.tag == f"{_MAIN}v":
                text = shared[int(text)]
            yield title, int(place[2]) if place else 0, place[1] if place else "", text


def _texts(part: IO[bytes], name: str) -> Iterator[_Cell]:
    """The texts of any other part; a paragraph or a comment is one."""
    root = etree.parse(part, etree.XMLParser(huge_tree=True, resolve_entities=False)).getroot()
    number = 0
    for block in root.iter(*_BLOCKS):
        text = "".join(map(str, block.itertext()))
        if block.tag == f"{_WORD}p":
            number += 1
            yield name, number, _("段落"), text
        else:
            yield name, 0, _(_REST), text
        for node in block.iter():  # told once: what follows is what stands outside of them
            node.text = None
            node.tail = None if node is not block else node.tail
    for each in chain(root.itertext(), (str(value) for node in root.iter() for value in node.values())):
        text = str(each)
        if text.strip():
            yield name, 0, _(_REST), text
