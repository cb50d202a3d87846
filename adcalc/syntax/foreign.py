"""What other languages write, most of it about arrays, and how it is said here: methods, modules, functions, signs."""

import re
from collections.abc import Mapping
from typing import Final

from adcalc.errors import AdcalcSyntaxError, Place, Source

_BEFORE = re.compile(r"([^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*|[\])])\s*\Z")
_AFTER = re.compile(r"\.\s*([^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*)?\s*(\()?")
_LONGEST: Final = 200  # characters before a dot that are looked at
_MODULES: Final = frozenset(
    ["np", "numpy", "jnp", "jax", "torch", "math", "cmath", "scipy", "sp", "tf", "linalg", "nn", "F", "K", "sympy"]
)
_TRANSPOSES: Final = frozenset(["t", "transpose", "mT", "tr", "H", "h", "transposed", "tranpose", "Transpose"])
_METHODS: Final[Mapping[str, str]] = {
    "shape": "shape({0})",
    "size": "size({0})",
    "length": "shape({0})[0]",
    "ndim": "shape({0})",
    "I": "inv({0})",
    "reshape": "reshape({0}, 2, 3)",
    "dot": "{0}@…",
    "matmul": "{0}@…",
    "mm": "{0}@…",
    "mv": "{0}@…",
}
WORDS: Final[Mapping[str, str]] = {  # that look like calls
    "return": "the last expression of a program or of a body is its value",
    "print": "the last expression of a program is what is printed",
    "array": "a list is written [x^2, x*y]",
}
NAMES: Final[Mapping[str, str]] = {  # of functions
    "len": "shape(A)[0] is the length of an array, size(A) the number of its elements",
    "length": "shape(A)[0] is the length of an array, size(A) the number of its elements",
    "numel": "size(A) is the number of elements",
    "transpose": "the transpose is written A.T",
    "T": "the transpose is written A.T",
    "arange": "write the numbers: [0, 1, 2]",
    "range": "write the numbers: [0, 1, 2]",
    "linspace": "write the numbers: [0, 0.5, 1]",
    "identity": "the unit matrix is eye(3)",
    "inverse": "did you mean 'inv'?",
    "pinv": "inv(A.T@A)@A.T, where the columns are independent",
    "tr": "did you mean 'trace'?",
    "average": "did you mean 'mean'?",
    "numpy": "functions have no module before them: sum(A)",
    "concatenate": "did you mean 'concat'?",
    "hstack": "concat(A, B, axis=1) puts arrays side by side",
    "vstack": "concat(A, B) puts arrays below each other",
    "cat": "did you mean 'concat'?",
    "mm": "the matrix product is written A@B",
    "bmm": "the matrix product is written A@B",
    "multiply": "element by element is written A*B",
    "inner": "the product of two vectors is written a@b",
    "matrix": "a matrix is a list of rows: [[1, 2], [3, 4]]",
    "vector": "a vector is written [1, 2]",
    "argmax": "it is no number that has a derivative; max(A) has one",
    "argmin": "it is no number that has a derivative; min(A) has one",
    "maximum": "did you mean 'max'?",
    "minimum": "did you mean 'min'?",
    "power": "a power is written A^B",
    "square": "a square is written A^2",
    "full": "a number stands for an array of any shape: 3*ones(2, 3)",
}
KEYWORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("axes", "dim", "dims", "ax", "along", "axs", "dimension"), "axis"),
    **dict.fromkeys(("keepdim", "keep_dims", "keepdim_", "keep"), "keepdims"),
}
VARIABLES: Final[Mapping[str, str]] = {
    "true": "write 1",
    "True": "write 1",
    "false": "write 0",
    "False": "write 0",
    "end": "indices count from 0, and from the end as A[-1]; a slice to the end is A[1:]",
    "None": "leave it out; reshape(A, 3, 1) adds an axis",
    "newaxis": "reshape(A, 3, 1) adds an axis",
}


def dotted(source: Source, position: int) -> AdcalcSyntaxError | None:
    """The error of a dot that other languages write and this one does not, where it is one of theirs.

    >>> dotted(Source("A.t"), 1).hint
    'the transpose is written A.T'
    >>> dotted(Source("np.dot(A, B)"), 2).hint
    'write dot(…)'
    >>> dotted(Source("A .* B"), 2).hint
    "'*' works element by element, '@' is the matrix product"
    """
    text = source.text
    for sign in "*/^\\":
        if text.startswith(sign, position + 1):
            place = Place(source, position, position + 2)
            also = ", '@' is the matrix product" if sign == "*" else ""
            return AdcalcSyntaxError(f"'.{sign}' is not an operator", place, f"'{sign}' works element by element{also}")
    before = _BEFORE.search(text, max(0, position - _LONGEST), position)
    after = _AFTER.match(text, position)
    if before is None or after is None or not after[1]:
        return None
    left = re.sub(r"\s", "", before[1])
    names = re.sub(r"\s", "", after[1]).split(".")
    begin, end = before.start(1), after.end(1)
    if left.split(".")[0] in _MODULES:
        written = f"{names[-1]}(…)" if after[2] else names[-1]
        hint = "a list is an array: [1, 2]" if names[-1] in ("array", "asarray", "tensor") else f"write {written}"
        return AdcalcSyntaxError("functions have no module before them", Place(source, begin, end), hint)
    held = left if left not in ")]" else "A"
    name, place = names[0], Place(source, position, position + len(after[0].rstrip(" (")))
    if name == "T":
        return AdcalcSyntaxError("'.T' is one word", place, f"write {held}.T")
    if name in _TRANSPOSES:
        return AdcalcSyntaxError(f"there is no '.{name}'", place, f"the transpose is written {held}.T")
    alone = not after[2] or text[after.end() :].lstrip().startswith(")")
    hint = _METHODS.get(name, "{1}({0})" if alone else "{1}({0}, …)").format(held, name)
    return AdcalcSyntaxError("arrays have no methods", place, f"write {hint}")
