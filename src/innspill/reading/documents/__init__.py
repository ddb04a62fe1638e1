"""Attached documents -> text, forms, notes in the margin, tracked changes."""
