"""The surface of three outcomes: its heights are the core's, its triangles tile the triangle."""

import numpy as np
import pytest

from closedloop_core import Law, free_energy
from closedloop_core.exact.landscape import Landscape, lattice_points, moved_inside
from pages.ui.geometry.surface import _RIM, CELLS, surface_figure, surface_words
from tests.pages.visit import open_page

SETTINGS = [(0.5, 0.1), (0.5, 0.0), (1.0, 0.0), (2.0, 0.3), (0.8, 1.0)]


@pytest.mark.parametrize(("temperature", "share"), SETTINGS)
def test_the_surface_is_the_potential_cut_off_at_the_rim(temperature: float, share: float) -> None:
    law = Law.zipf(3)
    landscape = Landscape(law, temperature, share, 0.1)
    mesh = surface_figure(landscape, ((0.2, 0.7, 0.1),), "light", False).data[0]
    p = moved_inside(lattice_points(CELLS)[0], _RIM)
    expected = -free_energy(p, law, temperature, share)
    assert np.all(mesh.z <= expected + 1e-12)
    uncut = mesh.z < mesh.z.max()
    np.testing.assert_allclose(mesh.z[uncut], expected[uncut], rtol=1e-12)
    assert uncut.mean() > 0.45 or np.ptp(expected) < 1e-9


def test_the_small_triangles_tile_the_large_one() -> None:
    landscape = Landscape(Law.zipf(3), 1.0, 0.0, 0.1)  # flat: nothing is cut off
    mesh = surface_figure(landscape, (), "dark", True).data[0]
    assert len(mesh.i) == CELLS**2
    corners = np.array([mesh.x, mesh.y]).T[np.array([mesh.i, mesh.j, mesh.k])]
    first, second = corners[1] - corners[0], corners[2] - corners[0]
    areas = 0.5 * np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])
    assert areas.sum() == pytest.approx(np.sqrt(3) / 4)
    np.testing.assert_allclose(areas, areas[0], rtol=1e-9)


def test_the_path_from_the_source_goes_down() -> None:
    landscape = Landscape(Law.zipf(3), 0.5, 0.1, 0.1)
    path = surface_figure(landscape, (), "light", False).data[1]
    assert path.name == "from the source"
    assert np.all(np.diff(path.z) <= 1e-9)


def test_labels_are_text_not_markup() -> None:
    law = Law.from_weights([3, 2, 1], ["<b>x</b>", "%{y}", "z"])
    drawn = surface_figure(Landscape(law, 0.5, 0.1, 0.1), (), "light", False).to_json()
    assert "<b>x" not in drawn and "%{y}" not in drawn
    assert "2 valleys" not in surface_words(Landscape(Law.zipf(3), 2.0, 0.1, 0.1))


def test_the_fold_is_empty_until_it_is_opened() -> None:
    at = open_page("pages/2_Geometry.py")
    assert "fold_surface" in str(at.session_state)
    assert not [e for e in at.main if e.type == "plotly_chart"]
