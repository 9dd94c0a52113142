"""How well a few typed letters fit a name: all of them in order, and the better the more they begin words. Qt-free."""

from __future__ import annotations

import unicodedata

_START = 8
_RUN = 5
_HIT = 1
_GAP = 0.05


def folded(text: str) -> str:
    """Without case and accents, so that "uberblick" finds "Überblick"."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def fit(typed: str, name: str) -> float | None:
    """How well `typed` fits `name`, the higher the better; None where it does not. Blanks in `typed` separate words."""
    words = folded(typed).split()
    text = folded(name)
    total = 0.0
    for word in words:
        score = _fit_word(word, text)
        if score is None:
            return None
        total += score
    return total - len(text) * _GAP


def _fit_word(word: str, text: str) -> float | None:
    """The best of all ways to find the letters of `word` in order: from each place where the first one stands."""
    starts = (place for place, letter in enumerate(text) if letter == word[0])
    return max(
        (score for start in starts if (score := _fit_from(word, text, start)) is not None), default=None
    )


def _fit_from(word: str, text: str, start: int) -> float | None:
    score, last, place = 0.0, start - 2, start
    for letter in word:
        place = text.find(letter, place)
        if place < 0:
            return None
        score += _HIT
        if place == last + 1:
            score += _RUN
        elif place == 0 or not text[place - 1].isalnum():
            score += _START
        else:
            score -= min(4.0, (place - last) * 0.5)
        last, place = place, place + 1
    return score
