"""Template helpers of the lists and pages of activities and indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from .. import indah, links, presentation
from ..codelists import label
from ..conditions import is_nil
from ..fields import ACTIVITY_TYPE, FORM_TYPES, INDICATOR_TYPE, record_fields, record_schema
from ..language import current_language
from ..logic.record_validators import missing_messages
from ..values import as_list, is_empty
from .links import tangerang_link_items

if TYPE_CHECKING:
    from collections.abc import Callable


def _activity_names() -> dict[str, str]:
    """Return what an activity is called, by the purpose that CKAN names."""
    return {
        "add link": tk._("Add activity"),
        "breadcrumb": tk._("Statistical activities"),
        "content tab": tk._("Statistical activities"),
        "create label": tk._("Add activity"),
        "create title": tk._("Add activity"),
        "delete confirmation": tk._("Are you sure you want to delete this activity?"),
        "edit label": tk._("Edit activity"),
        "facet label": tk._("Statistical activities"),
        "form label": tk._("Form of the activity"),
        "main nav": tk._("Statistical activities"),
        "my label": tk._("My activities"),
        "page title": tk._("Statistical activities"),
        "save label": tk._("Save activity"),
        "search placeholder": tk._("Search activities..."),
        "update label": tk._("Save activity"),
        "view label": tk._("View activity"),
    }


def _indicator_names() -> dict[str, str]:
    """Return what an indicator is called, by the purpose that CKAN names."""
    return {
        "add link": tk._("Add indicator"),
        "breadcrumb": tk._("Indicators"),
        "content tab": tk._("Indicators"),
        "create label": tk._("Add indicator"),
        "create title": tk._("Add indicator"),
        "delete confirmation": tk._("Are you sure you want to delete this indicator?"),
        "edit label": tk._("Edit indicator"),
        "facet label": tk._("Indicators"),
        "form label": tk._("Form of the indicator"),
        "main nav": tk._("Indicators"),
        "my label": tk._("My indicators"),
        "page title": tk._("Indicators"),
        "save label": tk._("Save indicator"),
        "search placeholder": tk._("Search indicators..."),
        "update label": tk._("Save indicator"),
        "view label": tk._("View indicator"),
    }


@tk.chained_helper
def humanize_entity_type(
    next_helper: Callable[..., str | None], entity_type: str, object_type: str, purpose: str
) -> str | None:
    """Return what CKAN's pages call a thing; activities and indicators by their own words.

    CKAN would put the name of the type into English sentences.
    """
    if entity_type != "package" or object_type not in FORM_TYPES:
        return next_helper(entity_type, object_type, purpose)
    names = _activity_names() if object_type == ACTIVITY_TYPE else _indicator_names()
    return names.get(purpose) or tangerang_type_label(object_type)


def tangerang_type_label(record_type: str) -> str:
    """Return the name of a type of records, for one of them."""
    names = {ACTIVITY_TYPE: tk._("Statistical activity"), INDICATOR_TYPE: tk._("Indicator")}
    return names.get(record_type) or tk._("Dataset")


def tangerang_is_form_type(record_type: Any) -> bool:
    """Tell whether records of this type are filled-in forms of BPS, and no datasets."""
    return record_type in FORM_TYPES


def tangerang_form_types() -> list[str]:
    """Return the types of :data:`..fields.FORM_TYPES` whose schemas the site has.

    One that sets ``scheming.dataset_schemas`` itself may leave them out, and with them their
    pages.
    """
    return [name for name in FORM_TYPES if record_schema(name)]


def tangerang_result_text(record_type: str, query: str, count: int) -> str:
    """Return how many activities or indicators a search has found."""
    number = tk.h.localised_number(count)
    if record_type == ACTIVITY_TYPE:
        text = tk.ungettext("{number} activity found", "{number} activities found", count)
        none = tk._("No activities found")
    else:
        text = tk.ungettext("{number} indicator found", "{number} indicators found", count)
        none = tk._("No indicators found")
    found = text.format(number=number) if count else none
    return tk._('{found} for "{query}"').format(found=found, query=query) if query else found


def tangerang_record_blocks(record: dict[str, Any], with_empty: bool) -> list[presentation.Block]:
    """Return an activity or indicator in the blocks of its form.

    The records that it links to are looked up at once for all links.

    :param record: as ``package_show`` returns it
    :param with_empty: also items that are asked and not answered yet, for those who may edit
    """
    schema = record_schema(record["type"])
    found = links.extract(links.places(schema["dataset_fields"]), record)
    items = tangerang_link_items(sorted({link.value for link in found}))
    by_value = {item["value"]: item for item in items}
    return presentation.blocks(schema, record, by_value, with_empty=with_empty)


def tangerang_record_missing(record: dict[str, Any]) -> list[dict[str, str]]:
    """Return what a record lacks before it may be public: ``field`` and ``text`` of each."""
    return [
        {"field": name, "text": text}
        for name, texts in missing_messages(record_fields(record["type"]), record).items()
        for text in texts
    ]


def tangerang_indah_sections(record: dict[str, Any]) -> list[indah.Section]:
    """Return an activity or indicator by the screens of INDAH."""
    return indah.sections(record_schema(record["type"]), record)


def tangerang_record_facts(record: dict[str, Any]) -> list[dict[str, str]]:
    """Return what people decide by in a list of activities or indicators.

    :returns: ``icon``, ``label`` (for screen readers) and ``text`` of each
    """
    lang = current_language()

    def chosen(name: str, codelist: str) -> str:
        value = record.get(name)
        return "" if is_empty(value) else label(codelist, str(value), lang)

    def plain(name: str) -> str:
        value = record.get(name)
        return "" if is_empty(value) or is_nil(value) else str(value)

    if record["type"] == ACTIVITY_TYPE:
        count = len(as_list(record.get("variabel") or []))
        text = tk.ungettext("{number} variable", "{number} variables", count)
        found = [
            ("calendar", tk._("Year"), plain("tahun_kegiatan")),
            (
                "clipboard-list",
                tk._("Way of collecting data"),
                chosen("cara_pengumpulan_data", "cara_pengumpulan_data"),
            ),
            ("layer-group", tk._("Sector"), chosen("sektor_kegiatan", "sektor_kegiatan")),
            ("list-ol", tk._("Variables"), text.format(number=count) if count else ""),
        ]
    else:
        composite = record.get("apakah_indikator_komposit") == "YA"
        found = [
            ("ruler", tk._("Measure"), plain("ukuran")),
            ("scale-balanced", tk._("Unit"), plain("satuan")),
            ("layer-group", tk._("Level of estimation"), plain("level_estimasi")),
            (
                "sitemap",
                tk._("Composition"),
                tk._("Composite indicator") if composite else "",
            ),
        ]
    status = chosen("status_indah", "status_indah")
    found.append(
        ("flag", tk._("INDAH"), tk._("INDAH: {status}").format(status=status) if status else "")
    )
    return [{"icon": icon, "label": name, "text": text} for icon, name, text in found if text]


def tangerang_record_state(record: dict[str, Any]) -> str:
    """Return in words why a record is not public; empty when it is."""
    if record.get("state") == "deleted":
        return tk._("This record is deleted. Only administrators can see it.")
    if str(record.get("state") or "").startswith("draft"):
        return tk._(
            "This is a draft. It is not finished, and only people of the agency can see it."
        )
    if record.get("private"):
        return tk._("This record is not public. Only people of the agency can see it.")
    return ""
