"""A file that was dropped on the page, as the browser hands it over. Pure."""

import base64
from dataclasses import dataclass
from typing import Any

from closedloop_core.settings.reading.options import MAX_BYTES


@dataclass(frozen=True)
class Dropped:
    """A dropped file: its name and bytes; where there are none, ``refusal`` says why."""

    name: str
    data: bytes = b""
    refusal: str = ""


def read_dropped(sent: Any) -> Dropped | None:
    """Read what the browser sent: name, size in bytes and data in base 64; None if it is no file.

    The browser sends no data of a file that is too large or cannot be read.
    """
    if not isinstance(sent, dict) or not isinstance(sent.get("name"), str):
        return None
    name, size, data = sent["name"], sent.get("size"), sent.get("data")
    if isinstance(data, str) and (decoded := _decoded(data)) is not None:
        return Dropped(name, decoded)
    if isinstance(size, int) and size > MAX_BYTES:
        return Dropped(name, refusal=f"a file may hold at most 5 MB, got {size / 1e6:.7g} MB")
    refusal = "a dropped file must be one that the browser can read; a folder is none"
    return Dropped(name, refusal=refusal)


def _decoded(data: str) -> bytes | None:
    try:
        return base64.b64decode(data, validate=True)
    except ValueError:
        return None
