"""Tells people from programs by what a program says of itself.

Each browser calls itself ``Mozilla/5.0``. A robot says in its name what it is, or names an address
where one can read about it. A program that pretends to be a browser is counted as one: to tell
those apart one would have to watch people, which this portal does not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from werkzeug.datastructures import Headers

#: Words in the names of robots: search engines, previews of links, watchers, harvesters. Cubot is
#: a make of telephones.
_ROBOT: Final = re.compile(
    r"(?<!cu)bot|crawl|spider|slurp|scrap|headless|lighthouse|preview|monitor|pingdom|check|archiv"
    r"|externalhit|facebookcatalog|whatsapp|telegram|fetch|feed|reader|mediapartners|favicon"
    r"|validat|scan|harvest|ckan|nutch|heritrix|index|phantomjs|selenium|puppeteer|playwright"
    r"|agent\b|explorer\b|inspect|google-",
    re.IGNORECASE,
)
#: What besides has no place in the name of a browser of today.
_NO_BROWSER: Final = re.compile(r"compatible|https?:|www\.|@", re.IGNORECASE)
_BROWSER: Final = "Mozilla/5.0 ("


def is_robot(agent: str) -> bool:
    """Tell whether a program says that it is a robot, or says nothing at all.

    Programs by which people read data, such as curl, R, Python or Power Query, are none.

    :param agent: the header ``User-Agent``
    """
    return not agent or bool(_ROBOT.search(agent))


def is_browser(agent: str) -> bool:
    """Tell whether a program is a browser with a person before it, as far as it says.

    :param agent: the header ``User-Agent``
    """
    return agent.startswith(_BROWSER) and not is_robot(agent) and not _NO_BROWSER.search(agent)


def is_ahead_of_time(headers: Headers) -> bool:
    """Tell whether a browser fetches a page that nobody has asked for yet."""
    purpose = f"{headers.get('Sec-Purpose', '')} {headers.get('Purpose', '')}"
    return "prefetch" in purpose or "prerender" in purpose or headers.get("X-Moz") == "prefetch"
