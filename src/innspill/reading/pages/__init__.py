"""PDF pages and office documents -> words, rows, printed line numbers, tables, structure."""
