"""What every plugin of this distribution shares: translations, configuration, partners."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from ckan import plugins as p
from ckan.exceptions import CkanConfigurationException

from .locations import read_yaml

if TYPE_CHECKING:
    from ckan.common import CKANConfig
    from ckan.config.declaration import Declaration, Key

PACKAGE = Path(__file__).parent

#: One gettext domain for all plugins: their texts are translated together.
I18N_DOMAIN = "ckanext-tangerang"

#: Declared by whichever plugin comes first; its presence says "already loaded".
_SHARED_MARK = "ckanext.tangerang.region.code"


def _load_declaration(declaration: Declaration, path: Path) -> None:
    """Add the options of the YAML file at ``path`` to ``declaration``."""
    declaration.load_dict(read_yaml(path))


class TangerangPlugin(p.SingletonPlugin):
    """Base class of our plugins.

    * one i18n domain and folder for all (CKAN's ``DefaultTranslation`` derives one per plugin);
    * the shared ``config_declaration.yaml`` is declared once, by whichever plugin loads first
      (declaring a key twice raises), then the plugin's own file where it has one;
    * ``partners`` names the plugins that must be on as well; a missing one, or one listed
      before ours, stops the start with a message that says what to write.
    """

    p.implements(p.IConfigDeclaration)
    p.implements(p.ITranslation)

    #: Plugins of other distributions that must be enabled, listed after this one.
    partners: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def folder(cls) -> Path:
        """Return the feature folder of this plugin."""
        return Path(inspect.getfile(cls)).parent

    # IConfigDeclaration

    def declare_config_options(self, declaration: Declaration, key: Key) -> None:  # noqa: ARG002
        """Declare the shared options (once) and this plugin's own."""
        if _SHARED_MARK not in declaration:
            _load_declaration(declaration, PACKAGE / "config_declaration.yaml")
        own = self.folder() / "config_declaration.yaml"
        if own.exists():
            _load_declaration(declaration, own)

    # ITranslation

    def i18n_directory(self) -> str:
        """Return the folder of the catalogues."""
        return str(PACKAGE / "i18n")

    def i18n_locales(self) -> list[str]:
        """Return the languages that have a catalogue."""
        return sorted(path.name for path in (PACKAGE / "i18n").iterdir() if path.is_dir())

    def i18n_domain(self) -> str:
        """Return the gettext domain."""
        return I18N_DOMAIN

    def require_partners(self, config: CKANConfig) -> None:
        """Check that every partner is enabled and listed after this plugin.

        The order matters in CKAN: the first plugin's templates and helpers win.

        :raises CkanConfigurationException: with what to change in ``ckan.plugins``
        """
        listed: list[str] = list(config.get("ckan.plugins") or [])
        for partner in self.partners:
            if not p.plugin_loaded(partner):
                raise CkanConfigurationException(
                    f"The plugin {self.name} needs the plugin {partner}. "
                    f"Install its extension and add {partner} to ckan.plugins, after {self.name}."
                )
            if (
                self.name in listed
                and partner in listed
                and listed.index(partner) < listed.index(self.name)
            ):
                raise CkanConfigurationException(
                    f"In ckan.plugins, list {self.name} before {partner}: "
                    "CKAN gives the first plugin's templates precedence."
                )


def default_setting(config: CKANConfig, key: str, value: str) -> None:
    """Set the option ``key`` to ``value`` unless the site has set it to something.

    For options of partners whose own default is empty or of no use here, such as the list of
    scheming's schema files: a site that names its own keeps them.
    """
    if not config.get(key):
        config[key] = value
