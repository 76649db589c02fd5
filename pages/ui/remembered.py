"""Results that are kept without Streamlit, so that worker processes can keep them too. Pure."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from closedloop_core import Law, LoopParams

LETTERS, DIGITS = tuple("ABCDEFGHIJ"), tuple("0123456789")  # labels that pages give themselves
Args = ParamSpec("Args")
Result = TypeVar("Result")


def remembered(max_entries: int) -> Callable[[Callable[Args, Result]], Callable[Args, Result]]:
    """Keep the results of a function that cannot be changed, the last ``max_entries`` asked for.

    For what every change of a dial asks for: a hit costs some millionths of a second, where
    Streamlit's cache takes half a thousandth to build a key and copies the result. Shared by all
    visitors: for results without labels, or of laws that are not `is_private`.
    """

    def keep(compute: Callable[Args, Result]) -> Callable[Args, Result]:
        results: OrderedDict[Hashable, Result] = OrderedDict()
        lock, turns = threading.Lock(), dict[Hashable, threading.Lock]()

        @wraps(compute)
        def answer(*args: Args.args, **named: Args.kwargs) -> Result:
            key = (*map(_key, args), *((name, _key(value)) for name, value in named.items()))
            with lock:
                if key in results:
                    results.move_to_end(key)
                    return results[key]
                turn = turns.setdefault(key, threading.Lock())
            with turn:  # who asks for the same at the same time waits for the one who came first
                with lock:
                    if key in results:
                        return results[key]
                try:
                    found = compute(*args, **named)
                    with lock:
                        results[key] = found
                        if len(results) > max_entries:
                            results.popitem(last=False)
                    return found
                finally:
                    turns.pop(key, None)

        return answer

    return keep


def is_private(value: Any) -> bool:
    """Say whether a law, or a run of one, holds a visitor's own words.

    Those are all labels that this app has not given itself; numbers alone are nobody's.
    """
    if isinstance(value, LoopParams):
        return is_private(value.initial) or is_private(value.source)
    if not isinstance(value, Law) or value.kind != "data":
        return False
    return value.private or value.labels not in (None, LETTERS, DIGITS)


def _key(value: Any) -> Any:
    """Return what stands for an argument: of laws the digest, which keeps no labels alive."""
    if isinstance(value, Law):
        return value.digest
    return value.key if isinstance(value, LoopParams) else value
