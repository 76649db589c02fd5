"""The settings of a visitor: their link, undo, scenes."""
