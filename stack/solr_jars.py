"""Solr's jars: resolved by Maven coordinates, held to a lock file of SHA-256 digests.

``python -m stack.solr_jars fetch FOLDER`` fetches and checks; ``python -m stack.solr_jars lock``
writes the lock file anew after a change of the coordinates below.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

import jgo
from jgo.config import GlobalSettings

REPOSITORY = Path(__file__).resolve().parent.parent
LOCK = REPOSITORY / "stack" / "solr" / "jars.lock"
CACHE = REPOSITORY / ".local" / "cache"

#: Solr's server classes, Jetty 10 to run them in, and one version that the resolver gets wrong
#: (it picks hk2-locator 3.0.6 beside hk2-api 3.1.1).
COORDINATES = (
    "org.apache.solr:solr-core:9.10.1"
    "+org.eclipse.jetty:jetty-servlet:10.0.26"
    "+org.glassfish.hk2:hk2-locator:3.1.1"
)


def resolve() -> dict[str, Path]:
    """Return the jars of Solr and all that it needs, by file name."""
    # jgo keeps its files in the home folder by default; ours stay in the state folder.
    settings = GlobalSettings(cache_dir=CACHE / "jgo", repo_cache=CACHE / "maven")
    GlobalSettings.load = classmethod(lambda _cls, *_args, **_kwargs: settings)  # type: ignore[method-assign]
    environment = jgo.build(COORDINATES)
    # Split by jgo into folders for the class path and for Java modules; a class path takes all.
    return {path.name: path for path in environment.path.rglob("*.jar")}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(folder: Path) -> None:
    """Put the checked jars into ``folder``.

    :raises SystemExit: when a jar is missing, unknown or altered
    """
    expected: dict[str, str] = {}
    for line in LOCK.read_text(encoding="ascii").splitlines():
        digest, name = line.split("  ", 1)
        expected[name] = digest
    jars = resolve()
    wrong = sorted(
        name
        for name in expected.keys() | jars.keys()
        if name not in jars or expected.get(name) != _digest(jars[name])
    )
    if wrong:
        sys.exit(f"These jars are not what stack/solr/jars.lock says: {', '.join(wrong)}")
    folder.mkdir(parents=True)
    for name, path in jars.items():
        shutil.copy(path, folder / name)


def lock() -> None:
    """Write the lock file."""
    lines = (f"{_digest(path)}  {name}\n" for name, path in sorted(resolve().items()))
    LOCK.write_text("".join(lines), encoding="ascii")


if __name__ == "__main__":
    if sys.argv[1:] == ["lock"]:
        lock()
    elif sys.argv[1:2] == ["fetch"] and len(sys.argv) == 3:  # noqa: PLR2004
        fetch(Path(sys.argv[2]))
    else:
        sys.exit(__doc__)
