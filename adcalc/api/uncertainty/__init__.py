"""Inputs that are not one number: intervals, whose answers are enclosed, and error bars."""
