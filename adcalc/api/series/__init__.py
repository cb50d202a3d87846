"""Derivatives of any order at a point: Taylor series of balls."""
