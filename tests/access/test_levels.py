"""What the level of a record may be, and who makes it looser."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.tangerang.access import levels
from ckanext.tangerang.access.signals import level_changed
from ckanext.tangerang.review import config, store
from tests.review.conftest import fresh, review

from .conftest import PLUGINS, REASON, ask, system

OPEN, RESTRICTED, CLOSED = levels.LEVELS


@pytest.fixture
def make(roles, complete):
    """Return what makes a public restricted record of the OPD."""

    def making(**more):
        return system("package_create", **{**complete, "accesslevel": RESTRICTED, **REASON, **more})

    return making


def refused(user, /, **data):
    """Patch a record, which is refused; return the messages."""
    with pytest.raises(tk.ValidationError) as error:
        ask("package_patch", user, **data)
    model.Session.rollback()
    return error.value.error_dict


@pytest.mark.ckan_config("ckan.plugins", PLUGINS)
@pytest.mark.usefixtures("with_plugins", "app")
class TestWithoutReview:
    def test_a_reason_is_needed(self, roles, complete):
        for level in (RESTRICTED, CLOSED):
            with pytest.raises(tk.ValidationError) as error:
                ask("package_create", roles.editor, **{**complete, "accesslevel": level})
            assert "alasan_pembatasan" in error.value.error_dict

    def test_closed_is_never_public(self, roles, make):
        made = make(accesslevel=CLOSED, private=True)
        for user in (roles.editor, roles.walidata_editor, roles.sysadmin):
            if user is not roles.walidata_editor:
                assert "accesslevel" in refused(user, id=made["id"], private=False)
        public = make(name="publik")
        assert "accesslevel" in refused(roles.sysadmin, id=public["id"], accesslevel=CLOSED)

    def test_stricter_is_for_the_opd(self, roles, make):
        made = make(accesslevel=OPEN)
        ask("package_patch", roles.editor, id=made["id"], accesslevel=RESTRICTED)
        ask("package_patch", roles.editor, id=made["id"], accesslevel=CLOSED, private=True)

    def test_looser_is_not(self, roles, make):
        made = make()
        [text] = refused(roles.editor, id=made["id"], accesslevel=OPEN)["accesslevel"]
        assert "walidata" in text
        ask("package_patch", roles.sysadmin, id=made["id"], accesslevel=OPEN)

    def test_nor_by_a_way_round(self, roles, make):
        made = make()
        ask("package_patch", roles.editor, id=made["id"], private=True)
        assert refused(roles.editor, id=made["id"], accesslevel=OPEN)
        ask("package_patch", roles.editor, id=made["id"], state="draft")
        assert refused(roles.editor, id=made["id"], accesslevel=OPEN)
        without = {k: v for k, v in fresh(made).items() if k != "accesslevel"}
        with pytest.raises(tk.ValidationError):
            ask("package_update", roles.editor, **without)

    def test_what_was_never_public_is_corrected_freely(self, roles, make):
        made = make(private=True)
        ask("package_patch", roles.editor, id=made["id"], accesslevel=OPEN)

    def test_ignore_auth_is_no_permission(self, roles, make):
        made = make()
        context = {"user": roles.editor["name"], "ignore_auth": True}
        with pytest.raises(tk.ValidationError):
            tk.get_action("package_patch")(context, {"id": made["id"], "accesslevel": OPEN})

    def test_who_keeps_copies_is_told_after_the_commit(self, roles, make):
        made = make(accesslevel=OPEN)
        told = []

        def listen(sender, **levels):
            with model.meta.engine.connect() as connection:
                [(extras,)] = connection.execute(
                    model.Package.__table__.select()
                    .with_only_columns(model.Package.__table__.c.extras)
                    .where(model.Package.__table__.c.id == sender)
                )
            told.append((sender, levels, extras["accesslevel"]))

        level_changed.connect(listen)
        ask("package_patch", roles.editor, id=made["id"], title="Judul lain")
        assert told == []
        ask("package_patch", roles.editor, id=made["id"], accesslevel=RESTRICTED)
        assert told == [(made["id"], {"before": OPEN, "after": RESTRICTED}, RESTRICTED)]


@pytest.mark.ckan_config(
    "ckan.plugins", PLUGINS.replace("tangerang_access", "tangerang_review tangerang_access")
)
@pytest.mark.ckan_config("ckanext.tangerang.review.enabled", True)
@pytest.mark.usefixtures("with_plugins", "app")
class TestWithReview:
    @pytest.fixture
    def with_plugins(self, with_plugins, migrate_loaded):
        migrate_loaded()
        store.follow_switch(enabled=config.enabled())
        yield
        model.Session.rollback()
        store.follow_switch(enabled=False)

    @pytest.fixture
    def published(self, roles, complete):
        made = ask(
            "package_create",
            roles.editor,
            **{**complete, "private": True, "accesslevel": RESTRICTED, **REASON},
        )
        review("submit", roles.editor, made)
        review("publish", roles.walidata_editor, made, version=fresh(made)["metadata_modified"])
        return fresh(made)

    @pytest.mark.ckan_config("ckanext.tangerang.review.direct", "all")
    def test_a_published_record_is_opened_by_a_revision(self, roles, published):
        ask("package_patch", roles.editor, id=published["id"], title="Judul lain")
        [text] = refused(roles.editor, id=published["id"], accesslevel=OPEN)["accesslevel"]
        assert "revision" in text

    def test_what_the_walidata_has_to_publish_is_changed_freely(self, roles, published):
        review("retract", roles.walidata_editor, published, reason="Salah.")
        changed = ask("package_patch", roles.editor, id=published["id"], accesslevel=OPEN)
        assert changed["accesslevel"] == OPEN

    def test_closed_is_approved_without_becoming_public(self, roles, complete):
        closed = {**complete, "private": True, "accesslevel": CLOSED}
        made = ask("package_create", roles.editor, **closed)
        with pytest.raises(tk.ValidationError) as error:
            review("submit", roles.editor, made)
        assert list(error.value.error_dict) == ["alasan_pembatasan"]
        model.Session.rollback()
        ask("package_patch", roles.editor, id=made["id"], **REASON)
        review("submit", roles.editor, made)
        review("publish", roles.walidata_editor, made, version=fresh(made)["metadata_modified"])
        assert fresh(made)["private"] is True
        assert review("show", roles.editor, made)["state"] == "disetujui_tertutup"


def test_a_word_that_is_no_level_is_not_open():
    assert levels.of_package(model.Package(extras={"accesslevel": "publik"})) == CLOSED
