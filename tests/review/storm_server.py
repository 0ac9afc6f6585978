"""Settings of gunicorn for the storm: workers are forked from one process that has loaded CKAN.

A worker that was killed is replaced at once, instead of after the seconds that CKAN takes to load.
"""

from __future__ import annotations

from ckan import model
from ckanext.datastore.backend import postgres

preload_app = True
threads = 2
timeout = 120


def post_fork(_server, _worker):
    """Let a worker open connections of its own."""
    model.meta.engine.dispose(close=False)
    for engine in postgres._engines.values():
        engine.dispose(close=False)
