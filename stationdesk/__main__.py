"""`python -m stationdesk` is the same as the `stationdesk` command."""

from multiprocessing import freeze_support

from stationdesk.cli import main

if __name__ == "__main__":
    freeze_support()  # in the packed program, a reader's child process comes in through here too
    raise SystemExit(main())
