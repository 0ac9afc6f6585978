"""Starting the plugin: without its partner, with a schema of the site's own."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
from ckan.exceptions import CkanConfigurationException


@pytest.mark.ckan_config("ckan.plugins", "tangerang_opd")
def test_without_scheming_it_says_what_to_do():
    with pytest.raises(CkanConfigurationException, match="needs the plugin scheming_organizations"):
        p.load_all()
    p.unload_all()


@pytest.mark.ckan_config("ckan.plugins", "tangerang_opd scheming_organizations")
@pytest.mark.usefixtures("with_plugins")
def test_the_schema_is_ours():
    fields = tk.h.scheming_get_organization_schema("organization")["fields"]
    assert "peran_sdi" in [field["field_name"] for field in fields]


@pytest.mark.ckan_config("ckan.plugins", "tangerang_opd scheming_organizations")
@pytest.mark.ckan_config(
    "scheming.organization_schemas", "ckanext.scheming:custom_org_with_address.json"
)
@pytest.mark.usefixtures("with_plugins")
def test_a_site_keeps_its_own_schema():
    assert tk.h.scheming_get_organization_schema("organization") is None
    assert tk.h.scheming_get_organization_schema("publisher")
