"""A function of one variable over a range."""
