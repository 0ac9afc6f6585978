"""End with 0 when the job worker of this container has reported to Redis lately."""

# ruff: noqa: INP001 - a script, not part of a package

from __future__ import annotations

import os
import socket
import sys
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from redis import Redis
from rq import Worker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rq.worker import BaseWorker

#: An idle RQ worker reports every 405 seconds, a busy one every 30.
LONGEST_SILENCE = timedelta(seconds=480)


def is_alive(workers: Iterable[BaseWorker], hostname: str, now: datetime) -> bool:
    """Tell whether a worker on ``hostname`` has reported within :data:`LONGEST_SILENCE`."""
    return any(
        worker.hostname == hostname
        and worker.last_heartbeat is not None
        and now - worker.last_heartbeat <= LONGEST_SILENCE
        for worker in workers
    )


def main() -> str | None:
    """Return what is wrong, or None."""
    connection = Redis.from_url(os.environ["CKAN_REDIS_URL"], socket_timeout=5)
    workers = Worker.all(connection=connection)
    if is_alive(workers, socket.gethostname(), datetime.now(timezone.utc)):
        return None
    return "The job worker of this container has not reported to Redis."


if __name__ == "__main__":
    sys.exit(main())
