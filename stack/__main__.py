"""Entry point of ``python -m stack``.

Kept in a syntax that old Pythons can read, because its first duty is to tell their users which
version is needed.
"""

import sys

OLDEST = (3, 10)

if sys.version_info < OLDEST:
    sys.stderr.write(
        "Python %d.%d or newer is needed, this is %d.%d.\n"  # noqa: UP031 - for old Pythons
        "  What to do: name another one, for instance `make demo PYTHON=python3.11`.\n"
        % (OLDEST + tuple(sys.version_info[:2]))
    )
    sys.exit(1)

from stack.commands import main  # noqa: E402 - only after the check above

if __name__ == "__main__":
    sys.exit(main())
