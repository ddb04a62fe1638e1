"""Reading: files in, records out. Nothing here knows of themes, needs or digests."""
