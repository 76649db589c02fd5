"""The page Images: digits that fade; below, the Gaussian that is solved by hand. Pure."""
