"""Why a directory of spreadsheets cannot be read at all; a single bad row is reported, not raised."""

from typing import ClassVar

from domain.kernel.errors import Refusal, Unavailable


class DirectoryMissing(Refusal):
    """The path is not a directory."""

    code: ClassVar[str] = "DIRECTORY_MISSING"

    def __init__(self, directory: str) -> None:
        self.directory = directory

    @property
    def message(self) -> str:
        return f"{self.directory} is not a directory. Give the one that holds the spreadsheets."


class SpreadsheetsMissing(Refusal):
    """Files are missing in the directory."""

    code: ClassVar[str] = "SPREADSHEETS_MISSING"

    def __init__(self, directory: str, files: tuple[str, ...]) -> None:
        self.directory, self.files = directory, files

    @property
    def message(self) -> str:
        return f"{self.directory} lacks {', '.join(self.files)}. All six spreadsheets are needed."


class SpreadsheetUnreadable(Refusal):
    """The operating system does not let Carnet read the file."""

    code: ClassVar[str] = "SPREADSHEET_UNREADABLE"

    def __init__(self, file: str, reason: str) -> None:
        self.file, self.reason = file, reason

    @property
    def message(self) -> str:
        return f"{self.file} cannot be read: {self.reason}."


class NotUtf8(Refusal):
    """The file is not UTF-8 text."""

    code: ClassVar[str] = "NOT_UTF8"

    def __init__(self, file: str, line: int) -> None:
        self.file, self.line = file, line

    @property
    def message(self) -> str:
        return f"{self.file} is not UTF-8 text (see line {self.line}). Save it as CSV UTF-8."


class ColumnsMissing(Refusal):
    """The header lacks columns."""

    code: ClassVar[str] = "COLUMNS_MISSING"

    def __init__(self, file: str, columns: tuple[str, ...]) -> None:
        self.file, self.columns = file, columns

    @property
    def message(self) -> str:
        return (
            f"{self.file} has no column {', '.join(self.columns)}."
            " Its first line must name the columns, separated by commas."
        )


class ColumnRepeated(Refusal):
    """The header names a column twice."""

    code: ClassVar[str] = "COLUMN_REPEATED"

    def __init__(self, file: str, column: str) -> None:
        self.file, self.column = file, column

    @property
    def message(self) -> str:
        return f"{self.file} has the column {self.column} twice. Keep one."


class TooManyRows(Refusal):
    """A catalogue file is longer than any catalogue."""

    code: ClassVar[str] = "TOO_MANY_ROWS"

    def __init__(self, file: str, most: int) -> None:
        self.file, self.most = file, most

    @property
    def message(self) -> str:
        return f"{self.file} has more than {self.most} rows. Is it the right file?"


class NoRoomToImport(Unavailable):
    """The temporary directory is full or cannot be written."""

    def __init__(self) -> None:
        super().__init__("There is no room for temporary files. Free some, or point SQLITE_TMPDIR to a roomier disk.")


class ChainUnnamed(Refusal):
    """Nothing says what the chain is called."""

    code: ClassVar[str] = "CHAIN_UNNAMED"

    def __init__(self, directory: str) -> None:
        self.directory = directory

    @property
    def message(self) -> str:
        return f"{self.directory} has no README.md with a title. Give the name of the chain."


class BranchesMissing(Refusal):
    """No row of branches.csv is good, so nothing else can be."""

    code: ClassVar[str] = "BRANCHES_MISSING"

    @property
    def message(self) -> str:
        return "branches.csv has no good row, so there is nothing to import. See the report for what is wrong with it."
