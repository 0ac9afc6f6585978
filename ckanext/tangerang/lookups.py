"""Asking the database the same question once only, while nothing changes the answer."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from ckan import model
from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import ORMExecuteState


@contextmanager
def remembered(*of: type) -> Iterator[None]:
    """Remember the answers about some models, of this thread, while this lasts.

    CKAN looks the user of a request up a dozen times: by the name, not the id, so that its session
    asks the database each time. Nothing inside may write what is remembered.

    :param of: model classes; only what is asked about them is remembered
    """
    known: dict[Any, Any] = {}

    def remember(state: ORMExecuteState) -> Any:
        mapper = state.bind_mapper
        if not state.is_select or mapper is None or mapper.class_ not in of:
            return None
        key = cast("Any", state.statement)._generate_cache_key()  # as in SQLAlchemy's own example
        if key is None or state.is_column_load or state.is_relationship_load or state.parameters:
            return None
        found = (key.key, repr([bound.effective_value for bound in key.bindparams]))
        if found not in known:
            known[found] = state.invoke_statement().freeze()
        return known[found]()

    session = model.Session()
    event.listen(session, "do_orm_execute", remember)
    try:
        yield
    finally:
        event.remove(session, "do_orm_execute", remember)
