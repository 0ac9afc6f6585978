"""The list of outputs is complete: an address, or an action that reads, is asked or named here."""

from __future__ import annotations

from fnmatch import fnmatchcase
from types import SimpleNamespace

import pytest
from ckan import logic
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from .conftest import PLUGINS
from .outputs import LISTS, NAMED
from .world import STEM

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins"),
]

#: Endpoints that nobody without an account gets anything from, or that hold nothing of records.
WITHOUT_RECORDS = {
    "an account, its settings, its own lists": (
        "user.*",
        "dashboard.*",
        "activity.dashboard",
        "activity.dashboard_testing",
        "activity.unfollow",
        "activity.follow",
        "*.follow",
        "*.unfollow",
        "tangerang_account*",
        "tangerang_beranda.*",
        "tangerang_pemberitahuan.*",
        "tangerang_akses.mine",
        "tangerang_akses.cancel",
        "tangerang_akses_keputusan.*",
        "tangerang_akses_kode.*",
    ),
    "administration of the portal and of OPD": (
        "admin.*",
        "activity.admin_activities",
        "*.admins",
        "*.edit",
        "*.delete",
        "*.new",
        "*.bulk_process",
        "*.manage_members",
        "*.member_*",
        "tangerang_opd_plans.*",
        "tangerang_opd_resolver.*",
        "tangerang_opd.*_alias",
    ),
    "forms, which ask for the right to change the record": (
        "*_resource.new",
        "*_resource.edit",
        "*_resource.edit_view",
        "*_resource.delete",
        "resource.new",
        "resource.edit",
        "resource.edit_view",
        "resource.delete",
        "tangerang_form.*",
        "tangerang_record.*",
        "*.import_",
        "tangerang_workbook.empty_*",
        "xloader.*",
        "tangerang_pemeriksaan.changes",
        "tangerang_pemeriksaan.index",
        "tangerang_pemeriksaan.act",
        "tangerang_pemeriksaan.note",
        "tangerang_pemeriksaan.several",
    ),
    "files of the portal itself, help, languages": (
        "static",
        "webassets.*",
        "util.*",
        "home.about",
        "home.redirect_locale",
        "api.get_api",
        "api.i18n_js_translations",
        "api.user_autocomplete",
        "home.index",
    ),
    "pages that the walidata writes, the look of the portal, reports of browsers": (
        "tangerang_halaman.*",
        "tangerang_style.*",
        "tangerang_csp.report",
    ),
    "groups, which the portal does not use": (
        "group.*",
        "*.groups",
        "feeds.group",
        "activity.group_activity",
    ),
    "hidden behind our view of the same address": ("organization.index", "dcat.read_catalog"),
    "the same views at the addresses of kegiatan and indikator, which have no files": (
        "kegiatan_resource.*",
        "indikator_resource.*",
        "resource.*",
    ),
    "old versions, of which tests/access/test_matrix.py has the whole matrix": (
        "activity.*_history",
        "activity.*_changes*",
        "file.*",
        "*resource.views",
        "datatablesview.filtered_download",
    ),
    "followers of a record, for sysadmins": (
        "*.followers",
        "kegiatan.resources",
        "indikator.resources",
    ),
    "a series of datasets, which the portal has none of": ("dcat.read_dataset_series",),
}

#: Actions that read and are asked in another way, or say nothing of records.
OTHER_ACTIONS = {
    "asked in tests/access/test_matrix.py": (
        "activity_data_show", "activity_diff", "activity_show", "file_*",
    ),
    "of the caller alone, or of sysadmins": (
        "am_following_*", "api_token_list", "config_option_*", "dashboard_*", "*_for_user",
        "job_*", "task_status_show", "xloader_status", "*followee_*", "tangerang_access_*",
        "tangerang_account_*", "tangerang_notification_*", "tangerang_start_show",
        "tangerang_opd_journal_list", "group_list_authz", "package_collaborator_list",
        "get_site_user",
    ),
    "of accounts, vocabularies and schemas": (
        "help_show", "license_list", "member_roles_list", "scheming_*", "term_translation_show",
        "user_autocomplete", "user_follower_*", "vocabulary_*", "tangerang_codelist_*",
        "tangerang_condition_show", "tangerang_opd_resolve*", "group_follower_*",
        "organization_follower_*",
    ),
    "of the pages that the walidata writes": ("tangerang_page_*",),
    "a number of followers": ("dataset_follower_count",),
}  # fmt: skip


@pytest.fixture
def paths():
    """Return all paths that are asked, about records that need not be there."""
    kinds = ("dataset", "kegiatan", "indikator")
    world = SimpleNamespace(
        records={kind: f"id-{kind}" for kind in kinds},
        revisions={kind: f"rev-{kind}" for kind in kinds},
        files={name: f"id-{name}" for name in ("file", "link", "next file", "next link")},
        views={"table": "id-view"},
        staff=SimpleNamespace(editor={"name": "editor"}),
    )
    return [asked for output in (LISTS | NAMED).values() for asked in output(world)]


def _rest(found, listed):
    """Return what is neither asked nor named."""
    patterns = [pattern for group in listed.values() for pattern in group]
    return sorted(n for n in found if not any(fnmatchcase(n, pattern) for pattern in patterns))


def test_every_address_is_asked(app, paths):
    routes = app.flask_app.url_map.bind("test.ckan.net")
    asked = set()
    for one in paths:
        path = one.path.partition("?")[0]
        try:
            asked.add(routes.match(path, method="GET" if one.form is None else "POST")[0])
        except RequestRedirect as place:
            asked.add(routes.match("/" + place.new_url.split("/", 3)[3])[0])
        except (NotFound, MethodNotAllowed):
            pytest.fail(f"{path} is no address of the portal")
    there = {
        rule.endpoint
        for rule in app.flask_app.url_map.iter_rules()
        if rule.methods & {"GET", "POST"} and not rule.endpoint.startswith("_")
    }
    assert _rest(there - asked, WITHOUT_RECORDS) == [], "Add it to outputs.py, or say why not here."


def test_every_action_that_reads_is_asked(paths):
    logic.get_action("package_show")
    asked = {
        one.path.partition("?")[0].rsplit("/", 1)[1]
        for one in paths
        if one.path.startswith("/api/3/action/")
    }
    reading = {
        name
        for name, action in logic._actions.items()
        if getattr(action, "side_effect_free", False)
    }
    assert asked - reading <= {"dcat_dataset_show"}, "no such action"
    assert _rest(reading - asked, OTHER_ACTIONS) == [], "Add it to outputs.py, or say why not here."


def test_words_are_found_by_their_stem(paths):
    assert sum(STEM in one.path for one in paths) > 20
