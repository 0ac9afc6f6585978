"""The file of topics."""

from __future__ import annotations

from pathlib import Path

import ckan
import pytest

from ckanext.tangerang.metadata import topics
from ckanext.tangerang.metadata.codelists import codelist

DEFAULT = "ckanext.tangerang.metadata:topics.yaml"


def test_each_urusan_stands_in_exactly_one_topic():
    covered = sorted(code for topic in topics.load(DEFAULT) for code in topic.urusan)
    assert covered == sorted((*codelist("urusan").keys, *codelist("unsur_penunjang").keys))


def test_labels_descriptions_and_icons():
    css = Path(ckan.__file__).parent / "public/base/vendor/fontawesome-free/css/all.css"
    icons = css.read_text(encoding="utf-8")
    for topic in topics.load(DEFAULT):
        assert topic.label("id")
        assert topic.label("en")
        assert topic.description("id") != topic.description("en")
        assert f".fa-{topic.icon}" in icons
    assert topics.by_key(DEFAULT)["kesehatan"].label("en") == "Health"
    assert topics.by_urusan(DEFAULT)["2.20"] == "perhubungan_tik"


def test_a_file_of_ones_own(tmp_path):
    own = tmp_path / "topik.yaml"
    own.write_text("topics:\n  - {key: air, label: Air, urusan: ['1.03']}\n", encoding="utf-8")
    (topic,) = topics.load(str(own))
    assert (topic.label("en"), topic.icon, topic.urusan) == ("Air", "folder-open", ("1.03",))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("topics: []", "needs a list"),
        ("- a", "needs a list"),
        ("topics: [", "not YAML"),
        ("topics: [{key: 'Air Bersih', label: Air}]", "needs a key"),
        ("topics: [7]", "needs a key"),
        ("topics: [{key: air}]", "needs a label"),
        ("topics: [{key: air, label: 3}]", "label of the topic air"),
        ("topics: [{key: air, label: Air, urusan: [2.10]}]", "quoted codes"),
        ("topics: [{key: air, label: Air, icon: '\"><script>'}]", "name of an icon"),
        ("topics: [{key: a, label: A}, {key: a, label: B}]", "key comes more than once: a"),
        (
            "topics: [{key: a, label: A, urusan: ['1.01']}, {key: b, label: B, urusan: ['1.01']}]",
            "urusan comes more than once: 1.01",
        ),
    ],
)
def test_malformed_files_say_what_is_wrong(tmp_path, text, complaint):
    file = tmp_path / "topics.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(topics.TopicsError, match=complaint):
        topics.load(str(file))


@pytest.mark.parametrize("location", ["no.such.module:topics.yaml", "/no/such/file.yaml"])
def test_missing_files_say_so(location):
    with pytest.raises(topics.TopicsError, match=location):
        topics.load(location)
