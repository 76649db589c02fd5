"""Closed-loop learning, exactly: what becomes of a model that is trained on its own output.

A tour in reading order:

1. `checks`: what is said of a bad argument; `measures`: entropy, effective numbers, distances
2. `settings`: what a run is. `limits` and `laws`, `schedule` (interventions), and `params` with
   `LoopParams`, the one description of a run
3. `loop`: the run itself. `dynamics` is the equation, `regimes` what a batch does to a dataset,
   `draws` the random counts, `simulate` one run, `stages` one generation taken apart, `hysteresis`
   the external share lowered and raised again
4. `closed_forms`: `drift`, `urn`, `even`, `noise`, and `published` bounds
5. `exact`: where the infinite-sample loop ends, solved. `groups`, `searches`, `crest` and `curve`
   solve the one equation, and `above` all that it says above T = 1. Below, `sums` and `thresholds`
   are the branches of the winners and where they end, `crossings` the state that starts at the
   source, `standing` and `interior` every other one, `resting` and `flow` where F goes from
   anywhere. `settled` says where the loop ends, `branches` draws and `stability` lists where it can
   rest. `least` is how much external data is enough to stay, `cure` to come back, `classes` the
   name of a state, `phases` the diagram (fast through `windows` and `interpolation`), `summary` all
   that is said of one setting; `landscape`, `basins`, `wells` and `cuts` are its pictures,
   `lifetime` how long luck takes
6. `ensembles`: many runs (`blocks`, `ensemble`), many settings (`grid`), plans of both (`plan`)
7. `learners`: real generative models in the same loop. `source` and `tokens` are what a language
   model starts from, `table` its dataset; `levels`, `smoothing`, `tempering` and `truncation` are
   what it believes and says, `layout`, `sampler`, `writing` and `texts` how it writes, `model` all
   of it. `params` and `protocol` run the loop, `ngram_learner` and `text_measures` are the language
   model in it, `learner_map` runs many settings. `mean_field`, `stationary`, `settled_text`,
   `settled_rows` and `told` are its exact theory. `gaussian`, `gaussian_learner`, `two_modes` are
   the learners that a hand can solve; `digits`, `products`, `mixture`, `judge` and `image_learner`
   those of images; `network` and `record` a real network that was recorded
8. `comparisons`: simulated x, theory y

Pure NumPy; arrays are float64 with the outcome axis last; entropies are in nats. A docstring gives
shapes as (n,) or (..., n), where ... stands for any leading axes. Its *source* says where a result
comes from: a paper, the textbooks ("classical"), or "ours", derived for this project, and whether
it is proved (with the section of docs/theory.md that has the proof), checked numerically, or a
conjecture. A module's docstring ends with the next one to read.
"""

from closedloop_core._version import __version__
from closedloop_core.closed_forms.even import uniform_thresholds
from closedloop_core.comparisons import Agreement, Comparison, Evidence, agreements, evidence
from closedloop_core.ensembles.ensemble import Ensemble, simulate_ensemble
from closedloop_core.ensembles.grid import simulate_grid
from closedloop_core.exact.classes import class_of, classify, entropy_shift
from closedloop_core.exact.cure import return_external_fraction
from closedloop_core.exact.least import minimum_external_fraction, tolerance_contour
from closedloop_core.exact.lifetime import mean_lifetime
from closedloop_core.exact.phases import BoundaryLines, PhaseDiagram, boundary_lines, phase_diagram
from closedloop_core.exact.settled import equilibrium, settled_state
from closedloop_core.exact.stability import (
    bifurcation_branches,
    count_stable_states,
    fixed_points,
    free_energy,
    leading_eigenvalue,
    stable_states,
)
from closedloop_core.exact.thresholds import collapse_threshold
from closedloop_core.learners.gaussian import (
    GaussianParams,
    gaussian_ensemble,
    gaussian_expectations,
)
from closedloop_core.learners.image_learner import ImageParams
from closedloop_core.learners.learner_map import LearnerMap, map_learner
from closedloop_core.learners.mean_field import ngram_mean_field
from closedloop_core.learners.model import NGramModel, fit_ngrams
from closedloop_core.learners.params import LearnerParams
from closedloop_core.learners.protocol import Generation, run_learner
from closedloop_core.learners.settled_text import effective_external, settled_ngrams
from closedloop_core.learners.source import NGrams
from closedloop_core.learners.told import ToldPhrase, told_phrase
from closedloop_core.loop.dynamics import apply_temperature, mean_field_step, mean_field_steps
from closedloop_core.loop.hysteresis import sweep_external
from closedloop_core.loop.simulate import Trajectory, simulate
from closedloop_core.loop.stages import Stages, stages
from closedloop_core.measures import (
    hill_number,
    kl_divergence,
    renyi_entropy,
    shannon_entropy,
    support_size,
    total_variation,
)
from closedloop_core.settings.laws import Law
from closedloop_core.settings.params import LoopParams
from closedloop_core.settings.schedule import Change

__all__ = [
    "Agreement",
    "agreements",
    "BoundaryLines",
    "Change",
    "Comparison",
    "Ensemble",
    "Evidence",
    "GaussianParams",
    "Generation",
    "ImageParams",
    "Law",
    "LearnerMap",
    "LearnerParams",
    "LoopParams",
    "NGramModel",
    "NGrams",
    "PhaseDiagram",
    "Stages",
    "ToldPhrase",
    "Trajectory",
    "__version__",
    "apply_temperature",
    "bifurcation_branches",
    "boundary_lines",
    "class_of",
    "classify",
    "collapse_threshold",
    "count_stable_states",
    "effective_external",
    "entropy_shift",
    "equilibrium",
    "evidence",
    "fit_ngrams",
    "fixed_points",
    "free_energy",
    "gaussian_ensemble",
    "gaussian_expectations",
    "hill_number",
    "kl_divergence",
    "leading_eigenvalue",
    "map_learner",
    "mean_field_step",
    "mean_field_steps",
    "mean_lifetime",
    "minimum_external_fraction",
    "ngram_mean_field",
    "phase_diagram",
    "renyi_entropy",
    "return_external_fraction",
    "run_learner",
    "settled_ngrams",
    "settled_state",
    "shannon_entropy",
    "simulate",
    "simulate_ensemble",
    "simulate_grid",
    "stable_states",
    "stages",
    "support_size",
    "sweep_external",
    "told_phrase",
    "tolerance_contour",
    "total_variation",
    "uniform_thresholds",
]
