"""Results in, figures out: what the canvas components draw, as bytes. Pure."""

import hashlib
import json
import math
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from closedloop_core.exact.phases import PhaseDiagram
from closedloop_core.measures import Array

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


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return header and arrays of what `pack` made: the twin of ``unpack`` in common.js."""
    (length,) = struct.unpack_from("<I", data)
    header = json.loads(data[4 : 4 + length])
    arrays = {}
    for name, entry in header["arrays"].items():
        dtype = np.dtype(entry["dtype"]).newbyteorder("<")
        count = math.prod(entry["shape"])
        flat = np.frombuffer(data, dtype, count, 4 + length + entry["offset"])
        arrays[name] = flat.reshape(entry["shape"])
    return header, arrays


def payload_name(data: bytes) -> str:
    """Return the name of packed bytes that are sent ahead, for messages that need them."""
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def with_header(data: bytes, changes: Mapping[str, Any]) -> bytes:
    """Return packed bytes with some header entries added: what changes without a new run."""
    (length,) = struct.unpack_from("<I", data)
    header = {**json.loads(data[4 : 4 + length]), **changes}
    text = json.dumps(header, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * (-(len(text) + 4) % 8)
    return struct.pack("<I", len(text)) + text + data[4 + length :]


def carry(data: bytes, others: Mapping[str, bytes]) -> bytes:
    """Return packed bytes that carry the packed bytes of other components along, by name.

    Their header says which, in ``carries``; mount.js hands them on.
    """
    header, arrays = unpack(data)
    carried = {name: np.frombuffer(packed, np.uint8) for name, packed in others.items()}
    return pack({**header, "carries": list(others)}, {**arrays, **carried})


def carried_as(name: str, always: Mapping[str, Any]) -> bytes:
    """Return the data of a component that is drawn from what another one carries by this name.

    ``always`` are entries of its header that stay as they are, so that they are sent once.
    """
    return pack({**always, "carried_as": name}, {})


def single(values: Array) -> NDArray[np.float32]:
    """Return single precision for drawing; exports carry the full numbers."""
    with np.errstate(under="ignore"):
        single = np.asarray(values, dtype=np.float32)
    # A probability below the smallest float is small, not absent: absent is drawn as a cross.
    return np.where((single == 0) & (values > 0), np.finfo(np.float32).tiny, single)


def pack_map(
    diagram: PhaseDiagram, contour_temperatures: Array, contour: Array, tolerance: float
) -> bytes:
    """Pack a phase diagram and the boundary of its faithful region for the small map."""
    fields = {name: single(getattr(diagram, name)) for name in ("shift", "distance", "effective")}
    arrays = {
        "temperatures": single(diagram.temperatures),
        "external_fractions": single(diagram.external_fractions),
        **fields,
        "contour_temperatures": single(contour_temperatures),
        "contour": single(contour),
    }
    return pack({"tolerance": tolerance, "lines": []}, arrays)
