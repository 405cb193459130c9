"""Floor of P7: the file read by openpyxl in its read-only mode, as a plain script would."""

from __future__ import annotations

import sys

import openpyxl


def main(path: str) -> None:
    """Read every cell."""
    sheet = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets[0]
    print(sum(len(row) for row in sheet.iter_rows(values_only=True)))


if __name__ == "__main__":
    main(sys.argv[1])
