"""The language reference that every Python carries: its prose, as one text.

It differs between versions of Python. Next: `source`.
"""

import platform
import re
from functools import cache

_LEAST = 80  # characters of a paragraph
_NO_PROSE = (" ", "+", "|", "*", "=", "-")


@cache
def prose() -> str:
    """Return the prose of ``pydoc_data.topics``: no grammar, code, tables or headings."""
    from pydoc_data.topics import topics

    text = "\n\n".join(topics[name] for name in sorted(topics))
    return "\n\n".join(filter(None, map(_paragraph, re.split(r"\n\s*\n", text))))


def python() -> str:
    """Return the version of the Python that carries it: ``3.11.7``."""
    return platform.python_version()


def _paragraph(text: str) -> str:
    """Return a paragraph of prose on one line; nothing of anything else."""
    lines = text.split("\n")
    if any(line.startswith(_NO_PROSE) for line in lines) or "::=" in text or "**PEP" in text:
        return ""
    # Asterisks mark emphasis: they are no words.
    plain = " ".join(line.strip() for line in lines).replace("*", "")
    return plain if len(plain) >= _LEAST else ""
