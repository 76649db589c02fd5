"""Where the infinite-sample loop ends, solved instead of simulated (ours)."""
