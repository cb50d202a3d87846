"""Values and gradients where there are arrays: the sweeps run on nodes, and NumPy evaluates what they make."""
