"""Runs in udata's environment: harvests a CKAN twice with udata's back end, prints what it has.

Usage: UDATA_SETTINGS=udata.cfg python udata_harvest.py https://data.example.go.id
"""

from __future__ import annotations

import json
import sys
from typing import Any

from udata.app import create_app, standalone
from udata.core.dataset.models import Dataset, License
from udata.harvest.backends.ckan.harvesters import CkanBackend
from udata.harvest.models import HarvestSource


def _job(source: Any) -> dict[str, Any]:
    """Harvest once; return the end of the job and of each of its items."""
    job = CkanBackend(source).harvest()
    return {
        "status": job.status,
        "errors": [error.message for error in job.errors],
        "items": [
            {
                "id": item.remote_id,
                "status": item.status,
                "errors": [error.message for error in item.errors],
            }
            for item in job.items
        ],
        "datasets": Dataset.objects.count(),
    }


def main() -> None:
    """Harvest what the first argument names."""
    app = standalone(create_app())
    with app.app_context(), app.test_request_context():
        # Of those that `udata licenses` loads.
        License.objects.create(id="cc-by", title="Creative Commons Attribution")
        source = HarvestSource.objects.create(name="tangerang", url=sys.argv[1], backend="ckan")
        jobs = [_job(source), _job(source)]
        kept = [json.loads(dataset.to_json()) for dataset in Dataset.objects]
    json.dump({"jobs": jobs, "datasets": kept}, sys.stdout)


if __name__ == "__main__":
    main()
