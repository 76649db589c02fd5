"""Handwritten digits of 8 x 8 pixels: 1,797 images by 13 writers, frozen.

They are the test set of E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*,
UCI Machine Learning Repository (1998), doi 10.24432/C50P49, under the licence CC BY 4.0, as
scikit-learn ships it. `COMMAND` freezes them anew. Next: `mixture`, what learns them.
"""

import io
import sys
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from closedloop_core.measures import Array

CREDIT = (
    "Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning"
    " Repository, 1998, CC BY 4.0"
)
SIDE = 8  # pixels
PIXELS = SIDE * SIDE
CLASSES = 10
DARKEST = 16  # a pixel counts the dark ones of 4 x 4
_TABLE = "closedloop_core/learners/digits.npz"
COMMAND = (
    "python -c 'import numpy, sklearn.datasets; d = sklearn.datasets.load_digits();"
    ' numpy.savez("digits.npz", images=d.data, classes=d.target)\''
    f" && python -m closedloop_core.learners.digits < digits.npz > {_TABLE}"
)
_HELD_OUT = 3  # every third image


@dataclass(frozen=True)
class Digits:
    """Images of digits.

    Attributes
    ----------
    images : (m, 64) float, ink in [0, 1], row by row
    classes : (m,) int, which digit each is
    """

    images: Array
    classes: NDArray[np.int64]

    def of(self, digit: int) -> Array:
        """Return the images of one digit, (m, 64)."""
        return np.asarray(self.images[self.classes == digit])


@cache
def real_digits() -> tuple[Digits, Digits]:
    """Return the images that models may learn, and every third one, which is held out."""
    path = resources.files("closedloop_core.learners").joinpath("digits.npz")
    with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as table:
        images = table["images"] / DARKEST
        classes = table["classes"].astype(np.int64)
    held = np.arange(len(classes)) % _HELD_OUT == 0
    parts = []
    for part in (~held, held):
        found = Digits(images[part], classes[part])
        found.images.flags.writeable = found.classes.flags.writeable = False
        parts.append(found)
    return parts[0], parts[1]


def main() -> None:
    """Read images and classes as float arrays from standard input; write them as small ones."""
    packed = io.BytesIO()
    with np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False) as table:
        small = {name: table[name].astype(np.uint8) for name in ("images", "classes")}
    np.savez_compressed(packed, allow_pickle=False, **small)
    sys.stdout.buffer.write(packed.getvalue())


if __name__ == "__main__":
    main()
