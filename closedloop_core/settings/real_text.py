"""Makes ``real_text.json`` anew: the most frequent words of the Python language reference.

Run `COMMAND` below. The text is ``pydoc_data.topics``, which every Python installation carries. It
differs between versions, so the table is stored and says which version it was counted with.
"""

import json
import platform

from closedloop_core.settings.laws import REAL_TEXT_WORDS
from closedloop_core.settings.texts import most_frequent, words

_TABLE = "closedloop_core/settings/real_text.json"
COMMAND = f"python -m closedloop_core.settings.real_text > {_TABLE}"


def count_reference() -> dict[str, object]:
    """Count the words of this Python's language reference; return the table to be stored."""
    from pydoc_data.topics import topics

    ranked = most_frequent(words("\n".join(topics.values())))
    kept = ranked[:REAL_TEXT_WORDS]
    return {
        "source": f"pydoc_data.topics of Python {platform.python_version()}",
        "command": COMMAND,
        "total": sum(count for _, count in ranked),
        "words": [word for word, _ in kept],
        "counts": [count for _, count in kept],
    }


if __name__ == "__main__":
    print(json.dumps(count_reference(), indent=0))
