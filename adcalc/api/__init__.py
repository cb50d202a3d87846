"""What can be asked: one method of `Function` for each question, the same for the command line and for Python."""

from adcalc.api.function import Function, Number, Point, function

__all__ = ["Function", "Number", "Point", "function"]
