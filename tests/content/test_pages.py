"""The pages ``/halaman`` as visitors, an officer and the walidata meet them."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action
from sqlalchemy.exc import OperationalError

from ckanext.tangerang.content import pages, store

from .conftest import PLUGINS, act, token

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins"),
]

FORM = {
    "title_id": "Kontak",
    "text_id": "Telepon: 021",
    "title_en": "Contact",
    "text_en": "",
    "place": "footer",
    "position": "70",
    "published": "1",
    "note": "Nomor baru",
}


@pytest.fixture
def page(app):
    """Return what reads a page, or sends a form, and gives back its soup."""

    def read(path, user=None, status=200, data=None):
        send = app.get if data is None else app.post
        more = {} if data is None else {"data": data}
        answer = send(path, headers=token(user), follow_redirects=False, **more)
        assert answer.status_code == status, answer.body[:500]
        shown = BeautifulSoup(answer.body, "html.parser")
        shown.location = answer.headers.get("Location", "")
        shown.headers = answer.headers
        return shown

    return read


class TestVisitors:
    @pytest.mark.parametrize("language", ["id", "en"])
    def test_every_packaged_page(self, page, no_pages, language, ckan_config):
        ckan_config["ckan.locale_default"] = language
        for name, content in pages.packaged().items():
            shown = page(f"/halaman/{name}")
            titles = [heading.get_text() for heading in shown.select("h1")]
            assert titles == [getattr(content, f"title_{language}")]
            assert "[[" not in shown.select_one(".tangerang-page-text").get_text()
            assert not shown.select('[role="main"] [style], [role="main"] script, [onclick]')
            assert not shown.select('a[href$="/ubah"]')

    def test_links_within_the_packaged_pages_lead_somewhere(self, page, no_pages):
        known = {f"/halaman/{name}" for name in pages.packaged()} | {"/kategori", "/opd"}
        for name in pages.packaged():
            for link in page(f"/halaman/{name}").select(".tangerang-page-text a"):
                assert link["href"] in known, name

    def test_the_glossary_has_all_terms_with_anchors(self, page, no_pages):
        shown = page("/halaman/glosarium")
        assert shown.select_one(".tangerang-glossary #konsep dt").get_text() == "Concept"
        assert len(shown.select(".tangerang-glossary > div")) > 40

    def test_ckans_about_leads_there(self, page, no_pages):
        assert page("/about", status=302).location.endswith("/halaman/tentang")
        assert page("/id/about", status=302).location.endswith("/id/halaman/tentang")

    def test_a_site_that_has_written_its_own_about_keeps_it(self, page, no_pages):
        call_action("config_option_update", **{"ckan.site_about": "Tulisan kami"})
        try:
            assert "Tulisan kami" in page("/about").get_text()
        finally:
            call_action("config_option_update", **{"ckan.site_about": ""})

    def test_about_is_ckans_where_the_page_is_hidden(self, page, staff):
        act("update", staff.walidata, id="tentang", version=0, published=False)
        page("/about")
        page("/halaman/tentang", status=404)

    def test_a_page_in_the_other_language_says_so(self, page, staff):
        act("create", staff.walidata, name="a", title_id="A", text_id="Isi", published=True)
        shown = page("/en/halaman/a")
        assert "not translated" in shown.get_text()
        assert shown.select_one(".tangerang-page-text")["lang"] == "id"

    def test_the_list(self, page, no_pages):
        links = {link["href"] for link in page("/halaman").select('[role="main"] li a')}
        assert links == {f"/halaman/{name}" for name in pages.packaged()}

    def test_without_a_database_links_are_those_of_before(self, no_pages, monkeypatch):
        def away() -> None:
            raise OperationalError("SELECT", {}, Exception("away"))

        before = store.public()
        store.forget()
        monkeypatch.setattr(store, "everything", away)
        assert store.public() == before

    def test_one_query_in_half_a_minute_for_the_links_of_every_page(self, no_pages, monkeypatch):
        asked: list[int] = []
        real = store.everything
        monkeypatch.setattr(store, "everything", lambda: asked.append(1) or real())
        for _ in range(5):
            store.public()
        assert len(asked) == 1


class TestWalidata:
    def test_it_sees_what_is_missing_and_how_to_change_it(self, page, staff):
        shown = page("/halaman/kontak", staff.walidata)
        assert "alamat email PPID" in shown.select_one(".alert-warning").get_text()
        assert shown.select_one('a[href="/halaman/kontak/ubah"]')
        assert "Preview" in page("/halaman/kontak/ubah", staff.walidata).get_text()

    def test_others_may_not(self, page, staff):
        for path in ("kontak/ubah", "kontak/riwayat", "kontak/riwayat/0", "baru"):
            page(f"/halaman/{path}", staff.officer, 403)
            assert "login" in page(f"/halaman/{path}", None, 302).location
        for path in ("kontak/ubah", "kontak/hapus", "kontak/kembalikan"):
            data = FORM | {"version": "0", "to": "0", "save": "1"}
            page(f"/halaman/{path}", staff.officer, 403, data)
        assert store.get("kontak").version == 0

    def test_a_change(self, page, staff):
        data = FORM | {"version": "0", "save": "1"}
        assert page("/halaman/kontak/ubah", staff.walidata, 302, data).location.endswith(
            "/halaman/kontak"
        )
        assert "Telepon: 021" in page("/halaman/kontak").get_text()
        history = page("/halaman/kontak/riwayat", staff.walidata).get_text()
        assert "Nomor baru" in history
        assert "Walidata" in history

    def test_a_preview_saves_nothing(self, page, staff):
        data = FORM | {"version": "0", "preview": "1", "text_id": "**Tebal** [[isi: x]]"}
        shown = page("/halaman/kontak/ubah", staff.walidata, 200, data)
        preview = shown.select_one(".tangerang-page-preview")
        assert preview.select_one("strong").get_text() == "Tebal"
        assert "to fill in: x" in preview.get_text()
        assert shown.select_one("#field-text_id").get_text().strip() == data["text_id"]
        assert shown.select_one("#field-note")["value"] == "Nomor baru"
        assert shown.headers["Cache-Control"] == "private, no-store"
        assert store.get("kontak").version == 0

    def test_nothing_typed_is_lost_when_something_is_wrong(self, page, staff):
        data = FORM | {"version": "0", "save": "1", "title_id": "", "position": "x"}
        shown = page("/halaman/kontak/ubah", staff.walidata, 400, data)
        summary = shown.select_one(".error-explanation")
        targets = [link["href"] for link in summary.select("a")]
        assert targets == ["#field-title_id", "#field-position"]
        for target in targets:
            field = shown.select_one(target)
            assert field["aria-invalid"] == "true"
            described = field["aria-describedby"].split()
            assert shown.find(id=described[0]).get_text(strip=True)
        assert shown.select_one("#field-text_id").get_text().strip() == "Telepon: 021"
        assert shown.select_one("#field-published").has_attr("checked")
        assert shown.select_one('[name="version"]')["value"] == "0"

    def test_two_editors_are_told_and_the_second_may_go_on(self, page, staff):
        first = FORM | {"version": "0", "save": "1"}
        page("/halaman/kontak/ubah", staff.walidata, 302, first)
        second = first | {"text_id": "Tulisan kedua"}
        shown = page("/halaman/kontak/ubah", staff.colleague, 400, second)
        assert "has changed this page meanwhile" in shown.get_text()
        assert shown.select_one('a[href="/halaman/kontak/riwayat/1"]')
        assert shown.select_one("#field-text_id").get_text().strip() == "Tulisan kedua"
        assert "Telepon: 021" in page("/halaman/kontak").get_text()
        again = second | {"version": shown.select_one('[name="version"]')["value"]}
        page("/halaman/kontak/ubah", staff.colleague, 302, again)
        assert "Tulisan kedua" in page("/halaman/kontak").get_text()

    def test_a_new_page_deleted_and_brought_back(self, page, staff):
        data = FORM | {"name": "pelatihan", "save": "1", "title_id": "Pelatihan"}
        page("/halaman/baru", staff.walidata, 400, data | {"name": "A B"})
        page("/halaman/baru", staff.walidata, 302, data)
        page("/halaman/pelatihan")
        page("/halaman/pelatihan/hapus", staff.walidata, 302, {"version": "1"})
        page("/halaman/pelatihan", status=404)
        shown = page("/halaman/pelatihan", staff.walidata)
        assert "deleted" in shown.get_text()
        back = {"version": "2", "to": "1"}
        page("/halaman/pelatihan/kembalikan", staff.walidata, 302, back)
        page("/halaman/pelatihan")

    def test_an_old_version_is_shown_with_its_source(self, page, staff):
        page("/halaman/kontak/ubah", staff.walidata, 302, FORM | {"version": "0", "save": "1"})
        shown = page("/halaman/kontak/riwayat/0", staff.walidata)
        assert "[[isi: alamat email PPID]]" in shown.select_one("pre").get_text()
        assert shown.select_one('form[action="/halaman/kontak/kembalikan"]')
        page("/halaman/kontak/riwayat/9", staff.walidata, 404)

    def test_deleting_what_somebody_has_changed_is_refused(self, page, staff):
        page("/halaman/kontak/ubah", staff.walidata, 302, FORM | {"version": "0", "save": "1"})
        page("/halaman/kontak/hapus", staff.colleague, 302, {"version": "0"})
        page("/halaman/kontak")

    def test_the_list_shows_states_and_what_is_missing(self, page, staff):
        act("update", staff.walidata, id="sop", version=0, published=False)
        text = page("/halaman", staff.walidata).get_text(" ", strip=True)
        assert "hidden" in text
        assert "16 places" in text


def test_forms_carry_a_token(page, staff):
    for path in ("kontak/ubah", "baru", "kontak/riwayat/0"):
        for form in page(f"/halaman/{path}", staff.walidata).select('[role="main"] form'):
            if form.get("method") == "post":
                assert form.select_one('input[name="_csrf_token"]'), path
