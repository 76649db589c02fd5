"""The guided tour: tasks that tick themselves off when the thing is done.

Each task is a rule on what is on screen and on what was there before; the next one shown is the
first that is not done.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from closedloop_core import LoopParams
from pages.ui.session.settings import Settings


@dataclass(frozen=True)
class Seen:
    """What is on screen: page, settings and the classes they settle in; what was there before.

    ``kept_phase`` is the class of run A where two are compared, else empty; ``has_played`` says
    that the playhead has gone from before the end to the end.
    """

    page: str
    now: Settings
    phase: str
    kept_phase: str = ""
    before: Settings | None = None
    page_before: str = ""
    has_played: bool = False

    @property
    def params(self) -> LoopParams:
        """The run's settings."""
        return self.now.params


@dataclass(frozen=True)
class Task:
    """One task: what to do, two hints, the page it is for, and whether it is done."""

    title: str
    text: str
    hints: tuple[str, str]
    page: str
    done: Callable[[Seen], bool]


def _has_other_luck(seen: Seen) -> bool:
    if seen.before is None or seen.before.params.seed == seen.params.seed:
        return False
    return seen.before.params.replace(seed=seen.params.seed) == seen.params


def _moved_on_map(seen: Seen) -> bool:
    if seen.before is None or not seen.page == seen.page_before == "Phase diagram":
        return False
    old, new = seen.before.params, seen.params
    return (old.temperature, old.external_fraction) != (new.temperature, new.external_fraction)


def _history_decides(seen: Seen) -> bool:
    kept = seen.now.kept
    if kept is None or kept.replace(initial=seen.params.initial) != seen.params:
        return False
    return (seen.phase == "faithful") != (seen.kept_phase == "faithful")


TASKS: tuple[Task, ...] = (
    Task(
        "Watch a run",
        "Let the run go from its start to its end.",
        (
            "The black button below the curves plays; Space does too.",
            "Or drag the playhead along the curves: first to the left end, then to the right.",
        ),
        "Playground",
        lambda seen: seen.has_played,
    ),
    Task(
        "Make it collapse",
        "Set the dials so that the verdict says it settles collapsed.",
        (
            "Temperature below 1 makes the likely likelier.",
            "Turn Temperature to 0.6 and leave External data at 0 %.",
        ),
        "Playground",
        lambda seen: seen.phase == "collapse",
    ),
    Task(
        "Make it forget",
        "Now the other side: heat death.",
        ("Temperature above 1 wears differences down.", "Turn Temperature to 2."),
        "Playground",
        lambda seen: seen.phase == "heat death",
    ),
    Task(
        "Rescue it",
        "At a temperature of 0.8 or less, find enough external data to settle faithful.",
        (
            "The track of External data is green where it is enough.",
            "Temperature 0.7, then External data to 64 % or more.",
        ),
        "Playground",
        lambda seen: seen.params.temperature <= 0.8 and seen.phase == "faithful",
    ),
    Task(
        "Switch luck off",
        "See the same loop with infinite samples.",
        ("There is a switch below the dials.", "It is called No sampling noise."),
        "Playground",
        lambda seen: not seen.params.noise,
    ),
    Task(
        "Other luck",
        "The same settings with another seed, and nothing else changed.",
        ("The seed stands below the dials.", "Press the die beside it."),
        "Playground",
        _has_other_luck,
    ),
    Task(
        "Two runs side by side",
        "Keep this run as A, then turn a dial so that B is another.",
        ("Compare A | B is below the small map.", "Press Keep this run as A, then turn any dial."),
        "Playground",
        lambda seen: seen.now.kept is not None and seen.now.kept != seen.params,
    ),
    Task(
        "Step in",
        "Change a setting while the run is under way.",
        (
            "Put the playhead somewhere in the middle of the run.",
            "Below the curves press change, and choose what changes from there on.",
        ),
        "Playground",
        lambda seen: bool(seen.params.schedule),
    ),
    Task(
        "Find yourself on the map",
        "On the page Phase diagram, move the point to another temperature.",
        ("The pages are in the header.", "Press anywhere on the map."),
        "Phase diagram",
        _moved_on_map,
    ),
    Task(
        "Hysteresis",
        "Two runs with the same temperature and the same external data: one settles faithful, the"
        " other does not.",
        (
            "They must start differently. An even source at T = 0.5 has two stable answers between"
            " 50 % and 62.5 %.",
            "The scene Too late to rescue is such a pair: choose it from the list of scenes.",
        ),
        "Playground",
        _history_decides,
    ),
)


def done_by(seen: Seen, done: frozenset[int]) -> frozenset[int]:
    """Return the tasks done, by their places in `TASKS`: those of before, and those of now."""
    return done | {at for at, task in enumerate(TASKS) if task.done(seen)}


def without_view(now: Settings) -> Settings:
    """Return what a task looks at, so that a new step or a projector alone changes nothing."""
    return replace(now, projector=False, lesson="", step=1)
