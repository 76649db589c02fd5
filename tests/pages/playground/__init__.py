"""The playground: runs, comparisons, changes, one generation, what is taken along."""
