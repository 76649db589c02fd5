"""Settings of a loop, and how they are read from what people type, paste and upload."""
