"""Everything that a portal sends out: the list that the matrix of leaks is made of.

**A new output is one line here**: its name in the table of the docs, and what asks for it, given
the records (:class:`tests.leaks.world.World`). ``test_outputs.py`` fails for an address, or an
action that reads, which nothing here asks.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from .world import STEM, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .world import World


class Asked(NamedTuple):
    """One request."""

    path: str
    #: What is posted; None for a GET.
    form: Mapping[str, str] | None = None


def get(*paths: str) -> list[Asked]:
    """Return requests for some addresses."""
    return [Asked(path) for path in paths]


def api(action: str, **data: Any) -> list[Asked]:
    """Return the request for an action that reads."""
    plain = {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in data.items()
    }
    return get(f"/api/3/action/{action}?{urlencode(plain)}")


def each(action: str, ids: Iterable[str], key: str = "id", **data: Any) -> list[Asked]:
    """Return requests for an action about several things."""
    return [asked for id_ in ids for asked in api(action, **{key: id_, **data})]


def _sql(world: World) -> list[Asked]:
    """Return statements that read the tables, plainly and by a detour."""
    return [
        asked
        for id_ in world.files.values()
        for statement in (
            f'SELECT * FROM "{id_}"',  # noqa: S608 - what is asked, not what is run here
            f'SELECT (SELECT count(*) FROM "{id_}") AS n',  # noqa: S608
        )
        for asked in api("datastore_search_sql", sql=statement)
    ]


#: The lists: what stands here is asked without naming a record, so its answer must be, to the
#: letter, what it was before there were any, as long as none is public.
LISTS: dict[str, Callable[[World], list[Asked]]] = {
    "Beranda": lambda _: get("/"),
    "Daftar dataset": lambda _: get("/dataset/", "/kegiatan/", "/indikator/"),
    "Daftar dataset, dicari": lambda _: get(
        f"/dataset/?q={STEM}*",
        f"/kegiatan/?q={STEM}*",
        f"/indikator/?q={STEM}*",
        f"/dataset/?tags={word('kunci', 1)}",
        f"/dataset/?res_format={word('fmt', 1).upper()}",
    ),
    "Pencarian dan saran": lambda _: [
        *get(f"/cari/saran?q={STEM}", f"/cari/saran?q={word('title', 1)}"),
        *api("tangerang_search_suggest", q=STEM),
    ],
    "Daftar OPD": lambda _: get(
        "/organization/", "/organization/?q=din", "/opd", "/opd.csv", "/opd.json", "/opd.xlsx"
    ),
    "Halaman OPD": lambda _: get(
        "/organization/dinkes",
        "/organization/dinsos",
        "/organization/about/dinkes",
        "/opd/dinkes",
    ),
    "Aktivitas OPD": lambda _: get(
        "/organization/activity/dinkes", "/organization/activity/dinsos"
    ),
    "Pengikut dan anggota OPD": lambda _: get(
        "/organization/followers/dinkes", "/organization/members/dinkes"
    ),
    "Topik": lambda _: get("/kategori", "/kategori/kesehatan"),
    "Wilayah": lambda _: get("/wilayah", "/wilayah/36.03"),
    "Statistik (`/statistik…`, `tangerang_usage_…list`)": lambda _: [
        *get("/statistik", "/statistik/bulan.csv", "/statistik/dataset.csv", "/statistik.xlsx"),
        *get("/statistik/opd/dinkes", "/statistik/opd/dinkes.xlsx"),
        *api("tangerang_usage_list", rows=100),
        *api("tangerang_usage_list", rows=100, type="indikator"),
        *api("tangerang_usage_month_list"),
        *api("tangerang_usage_organization_show", id="dinkes"),
    ],
    "Rilis berikutnya, angka utama": lambda _: [
        *api("tangerang_release_list", limit=100),
        *api("tangerang_headline_list"),
        *get("/angka-utama"),
    ],
    "Daftar data (`/daftar-data`, `.xlsx`)": lambda _: get(
        "/daftar-data", "/daftar-data.xlsx", f"/daftar-data?q={STEM}"
    ),
    "Skor": lambda _: get("/skor", "/skor.csv"),
    "Umpan (`/feeds/…`)": lambda _: get(
        "/feeds/dataset.atom",
        "/feeds/organization/dinkes.atom",
        "/feeds/organization/dinsos.atom",
        f"/feeds/tag/{word('kunci', 1)}.atom",
        f"/feeds/custom.atom?q={STEM}*",
    ),
    "`/catalog.…`": lambda _: get(
        *(f"/catalog.{form}" for form in ("ttl", "xml", "rdf", "jsonld")),
        "/catalog.ttl?page=1",
        "/catalog.ttl?page=2",
    ),
    "`/catalog.…`, disaring": lambda _: get(
        f"/catalog.ttl?q={STEM}*", "/catalog.xml?modified_since=2020-01-01"
    ),
    "`/catalog-all.…`, `/data.json`": lambda _: get(
        *(f"/catalog-all.{form}" for form in ("ttl", "xml", "jsonld")), "/data.json"
    ),
    "`sitemap.xml`, `robots.txt`": lambda _: get("/sitemap.xml", "/sitemap-1.xml", "/robots.txt"),
    "`/metadata.zip`": lambda _: get("/metadata.zip", "/organization/dinkes/metadata.zip"),
    "`package_search`": lambda _: [
        *api("package_search", rows=100, include_private=True, include_drafts=True),
        *api("package_search", q=f"{STEM}*", include_private=True, include_deleted=True),
        *api(
            "package_search",
            fq="dataset_type:(dataset OR kegiatan OR indikator OR revisi)",
            include_private=True,
            rows=100,
        ),
    ],
    "`package_search`, hitungan (facets)": lambda _: api(
        "package_search",
        rows=0,
        **{"facet.field": ["tags", "organization", "res_format", "kategori", "license_id", "name"]},
        **{"facet.limit": -1},
    ),
    "`package_list`": lambda _: api("package_list"),
    "`current_package_list_with_resources`": lambda _: api("current_package_list_with_resources"),
    "`resource_search`": lambda _: [
        *api("resource_search", query=f"name:{STEM}"),
        *api("resource_search", query=f"url:{STEM}"),
        *api("resource_search", query=f"format:{STEM}"),
    ],
    "Saran (`…_autocomplete`)": lambda _: [
        *api("package_autocomplete", q=STEM),
        *api("tag_autocomplete", q=STEM),
        *api("format_autocomplete", q=STEM),
        *api("organization_autocomplete", q="din"),
        *api("group_autocomplete", q=STEM),
        *api("tangerang_link_autocomplete", type="dataset", q=STEM),
        *api("tangerang_link_autocomplete", type="kegiatan", q=STEM),
        *get(
            f"/api/2/util/dataset/autocomplete?incomplete={STEM}",
            f"/api/2/util/tag/autocomplete?incomplete={STEM}",
            f"/api/2/util/resource/format_autocomplete?incomplete={STEM}",
            "/api/2/util/organization/autocomplete?q=din",
            f"/api/2/util/group/autocomplete?q={STEM}",
        ),
    ],
    "Kata kunci (`tag_…`)": lambda _: [
        *api("tag_list"),
        *api("tag_list", all_fields=True),
        *api("tag_search", query=STEM),
        *each("tag_show", (word("kunci", 1), word("kunci", 2)), include_datasets=True),
    ],
    "`organization_list`, `organization_show`": lambda _: [
        *api("tangerang_organization_list", limit=100),
        *api("organization_list", all_fields=True, include_dataset_count=True),
        *each("organization_show", ("dinkes", "dinsos"), include_datasets=True),
    ],
    "`group_…`": lambda _: [
        *api("group_list", all_fields=True, type="organization"),
        *each("group_package_show", ("dinkes", "dinsos")),
        *each("group_show", ("dinkes", "dinsos"), include_datasets=True),
    ],
    "`member_list`": lambda _: each("member_list", ("dinkes", "dinsos"), object_type="package"),
    "Aktivitas (`…_activity_list`)": lambda world: [
        *api("recently_changed_packages_activity_list", limit=100),
        *each("organization_activity_list", ("dinkes", "dinsos"), limit=100),
        *each("group_activity_list", ("dinkes", "dinsos"), limit=100),
        *each("user_activity_list", (world.staff.editor["name"],), limit=100),
    ],
    "Pengguna (`user_show`, `/user/…`)": lambda world: [
        *api(
            "user_show",
            id=world.staff.editor["name"],
            include_datasets=True,
            include_num_followers=True,
        ),
        *api("user_list", all_fields=True, order_by="number_created_packages"),
        *get(
            f"/user/{world.staff.editor['name']}",
            f"/user/activity/{world.staff.editor['name']}",
        ),
    ],
    "`dcat_catalog_…`": lambda _: [
        *api("dcat_catalog_show", format="ttl"),
        *api("dcat_catalog_search", format="ttl", q=f"{STEM}*"),
    ],
    "`tangerang_opd_…`": lambda _: [
        *api("tangerang_opd_list", include_counts=True),
        *api("tangerang_opd_show", id="dinkes"),
    ],
    "`tangerang_inventory_…`": lambda _: [
        *api("tangerang_inventory_list", q=STEM),
        *api("tangerang_inventory_list"),
        *api("tangerang_inventory_organization_list"),
    ],
    "`tangerang_score_…`": lambda _: [
        *api("tangerang_score_list"),
        *api("tangerang_score_average_list"),
    ],
    "`tangerang_review_list`": lambda _: [
        *api("tangerang_review_list"),
        *api("tangerang_review_change_list"),
    ],
    "`tangerang_link_report`": lambda _: api("tangerang_link_report"),
    "`status_show`": lambda _: api("status_show"),
    "`datastore_search` tanpa tabel, `_table_metadata`": lambda _: api(
        "datastore_search", resource_id="_table_metadata"
    ),
}


def _pages(world: World) -> list[Asked]:
    """Return the pages of the records, by id and by name."""
    names = (("dataset", "nama"), ("kegiatan", "namakegiatan"), ("indikator", "namaindikator"))
    return get(
        *(f"/{kind}/{id_}" for kind, id_ in world.records.items()),
        *(f"/{kind}/{word(name, 1)}" for kind, name in names),
        *(f"/dataset/{id_}" for id_ in world.revisions.values()),
    )


def _dataset_and_file(world: World) -> list[tuple[str, str]]:
    """Return the datasets with their files, those of the revisi too."""
    dataset, revision = world.records["dataset"], world.revisions.get("dataset")
    found = [(dataset, world.files["file"]), (dataset, world.files["link"])]
    if revision:
        found += [(revision, world.files["next file"]), (revision, world.files["next link"])]
    return found


def _of_files(pattern: str) -> Callable[[World], list[Asked]]:
    """Return what asks an address of each file."""
    return lambda world: get(
        *(
            pattern.format(dataset=dataset, file=file, view=world.views["table"])
            for dataset, file in _dataset_and_file(world)
        )
    )


def of_datasets(world: World) -> list[str]:
    """Return the ids of the dataset and its revisi."""
    return [found["dataset"] for found in (world.records, world.revisions) if "dataset" in found]


def ids(world: World) -> list[str]:
    """Return the ids of the records and their revisi."""
    return [*world.records.values(), *world.revisions.values()]


#: What is asked by the id or the name of a record, a file or a view.
NAMED: dict[str, Callable[[World], list[Asked]]] = {
    "Halaman rekaman": _pages,
    "Halaman rekaman, bagian lain": lambda world: get(
        *(
            f"/dataset/{part}/{id_}"
            for id_ in of_datasets(world)
            for part in ("activity", "followers", "groups", "resources", "changes")
        ),
    ),
    "Halaman berkas": _of_files("/dataset/{dataset}/resource/{file}"),
    "Pratinjau (`/view`)": _of_files("/dataset/{dataset}/resource/{file}/view/{view}"),
    "Unduh berkas": _of_files("/dataset/{dataset}/resource/{file}/download/berkas.csv"),
    "Unduh berkas lewat dataset lain": lambda world: get(
        *(f"/dataset/terbuka/resource/{id_}/download/x.csv" for id_ in world.files.values())
    ),
    "Kamus dan status muat": lambda world: get(
        *(
            address
            for dataset, file in _dataset_and_file(world)
            for address in (
                f"/dataset/{dataset}/dictionary/{file}",
                f"/dataset/{dataset}/resource_data/{file}",
            )
        )
    ),
    "RDF (`/dataset/….ttl`)": lambda world: get(
        *(
            f"/dataset/{id_}.{form}"
            for id_ in of_datasets(world)
            for form in ("ttl", "xml", "jsonld")
        )
    ),
    "INDAH, DDI, CSV, formulir": lambda world: get(
        *(
            f"/{kind}/{found[kind]}{end}"
            for found in (world.records, world.revisions)
            for kind in ("kegiatan", "indikator")
            if kind in found
            for end in (".indah.json", ".ddi.xml", "/formulir.xlsx")
        ),
        f"/kegiatan/{world.records['kegiatan']}.variabel.csv",
    ),
    "Tindakan INDAH, DDI, variabel": lambda world: [
        *each("tangerang_indah_show", ids(world)),
        *each("tangerang_ddi_show", ids(world)),
        *each("tangerang_variable_list", ids(world)),
    ],
    "`package_show`": lambda world: each("package_show", ids(world)),
    "`resource_show`": lambda world: each("resource_show", world.files.values()),
    "`resource_view_…`": lambda world: [
        *each("resource_view_show", world.views.values()),
        *each("resource_view_list", world.files.values()),
    ],
    "`package_activity_list`, `…_follower_…`": lambda world: [
        *each("package_activity_list", ids(world)),
        *each("dataset_follower_list", ids(world)),
        *each("package_relationships_list", ids(world)),
    ],
    "`dcat_dataset_show`": lambda world: each("dcat_dataset_show", ids(world), format="ttl"),
    "`datastore_search`": lambda world: each(
        "datastore_search", world.files.values(), key="resource_id"
    ),
    "`datastore_info`": lambda world: each("datastore_info", world.files.values()),
    "`datastore_search_sql`": _sql,
    "`/datastore/dump`": lambda world: get(
        *(
            f"/datastore/dump/{id_}?format={form}"
            for id_ in world.files.values()
            for form in ("csv", "json")
        )
    ),
    "`/datastore/api_info`": lambda world: get(
        *(f"/datastore/api_info/{id_}" for id_ in world.files.values())
    ),
    "Tabel untuk diunduh (`/tabel/…`)": lambda world: get(
        *(
            f"/tabel/{id_}/{kind}"
            for id_ in world.files.values()
            for kind in ("xlsx", "csv", "csv-excel", "json")
        )
    ),
    "Grafik (`/grafik/…`)": lambda world: get(
        *(
            f"/grafik/{id_}{end}"
            for id_ in world.files.values()
            for chart in (f"/garis-{word('angka', 1)}", f"/garis-{word('angka', 2)}")
            for end in ("", f"{chart}.svg", f"{chart}.csv", f"{chart}/sematkan")
        )
    ),
    "Deret indikator": lambda world: [
        *each("tangerang_series_show", (world.records["indikator"], *world.revisions.values())),
        *get(
            *(
                f"/grafik/indikator/{name}.{end}"
                for name in (world.records["indikator"], word("namaindikator", 1))
                for end in ("svg", "csv")
            )
        ),
    ],
    "`tangerang_usage_show`": lambda world: each("tangerang_usage_show", ids(world)),
    "`/datatables/…`": lambda world: [
        Asked(
            f"/datatables/ajax/{world.views['table']}",
            {"draw": "1", "search[value]": "", "start": "0", "length": "10"},
        )
    ],
    "`tangerang_review_…`": lambda world: [
        asked
        for verb in ("show", "history", "diff")
        for asked in each(f"tangerang_review_{verb}", ids(world))
    ],
    "`tangerang_score_show`, `tangerang_link_list`": lambda world: [
        *each("tangerang_score_show", ids(world)),
        *each("tangerang_link_list", ids(world)),
    ],
    "`/pemeriksaan/…`, `/akses/minta/…`": lambda world: get(
        *(f"/pemeriksaan/{id_}" for id_ in of_datasets(world)),
        *(f"/akses/minta/{id_}" for id_ in of_datasets(world)),
    ),
    "Formulir ubah dan hapus": lambda world: get(
        *(f"/dataset/{verb}/{id_}" for verb in ("edit", "delete") for id_ in of_datasets(world))
    ),
}
