"""Seeded rude input: links, uploads, settings files and command lines; see `tests.fuzz.cases`.

A thousand cases are part of the tests; ``python -m tests.fuzz 10000 --seed 3`` runs any number.
"""
