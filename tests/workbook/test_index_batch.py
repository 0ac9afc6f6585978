"""Records are put into the search index many at a time, and as CKAN would put them."""

from __future__ import annotations

import pysolr
import pytest
from ckan import model
from ckan.lib import search
from ckan.lib.search import index as ckan_index
from ckan.logic import package_show_default_and_custom_schemas
from ckan.tests import factories

from ckanext.tangerang.workbook import index_batch

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


@pytest.fixture
def sent(monkeypatch):
    """Return the documents of each request to Solr, which gets them too."""
    requests: list[list[dict]] = []
    original = pysolr.Solr.add

    def add(self, docs, **options):
        requests.append(docs)
        return original(self, docs, **options)

    monkeypatch.setattr(pysolr.Solr, "add", add)
    return requests


def _shown(name: str):
    """Return a new dataset as CKAN shows it, by both schemas."""
    made = factories.Dataset(name=name)
    return package_show_default_and_custom_schemas({"ignore_auth": True}, made["id"])


def test_documents_are_those_of_ckan(sent):
    both = _shown("satu")
    (of_ckan,) = sent.pop()
    with index_batch.index_batch() as batch:
        batch.add(*both)
    assert sent == [[of_ckan]]


def test_many_go_in_one_request_and_are_found(sent, monkeypatch):
    monkeypatch.setattr(index_batch, "_SIZE", 2)
    shown = [_shown(name) for name in ("satu", "dua", "tiga")]
    search.clear_all()
    sent.clear()
    with index_batch.index_batch() as batch:
        for both in shown:
            batch.add(*both)
    search.commit()
    assert [len(docs) for docs in sent] == [2, 1]
    found = search.query_for(model.Package).get_all_entity_ids()
    assert sorted(found) == sorted(default["id"] for default, _ in shown)


def test_a_refusal_is_told(monkeypatch):
    both = _shown("satu")
    default = {**both[0], "metadata_modified": "not a day"}
    with pytest.raises(search.SearchIndexError, match="not a day"), index_batch.index_batch() as b:
        b.add(default, both[1])


def test_ckans_own_function_stays_as_it_is():
    with index_batch.index_batch():
        assert ckan_index.make_connection().__class__ is pysolr.Solr


def test_a_document_that_is_not_made_is_told():
    """A later CKAN may send documents in another way; then nothing may be lost in silence."""
    both = _shown("satu")
    with (
        pytest.raises(search.SearchIndexError, match="did not make"),
        index_batch.index_batch() as batch,
    ):
        batch.add({**both[0], "state": "deleted"}, both[1])
