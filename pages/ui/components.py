"""The canvas components and their one wire format.

Each component lives in a folder of its own (html, css, js); what they share is in ``shared/``.
A component receives one bytes object per change: a JSON header and raw arrays, see `pack`.
"""

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

_HERE = Path(__file__).parent
_DTYPES = {"float32": "f4", "float64": "f8", "uint8": "u1", "uint16": "u2", "uint32": "u4"}


def pack(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return ``header`` and ``arrays`` as the bytes that ``unpack`` in common.js reads.

    Layout: uint32 header length (little-endian), JSON header padded with spaces, then each array,
    C order, little-endian, at a multiple of 8 bytes after the header. ``header["arrays"]`` names
    dtype, shape and offset of each.
    """
    index: dict[str, dict[str, Any]] = {}
    body = bytearray()
    for name, array in arrays.items():
        body.extend(b"\0" * (-len(body) % 8))
        index[name] = {
            "dtype": _DTYPES[array.dtype.name],
            "shape": list(array.shape),
            "offset": len(body),
        }
        little_endian = array.astype(array.dtype.newbyteorder("<"), copy=False)
        body.extend(np.ascontiguousarray(little_endian).tobytes())
    text = json.dumps({**header, "arrays": index}, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * (-(len(text) + 4) % 8)
    return struct.pack("<I", len(text)) + text + bytes(body)


def _register(name: str) -> Any:
    """Register the component whose files are in the folder ``name``."""
    folder, shared = _HERE / name, _HERE / "shared"
    return st.components.v2.component(
        f"closedloop_{name}",
        html=(folder / f"{name}.html").read_text("utf-8"),
        css=(shared / "common.css").read_text("utf-8") + (folder / f"{name}.css").read_text("utf-8"),
        js=(shared / "common.js").read_text("utf-8") + (folder / f"{name}.js").read_text("utf-8"),
    )


player = _register("player")
phase_map = _register("map")
dials = _register("dials")
verdict = _register("verdict")
