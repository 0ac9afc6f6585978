"""Files are staged beside their place and put there whole, wherever a portal keeps them."""

from __future__ import annotations

import threading

import pytest
from ckan import plugins as p
from ckan.common import config
from ckan.lib import files, uploader

from ckanext.tangerang.review.revision import staging

SOURCE, TARGET = "aaaaaaaa-1111-4111-8111-111111111111", "bbbbbbbb-2222-4222-8222-222222222222"


@pytest.fixture
def configure(monkeypatch):
    """Return what makes a storage the one of all resources."""
    names = []

    def use(kind, folder, **more):
        names.append(f"berkas-{len(names)}")
        made = files.make_storage(
            names[-1], {"type": kind, "path": str(folder), "initialize": True, **more}
        )
        files.storages.register(names[-1], made)
        monkeypatch.setitem(config, "ckan.files.default_storages.resource", names[-1])

    yield use
    for name in names:
        files.storages.pop(name)


@pytest.fixture(
    params=["disk", "ckan:fs", "ckan:memory", "ckan:memory that keeps what is there"],
)
def stored(request, tmp_path, monkeypatch, configure):
    """Keep files in one way after the other; return how they are written and read."""
    if request.param == "disk":
        monkeypatch.setitem(config, "ckan.storage_path", str(tmp_path))
        # A name that CKAN has not met: when a portal starts it makes a storage of each that it has.
        monkeypatch.setitem(config, "ckan.files.default_storages.resource", str(tmp_path))
    else:
        kind, _, keeps = request.param.partition(" ")
        configure(kind, tmp_path, overwrite_existing=not keeps)
    found = uploader.get_resource_uploader({})
    local = staging.stored()

    class Stored:
        files = local

        def write(self, resource_id, content):
            if request.param == "disk":
                path = local._path(resource_id)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                return
            found.storage.upload(found.get_path(resource_id), files.make_upload(content))

        def read(self, resource_id):
            if request.param == "disk":
                return local._path(resource_id).read_bytes()
            location = files.FileData(files.Location(found.get_path(resource_id)))
            return found.storage.content(location)

    return Stored()


def test_a_file_takes_the_place_of_another(stored):
    stored.write(SOURCE, b"baru")
    stored.write(TARGET, b"lama")
    stored.files.stage(SOURCE, TARGET, "tanda")
    assert stored.read(TARGET) == b"lama"
    stored.files.put(TARGET, "tanda")
    assert stored.read(TARGET) == b"baru"
    # A second time changes nothing, also where the file is another by now.
    stored.files.put(TARGET, "tanda")
    assert stored.read(TARGET) == b"baru"
    assert stored.read(SOURCE) == b"baru"


def test_a_file_comes_to_a_new_place(stored):
    stored.write(SOURCE, b"baru")
    stored.files.stage(SOURCE, TARGET, "tanda")
    assert not stored.files.exists(TARGET)
    stored.files.put(TARGET, "tanda")
    assert stored.files.exists(TARGET)


def test_what_was_staged_can_be_forgotten(stored):
    stored.write(SOURCE, b"baru")
    stored.write(TARGET, b"lama")
    stored.files.stage(SOURCE, TARGET, "tanda")
    stored.files.drop(TARGET, "tanda")
    stored.files.drop(TARGET, "tanda")
    stored.files.put(TARGET, "tanda")
    assert stored.read(TARGET) == b"lama"


def test_a_file_goes(stored):
    stored.write(TARGET, b"lama")
    stored.files.remove(TARGET)
    stored.files.remove(TARGET)
    assert not stored.files.exists(TARGET)


def test_what_is_not_there_can_not_be_staged(stored):
    with pytest.raises(FileNotFoundError):
        stored.files.stage(SOURCE, TARGET, "tanda")


def test_a_storage_that_can_not_copy_is_refused(configure, tmp_path):
    configure("ckan:memory", tmp_path, disabled_capabilities=["COPY"])
    with pytest.raises(staging.Unsupported):
        staging.stored()


class OtherUploader(p.SingletonPlugin):
    """An extension that keeps files in its own way."""

    p.implements(p.IUploader, inherit=True)

    def get_resource_uploader(self, data_dict):
        return object()


def test_another_extension_s_uploader_is_refused(provide_plugin, ckan_config, monkeypatch):
    provide_plugin("other_uploader", OtherUploader)
    p.load("other_uploader")
    try:
        with pytest.raises(staging.Unsupported):
            staging.stored()
    finally:
        p.unload("other_uploader")


def test_a_reader_of_a_disk_never_misses_a_file(tmp_path):
    local = staging.LocalFiles(lambda resource_id: str(tmp_path / resource_id))
    (tmp_path / "lama").write_bytes(b"0" * 100_000)
    for number in range(1, 10):
        (tmp_path / str(number)).write_bytes(str(number).encode() * 100_000)
    seen, end = set(), threading.Event()

    def read():
        while not end.is_set():
            content = (tmp_path / "lama").read_bytes()
            seen.add((len(content), len(set(content))))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 10):
        local.stage(str(number), "lama", "tanda")
        local.put("lama", "tanda")
    end.set()
    reader.join()
    assert seen == {(100_000, 1)}
    assert list(tmp_path.glob("*.new")) == []
