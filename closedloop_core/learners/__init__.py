"""Real generative models in the same loop: each learns a dataset, writes, and learns from that.

`source` holds what a language model starts from and `protocol` the loop; a new learner is one file.
"""
