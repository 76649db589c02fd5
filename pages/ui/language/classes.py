"""The class of a generation's texts, from the words that it writes. Pure."""

import math

# As the states of the playground are called in components; "heat death" is said as gibberish here.
WORDS = {
    "faithful": "Faithful",
    "sharpened": "Sharpened",
    "collapse": "Collapsed",
    "flattened": "Flattened",
    "heat death": "Gibberish",
}


def class_of_text(
    distance: float,
    next_words: float,
    first: float,
    kinds: int,
    within: float,
    temperature: float = 1.0,
) -> str:
    """Return the class of a generation.

    Parameters
    ----------
    distance : float, total variation between the words written and those of the source
    next_words, first : float, words to choose the next one from, now and in generation 0
    kinds : int, words of the vocabulary
    within : float, the largest distance that is called faithful: tolerance plus luck
    temperature : float, decides where the numbers do not: generation 0 is not its own judge

    Returns
    -------
    one of the keys of `WORDS`
    """
    if distance <= within:
        return "faithful"
    now, start, most = math.log(max(next_words, 1.0)), math.log(max(first, 1.0)), math.log(kinds)
    if now < start or (now == start and temperature < 1):
        return "collapse" if now < start / 2 else "sharpened"
    return "heat death" if now > start + (most - start) / 2 else "flattened"
