"""Graphs made ready to be run again and again: steps over arrays, and functions written out."""
