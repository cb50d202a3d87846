"""Derivatives as formulas, and how one comes to them."""
