"""Links as they arrive: what mail, chat and web pages do to them on the way is undone here.

``&`` written as ``&amp;``, a bracket or full stop of the sentence around the link, and the names
that others add to count clicks. Next: `params`, which reads what is left.
"""

from collections.abc import Mapping
from typing import Any

from closedloop_core.checks import short_number
from closedloop_core.quoting import quoted, shortened

_ESCAPED = ("amp;", "#38;", "#038;", "#x26;")  # what is left of "&" as HTML writes it
_AROUND = " \t\r\n\u00a0\u200b.,;!?)]}>\"'»\u201c\u201d\u2019"
_COUNT_CLICKS = frozenset(
    (
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid"),
        *("ttclid", "li_fat_id", "igsh", "igshid", "mc_cid", "mc_eid", "mkt_tok", "spm", "trk"),
        *("ref", "ref_src", "ref_url", "referrer", "si", "s_kwcid", "_ga", "_gl", "_hsenc"),
        *("_hsmi", "vero_id", "wickedid", "embed", "embed_options"),
    )
)
_MOST_NOTES = 3
_COUNT_CLICKS_AS = ("utm_", "pk_", "mtm_", "piwik_", "matomo_", "hsa_")


def texts_in(query: Any) -> tuple[dict[str, str], list[str]]:
    """Return what a link can hold, names and values as texts, and a sentence for all else.

    Parameters
    ----------
    query : mapping of str to str; numbers are read as their texts

    Returns
    -------
    query : dict of str to str
    complaints : list of str

    Raises
    ------
    ValueError
        If ``query`` is no mapping.
    """
    if not isinstance(query, Mapping):
        raise ValueError(f"query must be a mapping of texts, got {quoted(query)}")
    found, complaints = {}, []
    for name, value in query.items():
        if not isinstance(name, str):
            complaints.append(f"The name of a setting must be a text, got {quoted(name)}.")
        elif isinstance(value, str):
            found[name] = value
        elif isinstance(value, int | float):
            found[name] = short_number(value)
        else:
            what = f"{shortened(name)} must be a text, got {quoted(value)}"
            complaints.append(f"{what}; the default is used instead.")
    return found, complaints


def repaired(query: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the names and values that a link was meant to have, and what must be said of them.

    Of a name that is there twice the last value counts, as in a link that was not damaged; names
    for the counting of clicks are left out without a word.

    Parameters
    ----------
    query : mapping of str to str, names and values of the link in its order

    Returns
    -------
    query : dict of str to str
    notes : tuple of str, a sentence for each name that was there twice with different values
    """
    found: dict[str, str] = {}
    notes: list[str] = []
    last = [*query][-1] if query else None
    for written, text in query.items():
        name = _plain_name(written)
        if not name or counts_clicks(name):
            continue
        value = str(text).rstrip(_AROUND) if written == last else str(text)
        if found.get(name, value) != value:
            notes.append(f"{shortened(name)} is in this link twice; {shortened(value)} is used.")
        found[name] = value
    more = len(notes) - _MOST_NOTES
    if more > 0:
        notes[_MOST_NOTES:] = [f"{more:,} more names are in this link twice; the last counts."]
    return found, tuple(notes)


def _plain_name(name: str) -> str:
    name = str(name).strip()
    while name.lower().startswith(_ESCAPED):
        name = name.partition(";")[2]
    return name


def counts_clicks(name: str) -> bool:
    """Say whether a name in a link is one that others add: ``utm_source``, ``fbclid``."""
    low = name.lower()
    return low in _COUNT_CLICKS or low.startswith(_COUNT_CLICKS_AS)
