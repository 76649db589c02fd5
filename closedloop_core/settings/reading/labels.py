"""Labels of at most a hundred characters, still all different."""

from collections.abc import Iterable

MAX_LABEL = 100  # characters


def bounded_labels(labels: Iterable[str]) -> tuple[tuple[str, ...], int]:
    """Return labels of at most 100 characters, still all different, and how many were cut."""
    bounded, seen, cut = [], set(), 0
    for label in labels:
        short = label
        if len(label) > MAX_LABEL:
            cut += 1
            short = label[: MAX_LABEL - 1].rstrip() + "…"
            while short in seen:  # two long labels that begin alike stay two
                number = int(short.rpartition("… ")[2] or 1) + 1 if "… " in short else 2
                short = f"{label[: MAX_LABEL - 10].rstrip()}… {number}"
        seen.add(short)
        bounded.append(short)
    return tuple(bounded), cut
