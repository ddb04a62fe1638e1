"""Language: the only rooms that load language models."""
