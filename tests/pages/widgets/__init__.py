"""What every page has: dials, source, verdict."""
