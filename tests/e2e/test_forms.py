"""Activities entered by clicking and typing as the officer of an OPD, and the parts of the form.

The records are those that the tests of the API send, so that both ways are seen to be equal.
"""

from __future__ import annotations

import json
import random
import uuid

import pytest
from playwright.sync_api import expect

from tests.metadata import records

from .test_portal import log_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

#: What differs between two records with the same content.
OWN = {"id", "name", "metadata_created", "metadata_modified", "creator_user_id"}
#: Columns of a variable in the order of the form.
MS_VAR = list(records.variable(1))


class Portal:
    """Calls of the API as the produsen, whose records belong to their OPD."""

    def __init__(self, page, portal):
        self.page = page
        self.headers = {"Authorization": portal["accounts"]["produsen"]["token"]}
        self.owner = self.call("organization_list_for_user", permission="create_dataset")[0]["id"]

    def call(self, action, **data):
        if action == "package_create":
            data = {"owner_org": self.owner, **data}
        answer = self.page.request.post(
            f"/api/3/action/{action}", data=data, headers=self.headers
        ).json()
        assert answer["success"], answer
        return answer["result"]

    def same(self, one, other):
        first, second = (self.call("package_show", id=name) for name in (one, other))
        return {k: v for k, v in first.items() if k not in OWN} == {
            k: v for k, v in second.items() if k not in OWN
        }


@pytest.fixture(scope="module")
def cookies(browser, portal):
    """Log the produsen in once."""
    window = browser.new_context(base_url=portal["url"])
    log_in(window.new_page(), portal["accounts"]["produsen"])
    found = window.cookies()
    window.close()
    return found


@pytest.fixture
def api(context, page, portal, cookies):
    context.add_cookies(cookies)
    return Portal(page, portal)


def ready(page):
    """Wait until the scripts of the form are at work."""
    expect(page.locator("#tangerang-form.tangerang-form-ready")).to_be_visible()


def step(page, name):
    ready(page)
    page.click(f'.tangerang-steps a[data-block="{name}"]')
    expect(page.locator(f"#blok-{name}")).to_be_visible()


def item(page, name):
    return page.locator(f'[data-item="{name}"]')


def cell_text(value):
    """Return a cell as one types it: lists one per line, pairs as ``1 = Baik``."""
    if not isinstance(value, list):
        return value
    return "\n".join(
        f"{entry['kode']} = {entry['nilai']}" if isinstance(entry, dict) else entry
        for entry in value
    )


