"""The statements of the Theory page, and that their checks can fail."""
