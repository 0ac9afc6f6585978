"""Lines of code by which a program reads a table: whole, with its own address, ready to run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code for one kind of program."""

    key: str
    label: str
    code: str


@dataclass(frozen=True, slots=True)
class Table:
    """What code needs to know of a table."""

    resource_id: str
    #: Columns whose values are text, codes among them, which programs would take for numbers.
    texts: Sequence[str]
    #: Only some may read it: by a token of theirs.
    restricted: bool


def file_url(resource_id: str, kind: str) -> str:
    """Return the whole address of the download of a table, in no language.

    :param kind: a key of :data:`.formats.FORMATS`
    """
    return str(
        tk.h.url_for(
            "tangerang_tables.download",
            resource_id=resource_id,
            kind=kind,
            locale="default",
            qualified=True,
        )
    )


def _api_url(table: Table) -> str:
    """Return the address of the API for the first rows of a table."""
    base = tk.h.url_for(
        "api.action",
        ver=3,
        logic_function="datastore_search",
        resource_id=table.resource_id,
        limit=5,
        locale="default",
        qualified=True,
    )
    return str(base)


def _curl(table: Table) -> str:
    """Return the lines for a shell."""
    header = ' -H "Authorization: $CKAN_TOKEN"' if table.restricted else ""
    # Messages are not found inside f-strings.
    whole, first = tk._("The whole table"), tk._("Its first rows, through the API")
    return "\n".join(
        [
            f"# {whole}",
            f'curl -fL{header} -o tabel.csv "{file_url(table.resource_id, "csv")}"',
            f"# {first}",
            f'curl -f{header} "{_api_url(table)}"',
        ]
    )


def _text(name: str) -> str:
    """Return a name as a literal that Python and R read alike."""
    return json.dumps(name, ensure_ascii=False)


def _python(table: Table) -> str:
    """Return the lines for Python with pandas."""
    url = file_url(table.resource_id, "csv")
    more = [f"    {_text(url)},"]
    if table.texts:
        pairs = ", ".join(f"{_text(name)}: str" for name in table.texts)
        more.append(f"    dtype={{{pairs}}},")
    if table.restricted:
        more.append('    storage_options={"Authorization": os.environ["CKAN_TOKEN"]},')
    first = ["import os", ""] if table.restricted else []
    return "\n".join(
        [*first, "import pandas as pd", "", "data = pd.read_csv(", *more, ")", "print(data.head())"]
    )


def _r(table: Table) -> str:
    """Return the lines for R."""
    url = _text(file_url(table.resource_id, "csv"))
    if table.restricted:
        opened = f'url({url}, headers = c(Authorization = Sys.getenv("CKAN_TOKEN")))'
    else:
        opened = url
    more = [f"  {opened},", '  encoding = "UTF-8",', "  check.names = FALSE"]
    if table.texts:
        pairs = ", ".join(f'{_text(name)} = "character"' for name in table.texts)
        more[-1] += ","
        more.append(f"  colClasses = c({pairs})")
    return "\n".join(["data <- read.csv(", *more, ")", "head(data)"])


def _power_query(table: Table) -> str:
    """Return the lines for the advanced editor of Power Query, in Excel and Power BI."""
    url = file_url(table.resource_id, "csv")
    how = '[Delimiter=",", Encoding=65001, QuoteStyle=QuoteStyle.Csv]'
    options = ', [Headers=[Authorization="TOKEN"]]' if table.restricted else ""
    return "\n".join(
        [
            "let",
            f'    Sumber = Csv.Document(Web.Contents("{url}"{options}), {how}),',
            "    Tabel = Table.PromoteHeaders(Sumber, [PromoteAllScalars=true])",
            "in",
            "    Tabel",
        ]
    )


def snippets(table: Table) -> list[Snippet]:
    """Return the code for each kind of program."""
    return [
        Snippet("curl", "curl", _curl(table)),
        Snippet("python", "Python", _python(table)),
        Snippet("r", "R", _r(table)),
        Snippet("excel", tk._("Excel (Power Query)"), _power_query(table)),
    ]
