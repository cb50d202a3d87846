"""Sweeps over balls, boxes and fractions: values, slopes and series of which every digit is proved."""
