"""How long five megabytes of anything take to read, beside a floor in the same process.

The floor decodes the bytes and splits them into lines and words with the string methods of Python.
"""

import json
import time

from closedloop_core.settings.reading import Reading, read

SIZE = 5_000_000

PIECES = {
    "one line": "a",
    "words": "word and ",
    "line ends": "\n",
    "returns": "\r",
    "quotation marks": '"',
    "a quotation mark a line": '"\n',
    "open quotation marks": '"a\nb,1\n',
    "quoted cells in one line": '"a",',
    "quoted numbers": '"a b";"5,5"\n',
    "commas": ",",
    "tabs": "\t",
    "spaces": " ",
    "colons": ":",
    "digits": "1",
    "digits and marks": "1,",
    "digits and spaces": "1 ",
    "one count": "a,1\n",
    "numbers": "1\n",
    "exponents": "1e",
    "apostrophes": "a'",
    "hashes": "#\n",
    "percent signs": "%",
    "brackets": "[",
    "braces": '{"a":',
    "combining marks": "a\u0301",
    "only marks": "\u0301",
    "joiners": "\u200d",
    "flags": "🇩",
    "families": "👨‍👩‍👧",
    "Chinese": "我们今天去公园看花天气很好",
    "Thai": "ภาษาไทย",
    "Hebrew quotes": 'א"',
    "Russian": "Мама мыла раму. ",
}
LISTS = {
    "labels": "\n".join(f"w{i},{i % 977}" for i in range(400_000)),
    "labels at spaces": "\n".join(f"w{i} {i % 977}" for i in range(400_000)),
    "decimals": "\n".join(f"é{i};{i},5" for i in range(250_000)),
    "stray quotation marks": "\n".join(f'"w{i},{i}' for i in range(320_000)),
    "exponents": "\n".join(f"w{i},{i}e{i % 9}" for i in range(300_000)),
    "colons": "\n".join(f"w{i}: {i}" for i in range(320_000)),
    "unseen marks": "\n".join(f"w\u200b{i}\u00ad,{i}" for i in range(260_000)),
    "words": "\n".join(f"w{i}" for i in range(600_000)),
    "json": json.dumps({f"w{i}": i for i in range(250_000)}),
}


def filled(piece: str, size: int = SIZE) -> bytes:
    """Return ``size`` bytes of a piece that is repeated."""
    data = piece.encode()
    return (data * (size // len(data) + 1))[:size]


def floor(data: bytes) -> float:
    """Return the processor's seconds of decoding and splitting."""
    start = time.process_time()
    for line in data.decode("utf-8", "replace").splitlines():
        line.split()
    return time.process_time() - start


def taken(data: bytes) -> float:
    """Return the processor's seconds of one reading, refused or not."""
    start = time.process_time()
    try:
        read(data, "file", Reading())
    except ValueError:
        pass
    return time.process_time() - start


def figures() -> list[tuple[str, float, float]]:
    """Return for each kind of bytes its name, the floors it takes and its milliseconds."""
    contents = {name: filled(piece) for name, piece in PIECES.items()}
    contents |= {f"list: {name}": text.encode()[:SIZE] for name, text in LISTS.items()}
    found = []
    for name, data in contents.items():
        seconds = taken(data)
        found.append((f"5 MB of {name}", seconds / max(floor(data), 1e-3), 1e3 * seconds))
    return found
