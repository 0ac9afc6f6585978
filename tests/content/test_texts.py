"""What becomes of a text: open points left out, names filled in, safe HTML, anchors."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from ckanext.tangerang.content import pages, texts

from .conftest import PLUGINS

PHONE = """Intro.

## Walidata

- Email: a@example.go.id
- Telepon: [[isi: nomor telepon]]

## PPID

- Situs: [[isi: situs]]
- Alamat: [[ISI:alamat
 kantor]]

### Jam

[[isi: jam]]

## Akhir

Selesai.
"""


class TestOpenPoints:
    def test_they_are_listed_once(self):
        assert texts.open_points("[[isi: a]] [[isi:b ]] [[ isi : a ]]") == ["a", "b"]

    def test_visitors_see_neither_them_nor_what_is_empty_without(self):
        text = PHONE.replace("\n kantor", "")
        shown = texts.for_visitors(text)
        assert "[[" not in shown
        assert "Email: a@example.go.id" in shown
        assert "Telepon" not in shown
        assert "PPID" not in shown
        assert "Jam" not in shown
        assert "## Akhir\n\nSelesai." in shown

    def test_a_whole_paragraph_goes_not_half_a_sentence(self):
        text = "Satu kalimat\nyang belum [[isi: lengkap]] di\nsini.\n\nLain.\n"
        assert texts.for_visitors(text).strip() == "Lain."

    def test_a_heading_that_had_nothing_under_it_stays(self):
        text = "## Kosong\n\n## Lain\n\n[[isi: x]]\n"
        assert texts.for_visitors(text).strip() == "## Kosong"

    def test_a_text_without_them_stays_as_it_is(self):
        assert texts.for_visitors("## A\n\nb  \n") == "## A\n\nb  \n"

    def test_an_entry_goes_with_its_second_line(self):
        text = "- satu\n- dua [[isi: x]]\n  lanjutan\n- tiga\n"
        assert texts.for_visitors(text) == "- satu\n- tiga\n"

    def test_code_is_one_piece(self):
        text = "```\n- a\n\n## [[isi: x]]\n```\n\nb\n"
        assert texts.for_visitors(text).strip() == "b"

    @pytest.mark.parametrize("name", pages.packaged())
    def test_no_packaged_page_shows_one(self, name):
        content = pages.packaged()[name]
        for text in (content.text_id, content.text_en):
            shown = texts.for_visitors(text)
            assert "[[" not in shown
            assert shown.strip()


@pytest.mark.ckan_config("ckan.plugins", PLUGINS)
@pytest.mark.usefixtures("with_plugins", "with_request_context")
class TestRender:
    def test_markdown_below_the_heading_of_the_page(self):
        html = texts.render("# Satu\n\n**tebal** [tautan](/dataset)\n\n- a\n")
        assert "<h2>Satu</h2>" in html
        assert "<strong>tebal</strong>" in html
        assert 'href="/dataset"' in html
        assert "<li>a</li>" in html

    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            '<img src="x" onerror="alert(1)">',
            '<p onclick="x" style="color:red">a</p>',
            "[a](javascript:alert(1))",
            '<iframe src="https://evil.example"></iframe>',
            "<style>p{}</style>",
            '<a href="data:text/html,x">a</a>',
            '<form action="/"><input name="x"></form>',
        ],
    )
    def test_nothing_that_runs_gets_through(self, text):
        html = str(texts.render(text)).lower()
        for bad in ("<script", "onerror", "onclick", "style", "javascript:", "<iframe", "data:"):
            assert bad not in html.replace("&lt;", "")
        assert "<form" not in html
        assert "<input" not in html

    @pytest.mark.parametrize(
        "address", ["https://evil.example/x.png", "//evil.example/x.png", "/\\evil.example/x.png"]
    )
    def test_no_picture_of_another_host_is_loaded(self, address):
        assert "evil" not in texts.render(f"![teks]({address})")
        assert "evil" not in texts.render(f'<img alt="teks" src="{address}">')
        assert 'alt="teks"' in texts.render(f"![teks]({address})")
        assert 'src="/base/images/x.png"' in texts.render("![teks](/base/images/x.png)")

    def test_names_come_from_the_configuration(self, ckan_config, monkeypatch):
        monkeypatch.setitem(ckan_config, "ckanext.tangerang.portal.walidata", "Diskominfo <b>X")
        html = texts.render("{walidata} dan {lain}")
        assert "Diskominfo" in html
        assert "{lain}" in html
        assert "{walidata}" not in html

    def test_headings_can_be_linked_to(self):
        html, found = texts.with_anchors(
            texts.render("## Mengapa *ada*?\n\n### Lagi & lagi\n\n## Mengapa ada\n\n## 漢字")
        )
        assert [section.anchor for section in found] == ["mengapa-ada", "mengapa-ada-2", "bagian"]
        assert found[0].title == "Mengapa ada?"
        assert '<h3 id="lagi-lagi"' in html
        assert isinstance(html, Markup)


@pytest.mark.ckan_config("ckan.plugins", PLUGINS)
@pytest.mark.usefixtures("with_plugins")
def test_links_keep_the_language(app):
    other = {"CKAN_LANG": "id", "CKAN_LANG_IS_DEFAULT": False}
    with app.flask_app.test_request_context("/halaman/bantuan", environ_overrides=other):
        app.flask_app.preprocess_request()
        assert 'href="/id/opd"' in texts.render("[a](/opd)")
        assert 'href="/id/opd#x"' in texts.render("[a](/opd#x)")
        assert 'href="/id/opd"' in texts.render("[a](/id/opd)")
        assert 'href="https://bps.go.id"' in texts.render("[a](https://bps.go.id)")


def test_packaged_pages_are_complete():
    assert list(pages.packaged())[:2] == ["tentang", "bantuan"]
    for name, content in pages.packaged().items():
        assert pages.NAME.fullmatch(name)
        assert content.place in pages.PLACES
        assert all((content.title_id, content.title_en, content.text_id, content.text_en))
        assert len(texts.open_points(content.text_id)) == len(texts.open_points(content.text_en))
