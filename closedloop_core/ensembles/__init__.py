"""Many runs at once and many settings at once, on threads, processes or a cluster."""
