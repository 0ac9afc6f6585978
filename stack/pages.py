"""The pages of the portal, by the role that looks at them: one list for tests and pictures.

The accessibility check, the watch of the network, reading without JavaScript, the pictures of
``make screenshots`` and the page weights all walk through :data:`PAGES`. A new page is one line
here. Parts in braces stand for records of the sample content, found by :func:`records`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import APIRequestContext, Page


@dataclass(frozen=True)
class PortalPage:
    """A page: its name in pictures, its path, the plugin it needs, and the status it answers."""

    name: str
    path: str
    plugin: str = "tangerang_theme"
    status: int = 200


_P = PortalPage

PAGES: dict[str, tuple[PortalPage, ...]] = {
    "anonymous": (
        _P("home", "/"),
        _P("dataset-list", "/dataset/"),
        _P("dataset-search", "/dataset/?q=desa"),
        _P("dataset-none", "/dataset/?q=xyzzyxyzzy"),
        _P("dataset", "/dataset/{dataset}"),
        _P("resource", "/dataset/{dataset}/resource/{resource}"),
        _P("activity-list", "/kegiatan/", "tangerang_metadata"),
        _P("activity", "/kegiatan/{kegiatan}", "tangerang_metadata"),
        _P("activity-indah", "/kegiatan/{kegiatan}/indah", "tangerang_metadata"),
        _P("indicator-list", "/indikator/", "tangerang_metadata"),
        _P("indicator", "/indikator/{indikator}", "tangerang_metadata"),
        _P("organization-list", "/organization/"),
        _P("organization", "/organization/{organization}"),
        _P("organization-about", "/organization/about/{organization}"),
        _P("opd", "/opd", "tangerang_opd"),
        _P("topics", "/kategori", "tangerang_metadata"),
        _P("topic", "/kategori/kesehatan", "tangerang_metadata"),
        _P("region", "/wilayah/{region}", "tangerang_interop"),
        _P("regions", "/wilayah", "tangerang_charts"),
        _P("charts", "/grafik/{resource}", "tangerang_charts"),
        _P("site-pages", "/halaman", "tangerang_content"),
        _P("usage", "/statistik", "tangerang_usage"),
        _P("about", "/about"),
        _P("login", "/user/login"),
        _P("access-code", "/akses/buka", "tangerang_access"),
        _P("password", "/akun/sandi", "tangerang_accounts"),
        _P("not-found", "/tidak-ada", status=404),
        _P("forbidden", "/ckan-admin/", status=403),
    ),
    "produsen": (
        _P("start", "/beranda", "tangerang_review"),
        _P("dataset-form", "/dataset/new"),
        _P("dataset-edit", "/dataset/edit/{own}"),
        _P("dataset-own", "/dataset/{own}"),
        _P("resource-form", "/dataset/{own}/resource/new"),
        _P("dataset-history", "/dataset/activity/{own}", "activity"),
        _P("activity-form", "/kegiatan/new", "tangerang_metadata"),
        _P("indicator-form", "/indikator/new", "tangerang_metadata"),
        _P("import", "/kegiatan/impor", "tangerang_workbook"),
        _P("import-indah", "/kegiatan/impor-indah", "tangerang_exchange"),
        _P("reviews-own", "/pemeriksaan", "tangerang_review"),
        _P("review-own", "/pemeriksaan/{own}", "tangerang_review"),
        _P("data-list", "/daftar-data", "tangerang_review"),
        _P("notifications", "/pemberitahuan", "tangerang_notifications"),
        _P("dashboard", "/dashboard/datasets"),
        _P("dashboard-organizations", "/dashboard/organizations"),
        _P("dashboard-activity", "/dashboard/", "activity"),
        _P("access-mine", "/akses/saya", "tangerang_access"),
        _P("access-requests", "/akses", "tangerang_access"),
        _P("scores-own", "/skor", "tangerang_score"),
        _P("profile", "/user/{user}"),
        _P("profile-form", "/user/edit/{user}"),
        _P("tokens", "/user/{user}/api-tokens"),
    ),
    "walidata": (
        _P("start", "/beranda", "tangerang_review"),
        _P("reviews", "/pemeriksaan", "tangerang_review"),
        _P("review", "/pemeriksaan/{submitted}", "tangerang_review"),
        _P("accounts", "/akun", "tangerang_accounts"),
        _P("account-form", "/akun/baru", "tangerang_accounts"),
        _P("account-upload", "/akun/unggah", "tangerang_accounts"),
        _P("account-log", "/akun/catatan", "tangerang_accounts"),
        _P("account", "/akun/pengguna/{user}", "tangerang_accounts"),
        _P("opd-plan", "/opd/rencana", "tangerang_opd"),
        _P("opd-journal", "/opd/rencana/jurnal", "tangerang_opd"),
        _P("opd-match", "/opd/cocokkan", "tangerang_opd"),
        _P("organization-form", "/organization/edit/{home}"),
        _P("organization-members", "/organization/members/{home}"),
        _P("access-log", "/akses/catatan", "tangerang_access"),
        _P("site-page-form", "/halaman/baru", "tangerang_content"),
    ),
}


def _search(request: APIRequestContext, url: str, **wanted: Any) -> list[dict[str, Any]]:
    """Return the records that a search finds."""
    answer = request.get(f"{url}/api/3/action/package_search", params=wanted)
    return answer.json()["result"]["results"]


def records(
    request: APIRequestContext, url: str, accounts: dict[str, dict[str, str]]
) -> dict[str, str]:
    """Return what stands for the parts in braces.

    :param accounts: the accounts of the sample portal, with their tokens
    """
    found = _search(
        request, url, q="name:jumlah-desa-dan-kelurahan-per-kecamatan", fq="dataset_type:dataset"
    )
    dataset = found[0]
    values = {
        "dataset": dataset["name"],
        "resource": dataset["resources"][0]["id"],
        "organization": dataset["organization"]["name"],
        "region": "36.03",
        "user": accounts["produsen"]["name"],
        # The organization that the account of the walidata belongs to.
        "home": "diskominfo",
        # Made by the sample reviews: one that is not handed in, and one that is.
        "own": "contoh-desa-sasaran-imunisasi",
        "submitted": "contoh-desa-sasaran-posyandu",
    }
    for kind in ("kegiatan", "indikator"):
        rows = _search(request, url, fq=f"dataset_type:{kind}", sort="name asc", rows="1")
        if rows:
            values[kind] = rows[0]["name"]
    return values


def plugins(request: APIRequestContext, url: str) -> set[str]:
    """Return the plugins of a portal."""
    answer = request.get(f"{url}/api/3/action/status_show")
    return set(answer.json()["result"]["extensions"])


def pages(role: str, values: dict[str, str], loaded: set[str]) -> Iterator[PortalPage]:
    """Yield the pages of ``role`` that a portal has, with their whole paths.

    :param values: what stands for the parts in braces (:func:`records`)
    :param loaded: the plugins of the portal (:func:`plugins`)
    """
    for page in PAGES[role]:
        if page.plugin in loaded:
            yield PortalPage(page.name, page.path.format(**values), page.plugin, page.status)


def log_in(page: Page, url: str, account: dict[str, str]) -> None:
    """Log in to the portal at ``url``."""
    page.goto(f"{url}/user/login")
    page.fill("#field-login", account["name"])
    page.fill("#field-password", account["password"])
    page.press("#field-password", "Enter")
    page.wait_for_url("**/beranda")
