"""Many runs at once, many settings at once, and who computes them."""
