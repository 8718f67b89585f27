"""Personal data out of free text, before anything is stored.

Each find is replaced by a word in brackets that says what stood there, so that the sentence still reads. The original
is written nowhere: not into the database, not into a log, not into a digest.
"""

from surveys.masking.marks import MARK, MARKS
from surveys.masking.masks import mask_text

__all__ = ["MARK", "MARKS", "mask_text"]
