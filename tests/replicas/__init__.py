"""Two replicas behind nginx, on loopback: ``python -m tests.replicas``; nginx must be installed."""
