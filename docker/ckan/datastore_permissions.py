"""Give the DataStore's database its roles, tables and functions; end with 1 when that fails.

``ckan datastore set-permissions`` prints the statements for ``psql``, which the image lacks.
They are run here in one transaction, as the owner of the DataStore's database.
"""

# ruff: noqa: INP001 - a script, not part of a package

from __future__ import annotations

import os
import subprocess
import sys

import psycopg2


def statements(script: str) -> str:
    """Return ``script`` without the commands that only ``psql`` understands."""
    lines = script.splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith("\\connect")), None)
    if start is None:
        raise ValueError("CKAN printed no permissions; its output was:\n" + script)
    return "\n".join(lines[start + 1 :])


def main() -> str | None:
    """Run the statements; return what went wrong and what to do, or None."""
    printed = subprocess.run(
        ["ckan", "datastore", "set-permissions"],  # noqa: S607 - found on the image's PATH
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if printed.returncode != 0:
        return "tangerang: `ckan datastore set-permissions` failed; see the lines above."
    try:
        connection = psycopg2.connect(os.environ["CKAN_DATASTORE_WRITE_URL"])
        with connection, connection.cursor() as cursor:
            cursor.execute(statements(printed.stdout))
        connection.close()
    except psycopg2.Error as error:
        return (
            f"tangerang: the DataStore's permissions could not be set: {error}"
            "The role of CKAN_DATASTORE_WRITE_URL must own the DataStore's database and the role "
            "of CKAN_DATASTORE_READ_URL must exist, as docker/postgres makes them."
        )
    return None


if __name__ == "__main__":
    sys.exit(main())
