"""Loader of the roles that people hold."""

from domain.people import reading
from schema.context import Loader

ROLES = Loader(reading.grants_of)
