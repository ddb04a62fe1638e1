"""Writing: one output format each."""
