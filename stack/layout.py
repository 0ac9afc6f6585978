"""Where everything is: the repository, the state folder, and the profiles in it."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
LOCAL = REPOSITORY / ".local"
VENV = LOCAL / "venv"
CACHE = LOCAL / "cache"
REQUIREMENTS = REPOSITORY / "stack" / "requirements"

#: Addresses of existing servers that replace parts of the stack, as they were when this command
#: began: the tests put the addresses of their own services into the environment later.
EXTERNAL_SERVERS = {
    name: os.environ[name]
    for name in (
        "CKAN_SQLALCHEMY_URL",
        "CKAN_DATASTORE_WRITE_URL",
        "CKAN_DATASTORE_READ_URL",
        "CKAN_REDIS_URL",
        "CKAN_SOLR_URL",
    )
    if name in os.environ
}


def write_private(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` in one step, readable by its owner only.

    A reader, or a start after a crash, sees the old content or the new, never half of one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@dataclass(frozen=True)
class Profile:
    """One instance of the stack with its own data, ports and databases.

    ``demo`` is the portal that people look at, ``test`` holds the databases of the tests, ``e2e``
    and ``e2e-review`` are the portals that browser tests click through, ``clients`` is what other
    programs read in tests, ``harvester`` and ``stock-harvester`` are two of those; benchmarks make
    more.
    """

    name: str

    @property
    def root(self) -> Path:
        """Return the folder of this profile's state."""
        return LOCAL / self.name

    @property
    def logs(self) -> Path:
        """Return the folder of the logs."""
        return self.root / "log"

    @property
    def run(self) -> Path:
        """Return the folder of the process records."""
        return self.root / "run"

    @property
    def ini(self) -> Path:
        """Return the configuration file that CKAN runs with."""
        return self.root / "ckan.ini"

    @property
    def environment_file(self) -> Path:
        """Return the file of ``NAME=value`` lines that tests and scripts read."""
        return self.root / "env"

    @property
    def accounts_file(self) -> Path:
        """Return the file with the address and the accounts, for people and scripts."""
        return LOCAL / "demo.json" if self.name == "demo" else self.root / "demo.json"

    @property
    def has_demo_content(self) -> bool:
        """Tell whether the demo's organizations, datasets and accounts belong in it."""
        return self.name in {"demo", "e2e", "e2e-review", "clients"}

    @property
    def harvests(self) -> bool:
        """Tell whether it reads other portals with ckanext-harvest."""
        return self.name in {"harvester", "stock-harvester"}

    @property
    def is_test(self) -> bool:
        """Tell whether the data may be thrown away."""
        return self.name != "demo"

    def database_name(self, name: str) -> str:
        """Return ``name`` as it is called in this profile: ``…_test`` for all but the demo."""
        if not self.is_test:
            return name
        suffix = "_test" if self.name == "test" else f"_{self.name.replace('-', '_')}_test"
        return name if name.endswith(suffix) else name + suffix

    def state(self) -> dict[str, Any]:
        """Return what was chosen at earlier starts: ports, passwords, fingerprints."""
        path = self.root / "state.json"
        if not path.exists():
            return {}
        return json.loads(path.read_text(encoding="utf-8"))

    def remember(self, **values: Any) -> None:
        """Add ``values`` to the stored state."""
        write_private(self.root / "state.json", json.dumps(self.state() | values, indent=1))

    def secret(self, name: str) -> str:
        """Return the generated secret ``name``, making it on first use."""
        stored = self.state().get("secrets", {})
        if name not in stored:
            stored[name] = secrets.token_urlsafe(24)
            self.remember(secrets=stored)
        return stored[name]


DEMO = Profile("demo")
#: The services of the tests; a run of half the tests beside another has its own.
TEST = Profile(os.environ.get("TANGERANG_TEST_PROFILE") or "test")
