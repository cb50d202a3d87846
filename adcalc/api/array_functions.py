"""The part of the function table that is about arrays, in words: what depends on shapes has no row in the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from adcalc.graph.shape import inferred
from adcalc.results import FunctionRow

if TYPE_CHECKING:
    from adcalc.rules.entry import Entry
    from adcalc.rules.rule import Rule

_ALONG: Final = ", axis=…, keepdims=…"
_MATRIX: Final = "A=[[2, 1], [1, 3]]"
_CLAUSE = re.compile(r"\s+(?=(?:on|smooth|kink|jump)\s)")
_HELPERS = re.compile(r"\b(last_axis|one_hot)\((\w+)[^()]*\)")
_RESULT = re.compile(r"\bv\b")
_EXAMPLES: Final = {  # a command, an expression, a point
    "matmul": ("grad", "sum((A@x)^2)", f"{_MATRIX}, x=[1, 2]"),
    "dot": ("grad", "dot(x, y)", "x=[1, 2], y=[3, 4]"),
    "outer": ("eval", "outer(x, y)", "x=[1, 2], y=[3, 4]"),
    "trace": ("grad", "trace(A@A)", _MATRIX),
    "det": ("grad", "det(A)", _MATRIX),
    "logdet": ("grad", "logdet(A)", _MATRIX),
    "inv": ("grad", "sum(inv(A))", _MATRIX),
    "adjugate": ("eval", "adjugate(A)", _MATRIX),
    "solve": ("grad", "sum(solve(A, b))", f"{_MATRIX}, b=[1, 2]"),
    "cholesky": ("eval", "cholesky(A)", _MATRIX),
    "mean": ("grad", "mean(A^2)", _MATRIX),
    "var": ("grad", "sum(var(A, axis=0))", _MATRIX),
    "std": ("grad", "std(x)", "x=[1, 2, 6]"),
    "softmax": ("eval", "softmax(x)", "x=[1, 2, 3]"),
    "log_softmax": ("grad", "log_softmax(x)[0]", "x=[1, 2, 3]"),
    "linear": ("eval", "linear(X, W, B)", "X=[[1, 2], [3, 4]], W=[[1], [2]], B=[1]"),
    "mse": ("grad", "mse(y, target)", "y=[1, 2], target=[1, 3]"),
    "cross_entropy": ("grad", "cross_entropy(x, [2])", "x=[[1, 2, 3]]"),
    "batchnorm": ("eval", "batchnorm(x, 1, 0, 1e-5)", "x=[[1, 2], [3, 5]]"),
    "layernorm": ("eval", "layernorm(x, 1, 0, 1e-5)", "x=[[1, 2], [3, 5]]"),
}
_OTHERS: Final = (  # name, form, meaning, rule, kinks, example
    ("index", "A[i, j], A[1:3]", "elements, rows and slices; indices count from 0", "c = A[i] ⟹ dc = dA[i]", "",
     ("grad", "A[0, 1]^2 + sum(A[:, 0])", _MATRIX)),
    ("transpose", "A.T", "the transpose: the axes in the opposite order", "C = A.T ⟹ dC = dA.T", "",
     ("grad", "sum(A.T@x)", f"{_MATRIX}, x=[1, 2]")),
    ("sum", f"sum(A{_ALONG})", "the sum of all elements, or along axes", "c = sum(A) ⟹ dc = sum(dA)", "",
     ("grad", "sum(A^2)", _MATRIX)),
    ("sum", "sum(f, k = a..b)", "the sum of f over whole numbers k from a to b", "", "",
     ("grad", "sum(x^k, k = 1..4)", "x=2")),
    ("prod", f"prod(A{_ALONG})", "the product of all elements, or along axes",
     "c = prod(A) ⟹ dc = the sum over all elements of dA times the others", "",
     ("grad", "prod(x)", "x=[1, 2, 3]")),
    ("prod", "prod(f, k = a..b)", "the product of f over whole numbers k from a to b", "", "",
     ("grad", "prod(x + k, k = 1..4)", "x=2")),
    ("max", f"max(A{_ALONG})", "the greatest element, or along axes", "c = max(A) ⟹ dc = dA where A is c",
     "kink where two elements are the greatest", ("grad", "max(A)", _MATRIX)),
    ("min", f"min(A{_ALONG})", "the smallest element, or along axes", "c = min(A) ⟹ dc = dA where A is c",
     "kink where two elements are the smallest", ("grad", "min(x)", "x=[3, 1, 2]")),
    ("norm", f"norm(A{_ALONG})", "the 2-norm, of a matrix Frobenius's, or along axes",
     "c = norm(A) ⟹ dc = sum(A·dA)/c", "kink where c == 0: slope norm(dA)", ("grad", "norm(x)", "x=[3, 4]")),
    ("logsumexp", f"logsumexp(A{_ALONG})", "log(sum(exp(A))), without overflow",
     "c = logsumexp(A) ⟹ dc = sum(exp(A - c)·dA)", "", ("grad", "logsumexp(x)", "x=[1, 2, 3]")),
    ("shape", "shape(A)", "the lengths of the axes", "", "", ("eval", "shape(A)", _MATRIX)),
    ("size", "size(A, axis=…)", "how many elements there are, or along axes", "", "", ("eval", "size(A)", _MATRIX)),
    ("reshape", "reshape(A, n, m, ...)", "the same elements in another shape; one length may be -1",
     "C = reshape(A, n, m) ⟹ dC = reshape(dA, n, m)", "", ("eval", "reshape(x, 2, -1)", "x=[1, 2, 3, 4]")),
    ("concat", "concat(A, B, ..., axis=…)", "arrays joined along an axis, the first one unless it is named",
     "C = concat(A, B) ⟹ dC = concat(dA, dB)", "", ("eval", "concat(A, [[5, 6]])", _MATRIX)),
    ("stack", "stack(A, B, ..., axis=…)", "arrays of one shape along a new axis",
     "C = stack(A, B) ⟹ dC = stack(dA, dB)", "", ("eval", "stack(x, y, axis=1)", "x=[1, 2], y=[3, 4]")),
    ("diag", "diag(A)", "the diagonal of a matrix, or the matrix with a vector on its diagonal",
     "C = diag(A) ⟹ dC = diag(dA)", "", ("grad", "sum(diag(A)^2)", _MATRIX)),
    ("zeros", "zeros(n, m, ...)", "an array of zeros", "", "", ("eval", "zeros(2, 3)", "")),
    ("ones", "ones(n, m, ...)", "an array of ones", "", "", ("eval", "ones(2, 3)", "")),
    ("eye", "eye(n)", "the unit matrix", "", "", ("eval", "eye(3)", "")),
)  # fmt: skip


def others() -> list[FunctionRow]:
    """What depends on shapes, and is therefore no row of the file: reductions, joins, what makes arrays.

    >>> [row.form for row in others() if row.name == "norm"]
    ['norm(A, axis=…, keepdims=…)']
    """
    return [
        FunctionRow(name, "arrays", form, meaning, rule, kinks=kinks, example=_command(*example))
        for name, form, meaning, rule, kinks, example in _OTHERS
    ]


_KERNELS: Final = {  # what is computed without overflow, as one writes it
    "log_softmax_over(A, axis=-1)": "A - logsumexp(A, axis=-1, keepdims=1)",
    "softmax_over(A, axis=-1)": "exp(A)/sum(exp(A), axis=-1, keepdims=1)",
}


def example(name: str) -> str:
    """A command to try a function with, where numbers would not do; else "".

    >>> example("dot")
    'adcalc grad "dot(x, y)" --at "x=[1, 2], y=[3, 4]"'
    """
    return _command(*_EXAMPLES[name]) if name in _EXAMPLES else ""


def _command(command: str, expression: str, point: str) -> str:
    return f'adcalc {command} "{expression}"' + (f' --at "{point}"' if point else "")


def plain(definition: str) -> str:
    """A definition without the helpers that only the file needs.

    >>> plain("A - logsumexp(A, axis=last_axis(A, axis), keepdims=1)")
    'A - logsumexp(A, axis=-1, keepdims=1)'
    """
    text = _HELPERS.sub(lambda found: "-1" if found[1] == "last_axis" else found[2], definition)
    for call, written in _KERNELS.items():
        text = text.replace(call, written)
    return text


def row(entry: Entry, rule: Rule) -> FunctionRow:
    """The row of an operation on arrays, in the words of the file.

    >>> from adcalc.rules.table import standard
    >>> table = standard()
    >>> found = row(table.entry("matmul", 2), table.rule("matmul"))
    >>> found.rule, found.dual
    ('C = A@B ⟹ dC = dA@B + A@dB', "(A + A'ε)@(B + B'ε) = A@B + A'ε@B + A@B'ε")
    """
    names = rule.parameters
    body, *clauses = _CLAUSE.split(" ".join(entry.text.partition("=")[2].split()))
    shapes = [rule.graph.shape(rule.graph.input(name)) for name in names]
    letter = "C" if len(inferred(entry.name, shapes, None)) > 1 else "c"
    call = _call(entry.name, names)
    raised = _call(entry.name, [f"{name} + {name}'ε" for name in names])
    tangent = re.sub(rf"\bd({'|'.join(names)})\b", r"\1'ε", _RESULT.sub(call, body))
    sign = "-" if tangent.startswith("-") else "+"
    meaning = entry.comment
    if "half_lower" in body:
        meaning += "; half_lower(M) is what M has below its diagonal, and half of that"
    kinds = {clause.split()[0]: clause.split(None, 1)[1] for clause in clauses}
    return FunctionRow(
        entry.name,
        entry.group,
        f"{entry.name}({', '.join(names)})",
        meaning,
        f"{letter} = {call} ⟹ d{letter} = {_RESULT.sub(letter, body)}".replace("*", "·"),
        f"{raised} = {call} {sign} {tangent.removeprefix('-')}".replace("*", "·"),
        kinds.get("on", ""),
        kinds.get("smooth", ""),
        kinds.get("kink", ""),
        example=example(entry.name),
    )


def _call(name: str, arguments: tuple[str, ...] | list[str]) -> str:
    if name == "matmul":
        return "@".join(f"({one})" if " " in one else one for one in arguments)
    return f"{name}({', '.join(arguments)})"
