"""A reader that talks nonsense, deeper than JSON is read: `python -m tests.support.confined_babbler`."""

import sys

if __name__ == "__main__":
    sys.stdout.write("[" * 100_000 + "\n")
