"""The portals of these tests: what is read, and two CKANs that harvest it."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stack.portal import Portal

#: How long a harvest of the sample portal may take.
_HARVEST_SECONDS = 240
#: After so many seconds without a record imported, cron would look what is the matter.
_STALLED_SECONDS = 6


class RefusedError(Exception):
    """An action that CKAN refused; the message is its error."""


@dataclass(frozen=True)
class Site:
    """A running portal, over HTTP, with the rights of its operator."""

    portal: Portal

    @property
    def url(self) -> str:
        """Return its address."""
        return self.portal.site_url

    @property
    def token(self) -> str:
        """Return the operator's token."""
        return self.portal.profile.state()["xloader_token"]

    def get(self, path: str) -> bytes:
        """Return what an address answers, to nobody in particular."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=120) as answer:
            return answer.read()

    def call(self, action: str, *, token: str | None = None, **data: Any) -> Any:
        """Return the result of an action.

        :param token: of who asks; default the sysadmin of the portal
        :raises RefusedError: when CKAN refuses
        """
        request = urllib.request.Request(
            f"{self.url}/api/3/action/{action}",
            data=json.dumps(data).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": self.token if token is None else token,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["result"]
        except urllib.error.HTTPError as error:
            raise RefusedError(f"{action}: {error.read().decode('utf-8', 'replace')}") from error

    def public(self, action: str, **data: Any) -> Any:
        """Return the result of a reading action, to nobody in particular."""
        query = urllib.parse.urlencode(data)
        return json.loads(self.get(f"/api/3/action/{action}?{query}"))["result"]

    def datasets(self) -> dict[str, dict[str, Any]]:
        """Return all public datasets by id, as a harvester reads them."""
        found = self.public("package_search", rows=1000, sort="id asc")["results"]
        return {record["id"]: record for record in found}


@dataclass(frozen=True)
class Source:
    """A portal as ckanext-harvest reads it, in another portal."""

    site: Site
    id: str

    def harvest(self) -> dict[str, int]:
        """Harvest once, by the consumers that run beside; return how many records did what.

        The job is made as the button of the page makes it, and looked after as cron does: that
        marks it as finished, and sends again what waits but is in no queue.

        :raises AssertionError: with the errors, when there are any, or it takes too long
        """
        job = self.site.call("harvest_job_create", source_id=self.id, run=True)["id"]
        moved, waiting, deadline = time.monotonic(), None, time.monotonic() + _HARVEST_SECONDS
        while waiting != 0:
            assert time.monotonic() < deadline, self._report(job)
            time.sleep(0.5)
            before, waiting = waiting, self._waiting(job)
            if waiting != before:
                moved = time.monotonic()
            elif waiting and time.monotonic() - moved > _STALLED_SECONDS:
                # ckanext-dcat's JSON harvester sends no id of what is to be deleted.
                self.site.call("harvest_jobs_run", source_id=self.id)
                moved = time.monotonic()
        self.site.call("harvest_jobs_run", source_id=self.id)
        shown = self.site.call("harvest_job_show", id=job)
        assert shown["status"] == "Finished", self._report(job)
        stats = shown["stats"]
        assert stats.pop("errored", 0) == 0, self._report(job)
        return {name: count for name, count in stats.items() if count}

    def _waiting(self, job: str) -> int | None:
        """Return how many records a job has still to import; None while it gathers."""
        if not self.site.call("harvest_job_show", id=job)["gather_finished"]:
            return None
        profile = self.site.portal.profile
        count = self.site.portal.postgres.sql(
            f"SELECT count(*) FROM harvest_object WHERE harvest_job_id = '{job}'"  # noqa: S608
            " AND state NOT IN ('COMPLETE', 'ERROR')",
            profile.database_name("ckan"),
        )
        return int(count)

    def _report(self, job: str) -> str:
        return json.dumps(self.site.call("harvest_job_report", id=job), indent=1)[:5_000]


def harvest_source(
    site: Site, kind: str, url: str, owner_org: str, config: dict[str, Any] | None = None
) -> Source:
    """Make a harvest source in a portal.

    :param kind: of the harvester: ``ckan``, ``dcat_rdf`` or ``dcat_json``
    :param owner_org: to which what it brings belongs
    """
    made = site.call(
        "harvest_source_create",
        name=f"sumber-{kind.replace('_', '-')}-{int(time.time())}",
        title=f"Tangerang ({kind})",
        url=url,
        source_type=kind,
        owner_org=owner_org,
        config=json.dumps(config or {}),
    )
    return Source(site, made["id"])
