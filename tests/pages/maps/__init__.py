"""The phase diagram."""
