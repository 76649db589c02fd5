"""The fold that says what this model leaves out."""

from pages.ui.frame import fold


def leaves_out_fold() -> None:
    """Fold: what this model leaves out."""
    box = fold("What this model leaves out", "fold_leaves_out")
    if box.open:
        box.markdown(
            "- **Outcomes are not tokens.** A language model has contexts; here one distribution"
            " stands for the whole model.\n"
            "- **Learning is perfect.** The model knows the frequencies of its data exactly; real"
            " ones generalise and err.\n"
            "- **One model, no ecosystem.** No filtering by people, no other models, no ranking of"
            " what is published.\n"
            "- **External data stay the same.** Their law does not change while the loop runs."
        )
