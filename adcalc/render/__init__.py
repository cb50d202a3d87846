"""Results drawn: one file for each format. Nothing here computes."""
