"""`python -m stationdesk` is the same as the `stationdesk` command."""

from stationdesk.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
