"""Runs the migrations of a plugin; each plugin's ``env.py`` calls it."""

from __future__ import annotations

from pathlib import Path

from alembic import context
from sqlalchemy import engine_from_config, pool


def run(env: str) -> None:
    """Run the migrations in the database, or print their SQL where Alembic is offline.

    :param env: path of the plugin's ``env.py``; its folder has the plugin's name, under which the
        plugin keeps its own record of what has run
    """
    version_table = f"{Path(env).parent.name}_alembic_version"
    if context.is_offline_mode():
        url = context.config.get_main_option("sqlalchemy.url")
        context.configure(url=url, literal_binds=True, version_table=version_table)
        with context.begin_transaction():
            context.run_migrations()
        return
    section = context.config.get_section(context.config.config_ini_section) or {}
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, version_table=version_table)
        with context.begin_transaction():
            context.run_migrations()
