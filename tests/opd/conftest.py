"""Fixtures of the tests of the plugin tangerang_opd."""

from __future__ import annotations

import pytest

from .people import Portal


@pytest.fixture
def portal(with_plugins: None, clean_db: None, clean_index: None) -> Portal:
    """Return a new portal with people of all roles."""
    return Portal()
