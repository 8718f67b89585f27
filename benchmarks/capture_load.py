"""Customers who send answers over kept connections, as many at once as asked: run by `capture.py` in its own process.

    python benchmarks/capture_load.py PORT CLIENTS SECONDS < PATH_AND_FIELDS.json

Prints the milliseconds that each acknowledged answer took, as one JSON list. Any other answer than 303 ends it.
"""

import asyncio
import json
import sys
import time
from itertools import count
from urllib.parse import urlencode

sys.path.insert(0, __file__.rsplit("/", 2)[0])

from surveys.submission_keys import new_submission_key

REASONS = (
    "レジの待ち時間が長く感じました。もう少し台数を増やしてほしいです。",
    "店員さんがとても親切で、また来たいと思いました。",
    "駐車場が狭くて止めにくいです。",
    "お惣菜がおいしかった。種類も多くて助かります。",
)


async def customer(port: int, path: str, fields: dict[str, str], until: float, numbers: "count[int]") -> list[float]:
    """Send one answer after another; how many milliseconds each took."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    took = []
    while (began := time.perf_counter()) < until:
        number = next(numbers)
        answer = {"key": new_submission_key(), "choice-recommend": str(number % 11)}
        answer["text-reason"] = f"{REASONS[number % len(REASONS)]}{number}回目です。"
        body = urlencode({**fields, **answer}).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await _acknowledged(reader)
        took.append(1000 * (time.perf_counter() - began))
    writer.close()
    return took


async def _acknowledged(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(head.partition("content-length:")[2].partition("\r\n")[0] or 0)
    await reader.readexactly(length)
    if " 303 " not in head.partition("\r\n")[0]:
        raise SystemExit(f"not acknowledged: {head.splitlines()[0]}")


async def crowd(port: int, clients: int, seconds: float, path: str, fields: dict[str, str]) -> list[float]:
    """Let so many customers answer at once."""
    until, numbers = time.perf_counter() + seconds, count()
    each = await asyncio.gather(*(customer(port, path, fields, until, numbers) for _ in range(clients)))
    return [milliseconds for took in each for milliseconds in took]


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    port, clients, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    print(json.dumps(asyncio.run(crowd(port, clients, seconds, asked["path"], asked["fields"]))))
