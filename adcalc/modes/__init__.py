"""The modes of differentiation: each is one sweep over the list of nodes, in whatever arithmetic."""

MODES = ("forward", "reverse", "symbolic", "finite")
CONVENTIONS = ("right", "left", "zero", "mean")  # at kinks
