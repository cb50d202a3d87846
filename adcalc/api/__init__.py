"""What can be asked: one method of `Function` for each question, the same for the command line and for Python."""

from adcalc.api.function import Function, function
from adcalc.api.point import Number, Point

__all__ = ["Function", "Number", "Point", "function"]
