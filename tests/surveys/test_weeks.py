import pytest

from surveys.errors import InputError
from surveys.weeks import first_day


@pytest.mark.parametrize("week", ["", "2025-40", "2025-W54", "2025-W00", "2025-W40 ", "２０２５-W40", "0000-W01"])
def test_what_is_no_iso_week_is_refused_by_name(week):
    with pytest.raises(InputError, match="is not an ISO week; write it like 2025-W40"):
        first_day(week)
