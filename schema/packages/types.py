"""The package as the graph shows it: status, balance, lots, money, and where each of them comes from."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from domain.catalog.terms import Terms as DomainTerms
from domain.ledger import rules as ledger
from domain.packages.view import PackageView
from schema.branches.loaders import branch
from schema.branches.types import Branch
from schema.catalog.loaders import definition, services
from schema.catalog.terms import Terms, terms_of
from schema.catalog.types import PackageDefinition, Service
from schema.connections import Connection
from schema.context import Context, Info, Loader
from schema.customers.loaders import customer
from schema.customers.types import Customer
from schema.interfaces import Node
from schema.ledger.types import Operation
from schema.packages import enums
from schema.packages.loaders import PACKAGE
from schema.scalars import Money, money_of
