"""Formulas made short: a canonical form, the identities that apply to it, and the way back to a graph."""
