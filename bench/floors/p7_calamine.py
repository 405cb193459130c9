"""Floor of P7: the file read by calamine, every cell once."""

from __future__ import annotations

import sys

import python_calamine as calamine


def main(path: str) -> None:
    """Read every cell."""
    sheet = calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    print(sum(len(row) for row in sheet.iter_rows()))


if __name__ == "__main__":
    main(sys.argv[1])
