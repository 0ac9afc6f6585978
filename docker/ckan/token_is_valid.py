"""End with 0 when ``CKANEXT__XLOADER__API_TOKEN`` is a token that this portal would accept.

Checks the signature and that the portal's database still knows the token, without loading CKAN.
"""

# ruff: noqa: INP001 - a script, not part of a package

from __future__ import annotations

import os
import sys

import jwt
import psycopg2


def token_id(token: str, secret: str) -> str | None:
    """Return the id inside ``token`` if it was signed with ``secret``, else None.

    :param secret: value of CKAN's ``api_token.jwt.decode.secret``, with its ``string:`` prefix
    """
    try:
        claims = jwt.decode(token, secret.removeprefix("string:"), algorithms=["HS256"])
    except jwt.InvalidTokenError:
        return None
    return claims.get("jti")


def main() -> int:
    """Return 0 for a valid token, 1 for none or an unknown one."""
    wanted = token_id(
        os.environ.get("CKANEXT__XLOADER__API_TOKEN", ""),
        os.environ["CKAN___API_TOKEN__JWT__DECODE__SECRET"],
    )
    if wanted is None:
        return 1
    connection = psycopg2.connect(os.environ["CKAN_SQLALCHEMY_URL"])
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM api_token WHERE id = %s", (wanted,))
        found = cursor.fetchone()
    connection.close()
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
