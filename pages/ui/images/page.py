"""The parts of the page Images, from the settings of the visitor."""

import dataclasses
import json

import streamlit as st

from closedloop_core import LoopParams
from closedloop_core.learners.digits import CREDIT
from closedloop_core.learners.judge import judge_quality
from pages.ui.canvas import components, pack
from pages.ui.exports import table_csv
from pages.ui.frame import CITATION, drawer
from pages.ui.images.cached import image_run, shown_images
from pages.ui.images.run import Theory, image_loop, images_table
from pages.ui.images.words import (
    ABOUT,
    LUCK,
    image_verdict,
    loop_words,
    parting,
    quality_words,
    spoken,
)
from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.settled.cached import limit_of
from pages.ui.widgets.dials import dial_box, seed_row
from pages.ui.widgets.offline import standalone_page
from pages.ui.widgets.save import save_button


def title(loop: LoopParams, now: Settings) -> None:
    """Draw the three clauses; the first follows the sheets."""
    ends = limit_of(loop, now.tolerance)
    data = pack.pack(image_verdict(loop, ends, now.mode), {})
    components.verdict(key="images_verdict", data=data)


def hand(loop: LoopParams, now: Settings) -> None:
    """Draw the dials: they are the playground's, shown as this page uses them."""
    dial_box(dataclasses.replace(now, params=loop, kept=None))


def foot(loop: LoopParams, now: Settings) -> None:
    """Draw the seed, and what can be taken along."""
    seed_row(now)
    take_away(loop, now)


def sheets(loop: LoopParams, now: Settings) -> None:
    """Draw the sheets of images and what is measured of them."""
    run, name = shown_images(loop, now.tolerance)
    components.send_ahead(run, "images_run")
    components.sheets(key="sheets", data=pack.pack({"mode": now.mode, "payload": name}, {}))


def told(loop: LoopParams, now: Settings) -> None:
    """Say what model, data and classifier are."""
    st.markdown(parting(image_run(loop), Theory.of(loop)))
    st.caption(f"{loop_words(loop)} {ABOUT} {LUCK if not now.params.noise else ''}")
    st.caption(f"{quality_words(judge_quality())} Digits: {CREDIT}.")


def take_away(loop: LoopParams, now: Settings) -> None:
    """Draw what can be taken along."""
    box = drawer("Take away: link, data, offline page", "images_take_away", width="stretch")
    if not box.open:
        return
    # Now: when a button is pressed, there is no session to ask.
    link, shown = settings.address(now), shown_images(loop, now.tolerance)[0]
    said = spoken(loop, limit_of(loop, now.tolerance))
    with box:
        st.markdown("**Link to this view**")
        st.code(link, language=None, wrap_lines=True)
        st.caption("A picture: “Save picture” above the sheet.")
        save_button(
            "Offline page (HTML)",
            lambda: standalone_page(
                shown,
                "Closed loop: images",
                "\n".join([said, f"Digits: {CREDIT}.", link, f"Model: {CITATION}."]),
                "sheets",
            ),
            "closed-loop-images.html",
            "images_html",
            "One file that plays this run without a server, from a mail attachment.",
        )
        save_button(
            "Run as CSV",
            lambda: table_csv(images_table(image_run(loop), Theory.of(loop))),
            "closed-loop-images.csv",
            "images_csv",
            "One line a generation: digits, theory, distance.",
        )
        save_button(
            "Settings as JSON",
            lambda: json.dumps(loop.to_dict(), indent=1),
            "closed-loop-images.json",
            "images_json",
            "A LoopParams over ten outcomes, for `ImageParams`.",
        )


def loop_of(now: Settings) -> LoopParams:
    """Return the loop of images that the settings at rest describe."""
    return image_loop(now.params)
