"""What a run is: limits, laws, interventions, and `LoopParams`, the one description of a run."""