def fill_row(row, values):
    for name, value in values.items():
        control = row.locator(f'[data-key="{name}"]')
        if control.evaluate("node => node.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(cell_text(value))


def fill(page, name, value):
    """Answer one item as its kind of control wants it."""
    box = item(page, name)
    expect(box).to_be_visible()
    if isinstance(value, list) and isinstance(value[0], dict):
        for values in value:
            box.locator(".tangerang-grid-tools .btn-secondary").click()
            fill_row(box.locator(".tangerang-row").last, values)
    elif box.locator("[type=checkbox]").count():
        for key in value:
            box.locator(f'[type=checkbox][value="{key}"]').check()
    elif box.locator("select").count():
        box.locator("select").select_option(value)
    else:
        box.locator("input, textarea").first.fill(
            ", ".join(value) if isinstance(value, list) else value
        )


def fill_blocks(page, record, but=()):
    """Answer all items of a record, block after block, in the order of the form."""
    rules = json.loads(page.locator(".tangerang-declaration").text_content())
    shown = None
    for rule in rules["items"]:
        if rule["name"] in record and rule["name"] not in but:
            if rule["block"] != shown:
                shown = rule["block"]
                step(page, shown)
            fill(page, rule["name"], record[rule["name"]])


def tsv(rows):
    """Return variables as Excel copies them, with headings."""
    heads = ["Nama Variabel", "Alias", "Konsep", "Definisi", "Referensi Pemilihan"]
    heads += [
        "Referensi Waktu",
        "Ukuran",
        "Satuan",
        "Tipe Data",
        "Klasifikasi Isian / Domain Value",
    ]
    heads += ["Aturan Validasi", "Kalimat Pertanyaan", "Apakah variabel dapat diakses umum"]
    lines = [heads]
    for row in rows:
        cells = [cell_text(row[name]) for name in MS_VAR]
        lines.append([f'"{cell}"' if "\n" in cell else cell for cell in cells])
        lines[-1][-1] = "Ya"
    return "\n".join("\t".join(line) for line in lines)


def paste(page, name, text):
    box = item(page, name)
    box.get_by_role("button", name="Tempel dari Excel").click()
    box.locator(".tangerang-grid-paste textarea").fill(text)
    box.get_by_role("button", name="Masukkan baris").click()


def publish(page):
    page.select_option("#field-private", "False")
    page.get_by_role("button", name="Simpan", exact=True).click()
    page.wait_for_url(lambda address: "/new" not in address and "/edit/" not in address)
    return page.url.rsplit("/", 1)[1].split("?")[0].split("#")[0]


def test_a_survey_of_sixty_variables_is_entered_by_form(page, api):
    record = records.survey(60)
    page.goto("/kegiatan/new")
    expect(page.locator('.tangerang-steps a[data-block="blok_v"]')).to_contain_text(
        "tidak ditanyakan"
    )
    fill_blocks(page, record, but=("variabel",))

    step(page, "variabel")
    paste(page, "variabel", tsv(record["variabel"][:59]))
    expect(item(page, "variabel").locator(".tangerang-grid-status")).to_contain_text("59 baris")
    fill(page, "variabel", [record["variabel"][59]])
    expect(page.locator(".tangerang-progress-needed")).to_have_text(
        "Semua isian wajib sudah terisi."
    )

    name = publish(page)
    by_api = api.call("package_create", **record, private=False)
    assert api.same(name, by_api["id"])


def test_a_compilation_is_entered_by_form_and_left_in_the_middle(page, api):
    record = records.compilation()
    later = {name: value for name, value in record.items() if name[:3] in ("vi_", "vii", "vii")}
    page.goto("/kegiatan/new")
    fill_blocks(page, record, but=tuple(later))
    step(page, "blok_iv")
    page.get_by_role("button", name="Simpan draf").click()
    page.wait_for_url("**/kegiatan/edit/**")
    expect(page.locator(".flash-messages")).to_contain_text("Draf tersimpan")
    expect(page.locator("#blok-blok_iv")).to_be_visible()

    page.goto("/kategori")
    page.go_back()
    fill_blocks(page, later)
    name = publish(page)
    by_api = api.call("package_create", **record, private=False)
    assert api.same(name, by_api["id"])


def test_a_closed_item_keeps_its_answer_until_it_is_saved(page, api):
    page.goto("/kegiatan/new")
    ready(page)
    page.select_option("#field-cara_pengumpulan_data", "SURVEI")
    step(page, "blok_v")
    page.select_option("#field-v_metode_pemilihan_sampel_tahap_terakhir", "SAMPEL_PROBABILITAS")
    page.select_option("#field-v_metode_yang_digunakan", "STRATIFIED_RANDOM_SAMPLING")
    page.fill("#field-v_fraksi_sampel_keseluruhan", "0,05")

    page.select_option("#field-v_metode_pemilihan_sampel_tahap_terakhir", "SAMPEL_NONPROBABILITAS")
    expect(page.locator("#field-v_fraksi_sampel_keseluruhan")).to_be_hidden()
    expect(page.locator("#field-v_metode_yang_digunakan")).to_have_value("")
    expect(page.locator(".tangerang-form-live")).to_contain_text("5.5 Fraksi Sampel Keseluruhan")
    offered = page.locator("#field-v_metode_yang_digunakan option:not([hidden])")
    assert "Stratified" not in " ".join(offered.all_text_contents())

    page.select_option("#field-v_metode_pemilihan_sampel_tahap_terakhir", "SAMPEL_PROBABILITAS")
    expect(page.locator("#field-v_fraksi_sampel_keseluruhan")).to_have_value("0,05")
    expect(page.locator("#field-v_metode_yang_digunakan")).to_have_value(
        "STRATIFIED_RANDOM_SAMPLING"
    )

    step(page, "sampul")
    page.select_option("#field-cara_pengumpulan_data", "KOMPILASI_PRODUK_ADMINISTRASI")
    page.get_by_role("button", name="Simpan draf").click()
    page.wait_for_url("**/kegiatan/edit/**")
    record = api.call("package_show", id=page.url.split("/edit/")[1].split("?")[0].split("#")[0])
    assert not [field for field in record if field.startswith("v_")]


def test_the_browser_asks_what_the_server_asks(page, api):
    page.goto("/kegiatan/new")
    rules = json.loads(page.locator(".tangerang-declaration").text_content())
    by_name = {rule["name"]: rule for rule in rules["items"]}
    choices = {
        parent: sorted(
            {key for rule in rules["items"] for key in rule["open_when"].get(parent, ())}
        )
        for rule in rules["items"]
        for parent in rule["open_when"]
    }
    chance = random.Random(5)  # noqa: S311 - no secret
    for _ in range(30):
        record = {}
        for parent, keys in choices.items():
            several = by_name[parent]["kind"] == "choices"
            picked = chance.sample(keys, chance.randint(0, len(keys)))
            record[parent] = picked if several else (picked[0] if picked else "LAIN")
        by_server = set(api.call("tangerang_condition_show", type="kegiatan", data=record)["open"])
        by_browser = page.evaluate(
            "([rules, record]) => [...window.tangerang.conditions.openNames(rules, record)]",
            [rules, record],
        )
        assert set(by_browser) == by_server & set(by_name)


def test_rows_are_arranged_by_keyboard_and_removal_is_undone(page, api):
    page.goto("/kegiatan/new")
    step(page, "variabel")
    paste(page, "variabel", "Umur\tU1\nJenis kelamin\tU2\nPendidikan\tU3")
    grid = item(page, "variabel")
    titles = grid.locator(".tangerang-row-title")
    status = grid.locator(".tangerang-grid-status")
    expect(titles).to_have_text(["Umur", "Jenis kelamin", "Pendidikan"])
    expect(grid.locator(".tangerang-row-note").first).to_contain_text("MS-Var 4 Definisi")

    up = grid.get_by_role("button", name="Naikkan variabel 3")
    up.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(titles).to_have_text(["Pendidikan", "Umur", "Jenis kelamin"])
    expect(status).to_have_text("variabel 2 kini nomor 1 dari 3.")

    grid.get_by_role("button", name="Gandakan variabel 2").click()
    expect(titles).to_have_text(["Pendidikan", "Umur", "Umur", "Jenis kelamin"])
    page.keyboard.type(" kini")
    expect(titles.nth(2)).to_have_text("Umur kini")

    grid.get_by_role("button", name="Hapus variabel 1").click()
    expect(titles).to_have_text(["Umur", "Umur kini", "Jenis kelamin"])
    page.keyboard.press("Enter")
    expect(titles).to_have_text(["Pendidikan", "Umur", "Umur kini", "Jenis kelamin"])

    toggle = grid.locator(".tangerang-row-toggle").first
    toggle.press("Enter")
    expect(toggle).to_have_attribute("aria-expanded", "true")
    stored = json.loads(page.locator("#field-variabel").input_value())
    assert [row["alias"] for row in stored] == ["U3", "U1", "U1", "U2"]


def test_an_error_is_shown_at_its_cell_with_what_was_typed(page, api):
    page.goto("/kegiatan/new")
    page.fill("#field-judul_kegiatan", "Sensus")
    step(page, "variabel")
    paste(page, "variabel", "Nama Variabel\tApakah variabel dapat diakses umum\nUmur\tMungkin")
    page.get_by_role("button", name="Simpan draf").click()
    expect(page.locator(".error-explanation")).to_be_visible()
    ready(page)
    link = page.locator(".error-explanation a")
    expect(link).to_contain_text("MS-Var 13")
    expect(page.locator("#field-judul_kegiatan")).to_have_value("Sensus")
    expect(page.locator("#blok-variabel")).to_be_visible()
    link.click()
    cell = item(page, "variabel").locator(".tangerang-cell.error")
    expect(cell.locator("select")).to_be_focused()
    expect(cell.locator("select")).to_have_value("Mungkin")
    expect(cell.locator(".error-block")).to_contain_text("tidak ada dalam pilihan")


def test_leaving_with_unsaved_changes_is_asked_about(page, api):
    page.goto("/kegiatan/new")
    ready(page)
    page.click("#field-judul_kegiatan")  # a page that nobody touched may be left unasked
    page.fill("#field-judul_kegiatan", "Sensus")
    expect(page.locator(".tangerang-form-state")).to_contain_text("belum disimpan")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/kategori")
    assert asked == ["beforeunload"]


def test_a_record_is_found_by_typing(page, api):
    word = f"Sensus{uuid.uuid4().hex[:6]}"
    made = [
        api.call("package_create", type="kegiatan", judul_kegiatan=f"{word} {name}", private=True)
        for name in ("pertama", "kedua")
    ]
    page.goto("/kegiatan/new")
    step(page, "pelaporan")
    box = page.get_by_role("combobox", name="Kegiatan sebelumnya")
    box.press_sequentially(word.lower())
    options = item(page, "kegiatan_sebelumnya").get_by_role("option")
    expect(options).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    box.press("ArrowDown")
    chosen = options.nth(1).locator("span").text_content()
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_value(chosen)
    box.fill("apa saja")
    box.press("Tab")
    expect(box).to_have_value(chosen)  # only what was chosen counts

    step(page, "sampul")
    page.fill("#field-judul_kegiatan", f"{word} ketiga")
    page.get_by_role("button", name="Simpan draf").click()
    page.wait_for_url("**/kegiatan/edit/**")
    record = api.call("package_show", id=page.url.split("/edit/")[1].split("?")[0].split("#")[0])
    assert record["kegiatan_sebelumnya"] in [other["id"] for other in made]
    step(page, "pelaporan")
    expect(box).to_have_value(chosen)
    page.get_by_role("button", name=f"Hapus {chosen}").click()
    expect(page.locator("#field-kegiatan_sebelumnya")).to_have_value("")


def test_a_column_of_a_file_names_a_variable_or_says_it_in_words(page, api):
    word = f"unsur{uuid.uuid4().hex[:6]}"
    activity = api.call(
        "package_create",
        type="kegiatan",
        judul_kegiatan="Sensus",
        private=True,
        variabel=[{"nama": word}],
    )
    dataset = api.call(
        "package_create",
        name=f"kamus-{uuid.uuid4().hex[:8]}",
        title="Kamus",
        private=True,
        resources=[
            {
                "url": "https://example.org/a.csv",
                "name": "A",
                "kamus": [{"kolom": "jumlah", "variabel": "kata biasa"}],
            }
        ],
    )
    resource = dataset["resources"][0]["id"]
    page.goto(f"/dataset/{dataset['name']}/resource/{resource}/edit")
    page.get_by_role("button", name="Tambah kolom").click()
    page.keyboard.type("nilai")
    grid = page.locator(".tangerang-grid")
    box = grid.locator("[role=combobox]")
    box.press_sequentially(word)
    grid.locator(".tangerang-link-list [role=option]").first.click()
    grid.locator(".tangerang-row-toggle").first.click()
    expect(box.first).to_have_value("kata biasa")
    page.get_by_role("button", name="Simpan berkas").click()
    page.wait_for_url(lambda address: not address.endswith("/edit"))
    kamus = api.call("resource_show", id=resource)["kamus"]
    assert kamus == [
        {"kolom": "jumlah", "variabel": "kata biasa"},
        {"kolom": "nilai", "variabel": f"{activity['id']}#V001"},
    ]


@pytest.mark.usefixtures("api")
def test_a_title_typed_before_the_scripts_are_ready_makes_the_address(page):
    waiting = []
    page.route("**/api/i18n/*", lambda route: waiting.append(route))  # noqa: PLW0108 - it is marked
    page.goto("/dataset/new")
    page.wait_for_function("() => window.ckan && window.ckan.LOCALE_ROOT")
    page.locator("#field-title").press_sequentially("Posyandu")
    expect(page.locator("#field-name")).to_have_value("")
    assert waiting
    for route in waiting:
        route.continue_()
    expect(page.locator("#field-name")).to_have_value("posyandu")
    page.locator("#field-title").press_sequentially(" aktif")
    expect(page.locator("#field-name")).to_have_value("posyandu-aktif")
    page.locator(".slug-preview button").click()
    page.locator("#field-name").press("End")
    page.locator("#field-name").press_sequentially("-2024")
    page.locator("#field-title").press_sequentially(" lain")
    expect(page.locator("#field-name")).to_have_value("posyandu-aktif-2024")


def test_a_dataset_is_public_after_six_answers_and_a_file(page, api):
    title = f"Posyandu {uuid.uuid4().hex[:8]}"
    page.goto("/dataset/new")
    page.locator("#field-title").press_sequentially(title)
    expect(page.locator("#field-name")).to_have_value(title.lower().replace(" ", "-"))
    page.fill("#field-notes", "Jumlah posyandu aktif menurut kecamatan.")
    page.fill("#field-definisi", "Posyandu yang buka paling sedikit delapan kali setahun.")
    page.fill("#field-satuan", "unit")
    page.fill("#field-periode_awal", "2024")
    page.check("#field-tingkat_penyajian-kecamatan")
    page.select_option("#field-private", "False")
    page.locator("form#dataset-edit button[type=submit][name=save]").last.click()
    page.wait_for_url("**/resource/new")
    table = {"name": "posyandu.csv", "mimeType": "text/csv", "buffer": b"kecamatan,jumlah\nA,1\n"}
    page.set_input_files("input[type=file]", table)
    page.locator("button[name=save][value='go-metadata']").click()
    page.wait_for_url(lambda address: "/resource/" not in address)
    record = api.call("package_show", id=title.lower().replace(" ", "-"))
    assert (record["state"], record["private"]) == ("active", False)
    for name in ("bidang_urusan", "kategori", "frekuensi", "cakupan_wilayah", "kontak_email"):
        assert record[name], name


def test_pasted_tables_are_read_as_excel_copies_them(page, api):
    page.goto("/kegiatan/new")
    columns = page.locator("[data-item=variabel] [data-module]").get_attribute(
        "data-module-columns"
    )

    def read(text):
        return page.evaluate(
            """([text, columns]) => {
              const rows = window.tangerang.table.parse(text);
              const heads = window.tangerang.table.headings(rows[0], columns);
              return [rows, heads && heads.map((head) => head && head.key)];
            }""",
            [text, json.loads(columns)],
        )

    assert read('Umur\tU1\r\n\r\n"dua\nbaris"\t"kata ""dikutip"""\r\n') == [
        [["Umur", "U1"], ["dua\nbaris", 'kata "dikutip"']],
        None,
    ]
    assert read("MS-Var 4 Definisi\tname of the variable\tLain")[1] == ["definisi", "nama", None]
    assert read("Alias\tx\ty\tz")[1] is None


@pytest.mark.parametrize("address", ["/kegiatan/new", "/en/indikator/new", "/dataset/new"])
def test_no_form_scrolls_sideways_on_a_telephone(page, api, address):
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(address)
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


@pytest.mark.usefixtures("api")
def test_a_dash_is_an_answer_but_neither_filled_nor_asked(page):
    page.goto("/kegiatan/new")
    step(page, "blok_i")
    count = page.locator("a[data-block=blok_i] .tangerang-step-count")
    expect(count).to_have_text("0/5")
    page.fill("[name=i_faksimile]", "-")
    expect(count).to_have_text("0/4")
    page.fill("[name=i_faksimile]", "(021) 5990001")
    expect(count).to_have_text("1/5")
