"""Closed forms: dashed lines on screen and oracles in tests. Nothing here simulates."""
