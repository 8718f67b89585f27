"""How often one client may send or open a page, counted without keeping who it was.

Customers of one store share one address (store Wi-Fi), so the limit is generous, and who meets it loses nothing. An
address is never stored: what is counted is a keyed hash, whose key is another one every hour.
"""

import hmac
import math
import time
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from limits import RateLimitItem
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from surveys.errors import InputError

_HOUR = 3600
_SITE_BITS = 64
"""Of an IPv6 address; the rest is for each device to choose."""
_PATIENCE = 1
"""Seconds in which Redis must answer."""
_AWAY = 10
"""Seconds for which Redis is not asked again after it did not answer."""


class Limiter:
    """Counts what clients do: in the memory of this process, or in Redis for several of them.

    While Redis is away each process counts for itself: no customer waits for a counter. Error: `InputError` when the
    address of the storage cannot be used.
    """

    def __init__(self, secret_key: str, storage_url: str = "") -> None:
        self._secret_key = secret_key
        self._memory = FixedWindowRateLimiter(MemoryStorage())
        self._shared = _shared(storage_url) if storage_url else None
        self._away_until = 0.0

    def wait(self, limit: RateLimitItem, what: str, who: str) -> int:
        """Count one try; 0 when it is within the limit, else the seconds until the next one is."""
        key = (what, self._hashed(who))
        if self._ask("hit", limit, *key):
            return 0
        ends: float = self._ask("get_window_stats", limit, *key).reset_time
        return max(1, math.ceil(ends - time.time()))

    def is_over(self, limit: RateLimitItem, what: str, who: str) -> bool:
        """Tell whether the limit is reached, without counting."""
        return not self._ask("test", limit, what, self._hashed(who))

    def _hashed(self, who: str) -> str:
        return client_hash(self._secret_key, who, time.time())

    def _ask(self, question: str, *about: Any) -> Any:
        if self._shared and time.monotonic() >= self._away_until:
            try:
                return getattr(self._shared, question)(*about)
            except StorageError:
                self._away_until = time.monotonic() + _AWAY
        return getattr(self._memory, question)(*about)


def client_hash(secret_key: str, address: str, moment: float) -> str:
    """Hash an address so that nobody can lead it back, and that it is another hash in the next hour.

    `moment`: seconds since 1970. The devices of one IPv6 network count as one client.
    """
    hourly = hmac.digest(secret_key.encode(), f"clients of hour {int(moment) // _HOUR}".encode(), "sha256")
    return hmac.digest(hourly, _site(address).encode(), "sha256").hex()[:32]


def _site(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, _SITE_BITS), strict=False))


def _shared(url: str) -> FixedWindowRateLimiter:
    timeouts = {"socket_connect_timeout": _PATIENCE, "socket_timeout": _PATIENCE}
    if not url.startswith(("redis://", "rediss://")):
        raise InputError("KOEBAKO_REDIS_URL cannot be used: it must begin with redis:// or rediss://")
    try:
        return FixedWindowRateLimiter(storage_from_string(url, wrap_exceptions=True, **timeouts))
    except (ConfigurationError, ValueError) as error:
        raise InputError(f"KOEBAKO_REDIS_URL cannot be used: {error}") from error
