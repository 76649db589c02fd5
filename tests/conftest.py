"""Drawn examples are the same in every run, so that a change alone decides whether it is green.

``HYPOTHESIS_PROFILE=explore python -m pytest`` draws new ones.
"""

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
