"""What the numbers of a sweep are: floats, complex floats, certified balls, or nodes of a graph."""
