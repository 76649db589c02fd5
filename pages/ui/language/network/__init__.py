"""The real network on the page "Language": recorded measurements, and checkpoints sampled live."""
