"""Loaders of the staff and of API keys."""

from collections.abc import Mapping

from domain.kernel.access import Actor
from domain.people import reading
from schema.context import Loader
from schema.people.types import ApiKey, Staff, api_key_of, staff_of


async def _staff(actor: Actor, ids: list[str]) -> Mapping[str, Staff]:
    return {person.id: staff_of(person) for person in await reading.staff_by_ids(actor, ids)}


async def _api_keys(actor: Actor, ids: list[str]) -> Mapping[str, ApiKey]:
    return {key.id: api_key_of(key) for key in await reading.api_keys_by_ids(actor, ids)}


STAFF = Loader(_staff)
API_KEY = Loader(_api_keys)
