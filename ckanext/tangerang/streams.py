"""Actions of ckanext-activity that list activities, each with the record as it was then.

Whatever may not be told of a record is kept out of all of them, by each plugin that knows such a
thing.
"""

from __future__ import annotations

ACTIVITY_LISTS = (
    "dashboard_activity_list",
    "group_activity_list",
    "organization_activity_list",
    "package_activity_list",
    "recently_changed_packages_activity_list",
    "user_activity_list",
)
