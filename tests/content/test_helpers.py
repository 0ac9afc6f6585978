"""Explanations beside words, and links to pages."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan.plugins import toolkit as tk

from ckanext.tangerang.content import glossary
from ckanext.tangerang.content.config import glossary_location
from ckanext.tangerang.metadata.fields import RECORD_TYPES, record_fields

from .conftest import PLUGINS, act

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "no_pages"),
]


def soup(markup):
    return BeautifulSoup(str(markup), "html.parser")


class TestTerm:
    def test_a_button_opens_the_explanation_without_a_script(self, with_request_context):
        page = soup(tk.h.tangerang_term("konsep"))
        button, text = page.select_one("button"), page.select_one("[popover]")
        assert button["type"] == "button"
        assert button["popovertarget"] == text["id"]
        assert button["aria-label"] == "What is Concept?"
        assert "The idea behind the data" in text.get_text()
        assert text.select_one("a")["href"].endswith("/halaman/glosarium#konsep")
        assert page.get_text().startswith("Concept")
        assert not page.select("[onclick], [style], script")

    def test_the_word_of_the_page_may_differ(self, with_request_context):
        assert (
            soup(tk.h.tangerang_term("konsep", "What is <meant>"))
            .get_text()
            .startswith("What is <meant>")
        )
        assert tk.h.tangerang_term("konsep", "").startswith('<span class="tangerang-term"><button')

    def test_names_of_fields_are_found_too(self, with_request_context):
        assert "Glossary" in tk.h.tangerang_term("owner_org")
        assert "data producer" in tk.h.tangerang_term("owner_org")

    def test_an_unknown_word_stays_as_it_is(self, with_request_context):
        assert tk.h.tangerang_term("no-such", "<b>") == "&lt;b&gt;"
        assert tk.h.tangerang_term("no-such") == "no-such"

    def test_ids_are_one_of_a_kind_on_a_page(self, with_request_context):
        ids = [soup(tk.h.tangerang_term("konsep")).select_one("[popover]")["id"] for _ in range(3)]
        assert len(set(ids)) == 3

    def test_no_link_where_the_page_of_the_glossary_is_hidden(self, with_request_context, staff):
        act("update", staff.walidata, id="glosarium", version=0, published=False)
        assert "<a" not in tk.h.tangerang_term("konsep")

    def test_it_works_outside_a_request(self):
        assert "istilah-konsep-0" in tk.h.tangerang_term("konsep")


class TestLinks:
    def test_pages_of_a_place_in_their_order(self, with_request_context):
        assert [link["name"] for link in tk.h.tangerang_content_links("menu")] == [
            "tentang",
            "bantuan",
        ]
        footer = tk.h.tangerang_content_links("footer")
        assert footer[0] == {"name": "glosarium", "title": "Glossary", "url": "/halaman/glosarium"}

    def test_a_change_of_this_process_is_seen_at_once(self, with_request_context, staff):
        act("update", staff.walidata, id="bantuan", version=0, place="footer", position=1)
        assert [link["name"] for link in tk.h.tangerang_content_links("menu")] == ["tentang"]
        assert tk.h.tangerang_content_links("footer")[0]["name"] == "bantuan"
        act("delete", staff.walidata, id="bantuan", version=1)
        assert tk.h.tangerang_content_links("footer")[0]["name"] == "glosarium"


class TestGlossary:
    def test_every_term_is_there_in_both_languages(self):
        for term in glossary.load(glossary_location()):
            assert set(term.labels) == set(term.texts) == {"id", "en"}, term.key

    def test_alphabetical(self, with_request_context):
        labels = [term["label"].casefold() for term in tk.h.tangerang_glossary()]
        assert labels == sorted(labels)

    def test_the_five_parts_of_the_data_standard_are_explained(self):
        found = glossary.by_key(glossary_location())
        names = {field["field_name"] for kind in RECORD_TYPES for field in record_fields(kind)}
        assert {"konsep", "definisi", "klasifikasi", "ukuran", "satuan"} <= names & found.keys()

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("terms: 1", "must have a list"),
            ("terms: [{key: A, label: a, text: b}]", "needs a key"),
            ("terms: [{key: a, label: a}]", "must be text"),
            ("terms: [{key: a, label: {en: a}, text: b}]", "must be text"),
            ("terms: [{key: a, label: a, text: b, also: c}]", "must be a list"),
            ("terms: [{key: a, label: a, text: b}, {key: b, label: b, text: b, also: [a]}]", "a."),
            ("terms: [", "expected"),
        ],
    )
    def test_a_file_that_is_wrong_says_why(self, tmp_path, text, said):
        path = tmp_path / "terms.yaml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(glossary.GlossaryError, match=said):
            glossary.by_key(str(path))

    def test_a_file_that_is_not_there(self):
        with pytest.raises(glossary.GlossaryError, match="no-such"):
            glossary.load("/no-such.yaml")
