"""Jacobians and Hessians, and products with them that never make the matrix."""
