"""Where a run begins, as the command ``broadsheet`` and as ``python -m broadsheet``.

The command line takes a while to load, and Ctrl-C meanwhile is no fault: it is told as it is told later.
"""

import sys


def main() -> None:
    """Load the command line and run it; the process ends with its exit code."""
    try:
        from broadsheet.archive.ending import interrupted_by_endings  # noqa: PLC0415 - the signals come first

        with interrupted_by_endings(to_the_end=True):
            from broadsheet.cli import main as run  # noqa: PLC0415 - it is what takes a while

            run()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. The same command goes on from here.\n")
        sys.exit(3)


if __name__ == "__main__":
    main()
