"""Past answers and other channels from files: mapped by column, stored once, bad rows refused one by one."""

from surveys.importing.importer import ImportReport, Notes, RowNote, import_file, write_notes
from surveys.importing.maps import ColumnMap, read_map
from surveys.importing.purchase_files import PurchaseColumns, PurchaseLimits, PurchaseReport, import_purchases
from surveys.importing.rows import Limits

__all__ = [
    "ColumnMap",
    "ImportReport",
    "Limits",
    "Notes",
    "PurchaseColumns",
    "PurchaseLimits",
    "PurchaseReport",
    "RowNote",
    "import_file",
    "import_purchases",
    "read_map",
    "write_notes",
]
