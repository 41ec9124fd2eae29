"""The mutations about the catalogue, gathered for the root."""

import strawberry

from schema.catalog import define_package as package
from schema.catalog import define_service as service
from schema.catalog import publish_package_definition as publishing
from schema.catalog import retire_package_definition as retiring
from schema.catalog import set_delivery_cost as costing


@strawberry.type
class CatalogMutations:
    """Mixed into the root mutation."""

    define_service: service.DefineServiceResult = service.MUTATION
    set_delivery_cost: costing.SetDeliveryCostResult = costing.MUTATION
    define_package: package.DefinePackageResult = package.MUTATION
    publish_package_definition: publishing.PublishPackageDefinitionResult = publishing.MUTATION
    retire_package_definition: retiring.RetirePackageDefinitionResult = retiring.MUTATION
