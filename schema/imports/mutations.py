"""The mutation about imports, for the root."""

import strawberry

from schema.imports import import_spreadsheets as importing


@strawberry.type
class ImportMutations:
    """Mixed into the root mutation."""

    import_spreadsheets: importing.ImportSpreadsheetsResult = importing.MUTATION
