"""A neural language model that is really retrained: the recorder, and its own test.

``python -m tests.neural record NOVEL FOLDER`` needs PyTorch (the extra ``neural``); nothing else of
the project does. Next: `loop`, the experiment.
"""
