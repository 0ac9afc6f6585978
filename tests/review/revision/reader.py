"""Reads a record over HTTP without a pause: a script for the tests.

Three threads ask for the file, the table and the record; each prints a line for what it saw: kind,
when it asked and when it had the answer (seconds of the clock that all processes share), and the
version. Ends when its input does.
"""

from __future__ import annotations

import json
import sys
import threading
import time
import urllib.error
import urllib.request


def version_of(kind, body):
    """Return the version in an answer; what is neither old nor new is returned whole."""
    if kind == "file":
        head, *words = body.decode().split("\n")
        return words[0] if head == "versi" and words[1:] == [""] else repr(body)
    result = json.loads(body)["result"]
    if kind == "record":
        return result["title"].removeprefix("Puskesmas ")
    words = {row["versi"] for row in result["records"]}
    expected = {"_id", "versi", *({"tambahan"} if len(result["fields"]) == 3 else ())}
    whole = {field["id"] for field in result["fields"]} == expected and result["total"] > 0
    return words.pop() if whole and len(words) == 1 else repr(result)[:500]


def read(kind, url, until):
    """Ask until told to end."""
    while not until.is_set():
        start = time.monotonic()
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                seen = version_of(kind, answer.read())
        except urllib.error.HTTPError as error:
            seen = f"HTTP {error.code}: {error.read()[:300]!r}"
        # One write: the three threads share the output.
        sys.stdout.write(f"{json.dumps([kind, start, time.monotonic(), seen])}\n")
        sys.stdout.flush()


def main():
    """Start the threads."""
    base, record, resource = sys.argv[1:]
    urls = {
        "file": f"{base}/dataset/{record}/resource/{resource}/download/tabel.csv",
        "table": f"{base}/api/action/datastore_search?resource_id={resource}&limit=50",
        "record": f"{base}/api/action/package_show?id={record}",
    }
    until = threading.Event()
    threads = [threading.Thread(target=read, args=(*item, until)) for item in urls.items()]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    until.set()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
