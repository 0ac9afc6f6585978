"""What the pages of the running demo cost a reader: ``python -m bench.weight``.

Every page that needs no account, in Chromium, several times on an empty cache: bytes by kind, and
the medians of largest contentful paint, layout shift and total blocking time. Times are of this
machine; bytes and layout shift are held by ``tests/e2e/test_weight.py``.
"""

from __future__ import annotations

import argparse
import json
import sys
from statistics import median

from stack.browser import chromium, find_chromium
from stack.layout import DEMO
from stack.pages import pages, plugins, records
from stack.weight import weigh

_KINDS = ("Document", "Stylesheet", "Script", "Font", "Image")


def main() -> int:
    """Weigh the pages of the running demo; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.weight")
    parser.add_argument("--times", type=int, default=3, help="visits of each page")
    parser.add_argument("--width", type=int, default=1280, help="width of the window")
    parser.add_argument("names", nargs="*", help="pages of stack/pages.py (default: all)")
    arguments = parser.parse_args()
    path = find_chromium()
    if path is None or not DEMO.accounts_file.exists():
        sys.stderr.write("This needs Chromium and the running demo (`make up`).\n")
        return 1
    demo = json.loads(DEMO.accounts_file.read_text(encoding="utf-8"))
    sys.stdout.write(
        f"{'page':<22}{'KB':>8}" + "".join(f"{kind:>12}" for kind in _KINDS)
        + f"{'LCP ms':>10}{'CLS':>8}{'TBT ms':>8}\n"
    )  # fmt: skip
    with chromium(path) as browser:
        window = browser.new_context()
        values = records(window.request, demo["url"], demo["accounts"])
        loaded = plugins(window.request, demo["url"])
        for page in pages("anonymous", values, loaded):
            if arguments.names and page.name not in arguments.names:
                continue
            url = f"{demo['url']}{page.path}"
            visits = [weigh(browser, url, arguments.width) for _ in range(arguments.times)]
            first = visits[0]
            sys.stdout.write(
                f"{page.name:<22}{first.total / 1000:>8.1f}"
                + "".join(f"{first.bytes.get(kind, 0) / 1000:>12.1f}" for kind in _KINDS)
                + f"{median(v.lcp for v in visits):>10.0f}"
                + f"{max(v.cls for v in visits):>8.3f}"
                + f"{median(v.tbt for v in visits):>8.0f}\n"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
