"""No request of a new worker finds half of CKAN's actions, or half of who may call them."""

from __future__ import annotations

import pytest
from ckan import authz, logic
from ckan.common import config
from ckan.config.middleware import make_app


@pytest.mark.ckan_config("ckan.plugins", "tangerang_security datastore")
@pytest.mark.usefixtures("with_plugins")
def test_both_lists_are_whole_before_the_first_request() -> None:
    logic.clear_actions_cache()
    authz.clear_auth_functions_cache()
    make_app(config)

    assert "datastore_search" in logic._actions
    assert {"datastore_search", "package_update"} <= authz._AuthFunctions._functions.keys()
