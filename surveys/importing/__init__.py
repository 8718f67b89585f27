"""Past answers and other channels from files: mapped by column, stored once, bad rows refused one by one."""

from surveys.importing.importer import ImportReport, RowNote, import_file, write_notes
from surveys.importing.maps import ColumnMap, read_map
from surveys.importing.rows import Limits

__all__ = ["ColumnMap", "ImportReport", "Limits", "RowNote", "import_file", "read_map", "write_notes"]
