"""Closed-loop learning, exactly: what becomes of a model that is trained on its own output.

A tour in reading order:

1. `laws`: the distributions a loop starts from, named or from data
2. `limits`, `schedule`, `params`: `LoopParams`, the one description of a run, with all bounds,
   interventions and help texts
3. `measures`: entropy, effective numbers, distances
4. `dynamics`: the equation
5. `simulate`: one run, generation by generation; `stages`: one generation, stage by stage
6. `draws`, `books`, `blocks`, `ensemble`: many runs at once; `grid`: many settings at once
7. `curve`: the curve of fixed points, from one scalar equation
8. `equilibria`: where the infinite-sample loop ends
9. `thresholds`, `least`, `branches`, `stability`: every stable state, thresholds, eigenvalues and
   the free energy
10. `interpolation`, `phases`: the phase diagram
11. `agreement`: simulated x, theory y; `evidence`: the same for many runs, with errors
12. `lifetime`, `sweep`: how long luck takes, and grids of ensembles
13. `theory`, `chances`: closed forms, used as dashed lines and as test oracles

Pure NumPy; arrays are float64 with the outcome axis last; entropies are in nats.
"""

from closedloop_core._version import __version__
from closedloop_core.agreement import Agreement, agreements
from closedloop_core.dynamics import apply_temperature, mean_field_step, mean_field_steps
from closedloop_core.ensemble import Ensemble, simulate_ensemble
from closedloop_core.equilibria import (
    equilibrium,
    minimum_external_fraction,
    settled_state,
    tolerance_contour,
)
from closedloop_core.evidence import Evidence, evidence
from closedloop_core.grid import simulate_grid
from closedloop_core.laws import Law
from closedloop_core.lifetime import mean_lifetime
from closedloop_core.measures import (
    hill_number,
    kl_divergence,
    renyi_entropy,
    shannon_entropy,
    support_size,
    total_variation,
)
from closedloop_core.params import LoopParams
from closedloop_core.phases import (
    BoundaryLines,
    PhaseDiagram,
    boundary_lines,
    class_of,
    classify,
    entropy_shift,
    phase_diagram,
)
from closedloop_core.schedule import Change
from closedloop_core.simulate import Trajectory, simulate, sweep_external
from closedloop_core.stability import (
    bifurcation_branches,
    collapse_threshold,
    count_stable_states,
    fixed_points,
    free_energy,
    leading_eigenvalue,
    stable_states,
)
from closedloop_core.stages import Stages, stages
from closedloop_core.theory import uniform_thresholds

__all__ = [
    "Agreement",
    "agreements",
    "BoundaryLines",
    "Change",
    "Ensemble",
    "Evidence",
    "Law",
    "LoopParams",
    "PhaseDiagram",
    "Stages",
    "Trajectory",
    "__version__",
    "apply_temperature",
    "bifurcation_branches",
    "boundary_lines",
    "class_of",
    "classify",
    "collapse_threshold",
    "count_stable_states",
    "entropy_shift",
    "equilibrium",
    "evidence",
    "fixed_points",
    "free_energy",
    "hill_number",
    "kl_divergence",
    "leading_eigenvalue",
    "mean_field_step",
    "mean_field_steps",
    "mean_lifetime",
    "minimum_external_fraction",
    "phase_diagram",
    "renyi_entropy",
    "settled_state",
    "shannon_entropy",
    "simulate",
    "simulate_ensemble",
    "simulate_grid",
    "stable_states",
    "stages",
    "support_size",
    "sweep_external",
    "tolerance_contour",
    "total_variation",
    "uniform_thresholds",
]
