"""Plotly figures of the page Images, as plain data: hovering, zooming, traces on and off. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from closedloop_core.learners.gaussian import (
    GaussianParams,
    gaussian_ensemble,
    gaussian_expectations,
    log_variance_drift,
)
from closedloop_core.learners.two_modes import LOST, two_modes
from closedloop_core.measures import Array
from pages.ui.images.run import ImageRun
from pages.ui.widgets.plots import Figure, Look, laid_out, line
from pages.ui.wording import count, percent

RUNS = 1_000
MODE_RUNS = 200
SAMPLES = 50  # that a Gaussian learns from
GENERATIONS = 30
_DASHES = ("solid", "dash", "dot")


@dataclass(frozen=True)
class GaussianDigest:
    """What the Gaussian chapter draws: many loops of one Gaussian, and of two modes.

    Attributes
    ----------
    params : GaussianParams
    means, variances : (generations + 1, runs) float
    expected : (generations + 1,) float, E variance, exactly
    lost : (generations + 1,) float, share of the loops of two modes that have lost one
    """

    params: GaussianParams
    means: Array
    variances: Array
    expected: Array
    lost: Array

    @classmethod
    def of(cls, temperature: float, external_fraction: float, seed: int) -> "GaussianDigest":
        """Run the ensembles of a setting."""
        params = GaussianParams(
            temperature, external_fraction, SAMPLES, generations=GENERATIONS, seed=seed
        )
        means, variances = gaussian_ensemble(params, RUNS)
        expected, _ = gaussian_expectations(params)
        return cls(params, means, variances, expected, two_modes(params, MODE_RUNS).lost())

    @property
    def median(self) -> Array:
        """The median variance, (generations + 1,)."""
        return np.asarray(np.median(self.variances, axis=1))

    @property
    def decay(self) -> Array | None:
        """What the drift of ln variance alone makes of the first variance; None with external."""
        if self.params.external_fraction > 0:
            return None
        drift = log_variance_drift(self.params.sample_size, self.params.temperature)
        return np.asarray(np.exp(drift * np.arange(len(self.expected))))


def bells(digest: GaussianDigest, look: Look) -> Figure:
    """Return the densities of the run whose last variance is the median one."""
    last = digest.variances[-1]
    run = int(np.argsort(last)[len(last) // 2])
    shown = [0, 5, 10, 20, GENERATIONS]
    wide = 4 * float(np.sqrt(np.clip(digest.variances[shown, run].max(), 0.01, 25)))
    x = np.linspace(-wide, wide, 161)
    traces = []
    for step, t in enumerate(shown):
        mean, variance = float(digest.means[t, run]), float(max(digest.variances[t, run], 1e-6))
        density = np.exp(-0.5 * (x - mean) ** 2 / variance) / np.sqrt(2 * np.pi * variance)
        colour = look.ink() if t == 0 else look.hue(digest.params.temperature)
        style: dict[str, Any] = {"dash": "dash"} if t == 0 else {"opacity": 0.25 + 0.18 * step}
        traces.append(line(x, density, "source" if t == 0 else f"generation {t}", colour, **style))
    figure = laid_out(traces, look, {"title": {"text": "density"}, "rangemode": "tozero"})
    figure["layout"]["xaxis"]["title"] = {"text": "value"}
    return figure


def variances(digest: GaussianDigest, look: Look) -> Figure:
    """Return the fan of variances on a log axis, the exact mean, and the median's decay."""
    t = np.arange(GENERATIONS + 1)
    low, high = np.quantile(digest.variances, [0.1, 0.9], axis=1)
    colour = look.hue(digest.params.temperature)
    band: dict[str, Any] = {"width": 0, "showlegend": False, "hoverinfo": "skip"}
    traces = [
        line(t, high, "90 %", colour, **band),
        line(t, low, "8 of 10 runs", colour, **band, fill="tonexty", opacity=0.35),
        line(t, digest.median, "median run", colour),
        line(t, digest.variances.mean(axis=1), "mean of the runs", look.ink("muted"), width=2),
        line(t, digest.expected, "mean, exactly", look.ink(), dash="dash", width=2),
    ]
    if digest.decay is not None:
        name = "median, from ln σ²'s drift"
        traces.append(line(t, digest.decay, name, look.ink(), dash="dot", width=2))
    floor = float(max(low.min(), 1e-12))
    top = float(min(max(high.max(), np.nanmax(digest.expected)), 1e12))
    up = {
        "type": "log",
        "title": {"text": "variance σ²"},
        "range": [np.log10(floor) - 0.2, np.log10(top) + 0.2],
        "tickformat": "~g",
        "nticks": 6,
    }
    return laid_out(traces, look, up)


def modes(digest: GaussianDigest, look: Look) -> Figure:
    """Return the share of loops of two modes that have lost one."""
    colour = look.hue(digest.params.temperature)
    t = np.arange(GENERATIONS + 1)
    traces = [line(t, digest.lost, "have lost a mode", colour)]
    up = {
        "title": {"text": f"share of {MODE_RUNS} loops"},
        "range": [-0.03, 1.03],
        "tickformat": ".0%",
    }
    return laid_out(traces, look, up, showlegend=False)


def gaussian_words(digest: GaussianDigest) -> list[str]:
    """Return what the three figures say: the run, the fan, the modes."""
    p = digest.params
    median, mean = float(digest.median[-1]), float(digest.expected[-1])
    exact = f"after {GENERATIONS} generations the mean variance is exactly {mean:.3g}"
    fan = f"{exact}, the median of {count(RUNS)} loops {median:.3g}."
    if p.external_fraction == 0:
        drift = log_variance_drift(p.sample_size, p.temperature)
        signed = f"{drift:+.4f}".replace("-", "−")
        fan += f" Without external data ln σ² drifts by {signed} a generation (exact)."
    return [
        "The loop whose last variance is the median one, at five generations.",
        fan[0].upper() + fan[1:],
        f"Two modes, four standard deviations apart: {percent(float(digest.lost[-1]))} of"
        f" {MODE_RUNS} loops have lost one (weight below {percent(LOST)}; simulated).",
    ]


def many_settings(runs: Sequence[ImageRun], look: Look, which: str) -> Figure:
    """Return one measure of several runs: ``effective`` or ``distance``.

    Colour is the temperature, the line's kind the external share; a click on a name hides a line.
    """
    shares = sorted({run.loop.external_fraction for run in runs})
    traces = []
    for run in runs:
        values: Array = run.effective if which == "effective" else run.distance
        loop = run.loop
        dash = _DASHES[shares.index(loop.external_fraction) % len(_DASHES)]
        name = f"T = {loop.temperature:.3g}, {percent(loop.external_fraction)}"
        t = np.arange(len(values))
        traces.append(line(t, values, name, look.hue(loop.temperature), dash=dash))
    titles = {"effective": "digits they act like", "distance": "distance to the real digits"}
    return laid_out(traces, look, {"title": {"text": titles[which]}, "rangemode": "tozero"})
