"""The SDI fields as extras: what is derived, and what comes off again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.tangerang.interop.extras import MANIFEST, NATIONAL_KEYS, Exporter, strip

BOX = [[[106.3, -6.3], [106.7, -6.3], [106.7, -6.0], [106.3, -6.0], [106.3, -6.3]]]
FIELDS = (
    *("title", "kategori", "prioritas_tahun", "satuan", "cakupan_wilayah", "accesslevel"),
    *("Hasil_Pemeriksaan_SKDN", "kodereferensi", "identifier", "frekuensi"),
)
EXPORTER = Exporter(
    fields=FIELDS,
    topics={"ekonomi": "Ekonomi, Industri, dan Investasi", "kesehatan": "Kesehatan"},
    outlines={"36.03": [BOX]},
)
DATASET = {
    "id": "7d1f",
    "title": "Jumlah puskesmas",
    "identifier": "tangerangkab-1",
    "metadata_created": "2026-01-02T03:04:05",
    "metadata_modified": "2026-02-03T04:05:06.7",
    "organization": {"title": "Dinas Kesehatan"},
    "kontak_email": "data@example.org",
    "kategori": ["kesehatan", "ekonomi"],
    "prioritas_tahun": ["2023", "2024"],
    "satuan": "unit",
    "cakupan_wilayah": ["36.03"],
    "accesslevel": "terbatas",
    "Hasil_Pemeriksaan_SKDN": True,
    "kodereferensi": ["KEMENDAGRI"],
    "frekuensi": "SEMESTERAN",
    "periode_awal": "2023",
    "periode_akhir": "2024-02",
}


def test_national_keys_have_the_values_that_harvesters_read():
    found = EXPORTER.derive(DATASET)
    assert {key: found[key] for key in NATIONAL_KEYS} == {
        "identifier": "tangerangkab-1",
        "guid": "tangerangkab-1",
        "language": "id",
        "frequency": "http://publications.europa.eu/resource/authority/frequency/ANNUAL_2",
        "temporal_start": "2023-01-01",
        "temporal_end": "2024-02-29",
        "spatial": json.dumps({"type": "Polygon", "coordinates": BOX}, separators=(",", ":")),
        "dcat_issued": "2026-01-02T03:04:05",
        "dcat_modified": "2026-02-03T04:05:06.7",
        "dcat_publisher_name": "Dinas Kesehatan",
        "dcat_publisher_email": "data@example.org",
    }
    assert found["kategori"] == "Kesehatan; Ekonomi, Industri, dan Investasi"
    assert found["prioritas_tahun"] == "2023; 2024"
    assert found["accesslevel"] == "Terbatas"
    assert found["Hasil_Pemeriksaan_SKDN"] == "1"


def test_fields_keep_their_value_and_lists_all_of_theirs():
    found = EXPORTER.derive(DATASET)
    assert found["satuan"] == "unit"
    assert json.loads(found["kodereferensi"]) == ["KEMENDAGRI"]
    assert "title" not in found
    assert not {key for key, text in EXPORTER.derive({"id": "1", "satuan": ""}).items() if not text}


def test_a_prefix_stands_before_fields_and_not_before_what_harvesters_know():
    plain = EXPORTER.derive(DATASET)
    prefixed = Exporter(
        fields=FIELDS, prefix="sdi_", topics=EXPORTER.topics, outlines=EXPORTER.outlines
    ).derive(DATASET)
    assert prefixed == {
        (key if key in NATIONAL_KEYS else f"sdi_{key}"): text for key, text in plain.items()
    }


@pytest.mark.parametrize("codes", [["36.03.01"], ["36.03", "36.71"], [], None])
def test_a_region_without_an_outline_gets_none(codes):
    assert "spatial" not in EXPORTER.derive({**DATASET, "cakupan_wilayah": codes})


def test_what_somebody_stored_wins_and_stays():
    stored = [{"key": "guid", "value": "urn:lain"}, {"key": "catatan", "value": "x"}]
    dataset = {**DATASET, "extras": list(stored)}
    EXPORTER.append(dataset)
    assert dataset["extras"][:2] == stored
    assert [row["key"] for row in dataset["extras"]].count("guid") == 1
    assert strip(dataset)["extras"] == stored


_KEYS = st.one_of(st.text(max_size=12), st.sampled_from([*NATIONAL_KEYS, *FIELDS]))


@given(
    stored=st.dictionaries(_KEYS.filter(lambda key: key != MANIFEST), st.text(max_size=20)),
    dataset=st.fixed_dictionaries(
        {"id": st.text(min_size=1)},
        optional={
            name: st.one_of(st.text(), st.lists(st.text()), st.booleans(), st.none())
            for name in (*FIELDS, "periode_awal", "kontak_email")
        },
    ),
)
def test_stripping_gives_back_exactly_what_was_stored(stored, dataset):
    rows = [{"key": key, "value": value} for key, value in stored.items()]
    shown = {**dataset, "extras": list(rows)}
    EXPORTER.append(shown)
    assert strip(shown)["extras"] == rows
    keys = [row["key"] for row in shown["extras"]]
    assert len(keys) == len(set(keys))
    json.dumps(shown)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(extras=_JSON, manifest=_JSON)
def test_what_is_no_list_of_extras_is_left_for_ckan_to_refuse(extras, manifest):
    assert strip({"extras": extras})["extras"] == extras or isinstance(extras, list)
    row = {"key": MANIFEST, "value": manifest}
    kept = {"key": "satuan", "value": "unit"}
    found = strip({"extras": [kept, row]})["extras"]
    assert found in ([kept], [])
    assert found == [kept] or manifest == '["satuan"]'


def test_a_manifest_takes_away_no_more_than_was_sent_with_it():
    rows = [
        {"key": MANIFEST, "value": json.dumps(["satuan"])},
        {"key": "satuan", "value": "unit"},
        {"key": "harvest_source_id", "value": "7"},
    ]
    assert strip({"name": "a", "extras": rows}) == {"name": "a", "extras": rows[2:]}


@pytest.mark.parametrize(
    "text", ["", "{}", "[1, null]", pytest.param("[" * 100_000, id="too deep"), 7, None]
)
def test_a_broken_manifest_takes_away_only_itself(text):
    rows = [{"key": MANIFEST, "value": text}, {"key": "satuan", "value": "unit"}]
    assert strip({"extras": rows})["extras"] == rows[1:]
