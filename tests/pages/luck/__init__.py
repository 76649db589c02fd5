"""The Luck page, chapter by chapter."""
