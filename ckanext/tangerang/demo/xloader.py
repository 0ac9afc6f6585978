"""Keeps ckanext-xloader from reloading the sample tables with types that it guesses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan import plugins as p

from .ids import is_demo_id

if TYPE_CHECKING:

    class XloaderVeto(p.SingletonPlugin):
        """What plugins inherit, whether or not xloader is installed."""

else:
    try:
        from ckanext.xloader.interfaces import IXloader
    except ImportError:

        class XloaderVeto(p.SingletonPlugin):
            """Nothing to veto: xloader is not installed."""

    else:

        class XloaderVeto(p.SingletonPlugin):
            """Refuses the resources of the sample datasets, which bring their own tables."""

            p.implements(IXloader, inherit=True)

            def can_upload(self, resource_id: str) -> bool:
                """Tell xloader whether it may load the resource."""
                return not is_demo_id(resource_id)
