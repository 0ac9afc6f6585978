"""Fixtures for the tests of the search: tables, people, records."""

from __future__ import annotations

import pytest

from tests.metadata.conftest import complete, make, people

#: The plugins that these tests are about, and their partners.
PLUGINS = (
    "tangerang_search tangerang_theme tangerang_score tangerang_metadata tangerang_opd"
    " scheming_datasets scheming_organizations"
)

__all__ = ["complete", "make", "people"]


@pytest.fixture
def with_plugins(with_plugins, migrate_loaded):
    """Load the plugins, with their tables."""
    migrate_loaded()
