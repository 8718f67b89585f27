"""Whose figures: the whole chain, one area or one store."""

from sqlalchemy.orm import Session

from feedback.results import Scope
from surveys.errors import InputError
from surveys.places import areas
from surveys.queries import StoreInfo, rivals, stores

CHAIN = Scope()


def find_store(session: Session, key: str) -> StoreInfo:
    """Look a store up by its key. Error: `InputError` when there is none."""
    found = next((store for store in stores(session) if store.key == key), None)
    if found is None:
        raise InputError(f"no store has the key {key!r}; see: koebako store list")
    return found


def store_scope(session: Session, key: str) -> Scope:
    """Return the scope of one store. Error: `InputError` when no store has this key."""
    found = find_store(session, key)
    return Scope(store_id=found.id, name=found.name)


def area_scope(session: Session, key: str) -> Scope:
    """Return the scope of one area. Error: `InputError` when no area has this key."""
    found = next((area for area in areas(session) if area.key == key), None)
    if found is None:
        raise InputError(f"no area has the key {key!r}")
    return Scope(area_id=found.id, name=found.name)


def stores_in(session: Session, scope: Scope) -> tuple[StoreInfo, ...]:
    """Every store of a scope, ordered by key."""
    return tuple(
        store
        for store in stores(session)
        if (scope.store_id is None or store.id == scope.store_id)
        and (scope.area_id is None or store.area_id == scope.area_id)
    )


def store_ids(session: Session, scope: Scope) -> tuple[int, ...] | None:
    """The ids of a scope's stores, for narrowing a read; None where nothing is to be narrowed.

    Where there are competitors, the chain is narrowed to our own stores too: counts may stem from before a store was
    said to be a competitor's.
    """
    if scope.is_chain and not rivals(session):
        return None
    return tuple(store.id for store in stores_in(session, scope))
