"""Scenes: named settings, each with one sentence that says what to watch."""

from dataclasses import dataclass
from functools import cache

from closedloop_core import Change, Law, LoopParams
from pages.ui.session.settings import Clock, Settings


@dataclass(frozen=True)
class Scene:
    """A named setting and its moral."""

    name: str
    watch: str
    params: LoopParams
    clock: Clock = "generations"
    kept: LoopParams | None = None

    def settings(self, projector: bool) -> Settings:
        """Return the scene as settings, in the projector mode that is on."""
        return Settings(self.params, clock=self.clock, projector=projector, kept=self.kept)


_WORDS = LoopParams(
    initial=Law.real_text(10), sample_size=50, external_fraction=0.1, generations=120, seed=7
)
_EVEN = LoopParams(
    initial=Law.uniform(10),
    reference=Law.uniform(10),
    temperature=0.5,
    external_fraction=0.56,
    sample_size=5_000,
    regime="replace",
    generations=60,
)

SCENES: tuple[Scene, ...] = (
    Scene(
        "Balanced",
        "At T = 1 nothing pulls: the dashed limit stays put, and each bar only drifts by luck.",
        _WORDS.replace(temperature=1.0, external_fraction=0.0),
    ),
    Scene(
        "Cold collapse",
        "Below T = 1 the favourite word feeds itself: watch the first bar eat the others.",
        _WORDS.replace(temperature=0.7),
    ),
    Scene(
        "Heat death",
        "Above T = 1 every difference is worn down: watch the bars level out.",
        _WORDS.replace(temperature=2.0, sample_size=100, seed=4),
    ),
    Scene(
        "Rescue with external data",
        "As cold as the collapse, but 70 % of the new data come from outside: the bars hold.",
        _WORDS.replace(temperature=0.7, external_fraction=0.7),
    ),
    Scene(
        "Too late to rescue",
        "Two runs with the same luck and the same 56 % external data: A starts at its even source"
        " and stays (50 % is enough to stay), B starts collapsed and does not come back (that"
        " takes 62.5 %).",
        _EVEN.replace(initial=Law.from_weights([91, 1, 1, 1, 1, 1, 1, 1, 1, 1])),
        kept=_EVEN,
    ),
    Scene(
        "A language",
        "Thirty words of a real text, sampled a little too cold. The data pile up, so the clock"
        " counts doublings of the dataset: each one costs the rare words a share of what is left.",
        LoopParams(
            initial=Law.real_text(30),
            temperature=0.7,
            sample_size=1_000,
            initial_size=1_000,
            generations=1_500,
            seed=3,
        ),
        clock="doublings",
    ),
    Scene(
        "Tiny-sample lottery",
        "T = 1, but only 20 new items replace the old each time: outcomes die out by luck alone"
        " (crosses), and for good.",
        _WORDS.replace(
            temperature=1.0, external_fraction=0.0, sample_size=20, regime="replace", seed=5
        ),
    ),
    Scene(
        "Replace against accumulate",
        "The same seed and settings at T = 1: where new data replace the old, luck takes all; where"
        " they pile up, it freezes.",
        _WORDS.replace(temperature=1.0, external_fraction=0.0, regime="replace"),
        kept=_WORDS.replace(temperature=1.0, external_fraction=0.0),
    ),
    Scene(
        "The well runs dry",
        "70 % external data hold a cold loop near its source, until they stop at generation 40.",
        _WORDS.replace(
            temperature=0.7,
            external_fraction=0.7,
            schedule=(Change(40, "external_fraction", 0.0),),
        ),
    ),
)

# What a visit without any settings sees first: words, and something that happens to them.
OPENING = next(scene for scene in SCENES if scene.name == "Cold collapse")


def place_of(settings: Settings, last: str | None) -> Scene | None:
    """Return the scene these settings are or, once it is ``last`` and only nudged, were.

    A turned dial or a new seed keeps the place in the sequence; another source or regime is the
    visitor's own.
    """
    before = next((scene for scene in SCENES if scene.name == last), None)
    found = scene_of(settings)
    if found is not None or before is None:
        return found
    same = ("initial", "reference", "regime")
    kept = all(getattr(settings.params, n) == getattr(before.params, n) for n in same)
    return before if kept else None


def scene_of(settings: Settings) -> Scene | None:
    """Return the scene these settings are, or None: the visitor's own."""
    here = (settings.params, settings.clock, settings.kept)
    return next((scene for scene, there in _as_settings().items() if there == here), None)


@cache
def _as_settings() -> dict[Scene, tuple[LoopParams, str, LoopParams | None]]:
    """Return what tells settings from those of another scene."""
    found = {scene: scene.settings(projector=False) for scene in SCENES}
    return {scene: (now.params, now.clock, now.kept) for scene, now in found.items()}
