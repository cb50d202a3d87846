"""What adcalc writes, read by somebody else: expressions with d/dx(…) in them, evaluated by mpmath alone.

`CORPUS` holds expressions of every kind whose derivations are looked at. What only the language has (programs, sums
over an index) has a plain expression beside it.
"""

import re
from collections.abc import Mapping

import mpmath

PLAIN = """
x^3 - 4*x^2 + 7*x - 5 | 5*x | -x | x | (2*x + 1)^5 | (x^2 + 1)/(x - 1) | 1/x | 1/x^3 | 2/(3*x) | 1/(1 + x^2) | x^-2
x^2*sin(x) | x*exp(x)*sin(x) | x*exp(x)*sin(x)*cos(x)*log(x) | sin(cos(tan(x))) | exp(-x^2/2) | exp(sin(x)^2) | 0*x
x^x | 2^x | a^x | e^x | e^(2*x) | x^sin(x) | x^2^x | sqrt(x) | sqrt(1 - x^2) | 1/sqrt(x) | cbrt(x^2 + 1) | x^(2/3)
log(x*sin(x)) | log(x^2 + 1) | log10(x) | log(log(3 + x)) | log(1 + exp(x)) | asin(x) | acos(x/2) | atan(1/x)
atan2(y, x) | sec(x)*tan(x) | a*x^n | a*x^2 + b*x + c | x*y*z | sin(x*y) | x^y | (x + y)/(x - 2*y) | x - x | x/x
a*exp(-b*t)*cos(w*t + p) | abs(x - 0.5) | abs(x^2 - 1) | max(x, y) | min(x^2, x) | x*floor(3*x) | x % 0.3 | hypot(x, 3)
gamma(x) | gamma(x)*erf(x) | besselj(2, x) | besselj(0, x^2) | ellipk(x) | airyai(x) | zeta(1 + x) | gammainc(2, x)
sinh(x)/cosh(x) | tanh(x)^3 | sin(x)^2 | sin(x)^2 + cos(x)^2 | x^2*exp(3*x)/(1 + x) | 1/(1 + exp(-x)) | logistic(x)
(x^2 + 1)^3*(x - 1)^4 | ((x + 1)/(x - 1))^2 | sqrt(x + sqrt(x + sqrt(x))) | x/sqrt(1 + x^2) | exp(x)/x | sin(x)/x
pi*x^2 | 0.5*x^2 - 0.1*x | (-x)^3 | (x + 1)*(x + 2)/(x + 3) | -(x + sin(x)) | x/(-2) | 1*x + 2*x^1 | x - (y - x^2)
1/(x*y) | x*x*x | (x + 1)^1 | (3*x)^0.5 | 3^(x*y) | sin(2)*x | x*sin(2) + cos(3) | -(-x^2) | x^2/sin(x)/cos(x)
"""
CORPUS = {
    **{text.strip(): text.strip() for line in PLAIN.splitlines() for text in line.split("|") if text.strip()},
    "log(x, 2)": "log(x)/log(2)",
    "f(u) = u^2 + sin(u); f(x)": "x^2 + sin(x)",
    "f(u,v) = u/2 + v; a = x^2; b = x^3; f(a, b)": "x^2/2 + x^3",
    "a = x*y; a^2": "(x*y)^2",
    "a = x*y; b = sin(a); a*b + b^2": "x*y*sin(x*y) + sin(x*y)^2",
    "if(x > 0.5, x^2, -x)": "x^2 if x > 0.5 else -x",
    "if(x > 0.2 and not y < 0.5, x*y, sin(y))": "x*y if x > 0.2 and not y < 0.5 else sin(y)",
    "clip(2*x, 0, 1)": "min(max(2*x, 0), 1)",
    "x!": "gamma(x + 1)",
    "sum(k*x^k, k = 1..5)": "x + 2*x^2 + 3*x^3 + 4*x^4 + 5*x^5",
    "prod(x + k, k = 1..4)": "(x + 1)*(x + 2)*(x + 3)*(x + 4)",
}
LONG = {
    "a sum": " + ".join(f"sin({k}*x)*x^{k}/({k} + y)" for k in range(2, 14)),
    "a chain": "sin(cos(exp(atan(" * 12 + "x*y" + "))))" * 12,
    "a product": "*".join(f"(x + {k})" for k in range(1, 31)),
    "a power of its own": "s = x*cos(y*x) + 1; t = s*s + sin(s)*exp(s/5); u = t*t/(1 + t^2) + s*t; v = u*u + u*s + t; "
    "w = v*v/(2 + v^2) - u; w*v + sin(w*u)*s - t*w",
    "choices": "s = if(x > y, x^2*sin(x)*y, cos(x*y)/(2 + x)); t = if(s > 0.4, s^2*exp(x)/(1 + s*s), sin(s)*s*x); "
    "u = t*s + sin(t*x)/(3 + cos(s)) + t^2*s^3; v = u*u*exp(-s) + if(u*s*t + x*sin(x)*y*t*t > 0.1, u^2, 3*u) + t; "
    "v*u + s",
}

_DERIVATIVE = re.compile(r"(?:d/d|∂/∂)(\w+)\(|(?:d|∂)(u\d+)/(?:d|∂)(\w+)")
_NUMBER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
_CHOICE = re.compile(r"\bif\(")


def _slope(point: "Point", variable: str, text: str) -> mpmath.mpf:
    def along(value: mpmath.mpf) -> mpmath.mpf:
        return evaluated(text, Point({**point.values, variable: value}, point.definitions))

    return mpmath.diff(along, point[variable])


NAMES = """
sin cos tan sec csc cot sinh cosh tanh sech asin acos atan atan2 exp log log10 sqrt cbrt gamma erf besselj airyai hyp2f1
hypot
"""
FUNCTIONS = {
    **{name: getattr(mpmath, name) for name in NAMES.split()},
    "digamma": lambda u: mpmath.digamma(u),
    "ellipk": mpmath.ellipk,
    "zeta": lambda u: mpmath.zeta(u),
    "zetaderiv": lambda k, u: mpmath.zeta(u, 1, int(k)),
    "airyaiprime": lambda u: mpmath.airyai(u, derivative=1),
    "gammainc": lambda a, u: mpmath.gammainc(a, 0, u, regularized=True),
    "gammapdf": lambda a, u: u ** (a - 1) * mpmath.exp(-u) / mpmath.gamma(a),
    "logistic": lambda u: 1 / (1 + mpmath.exp(-u)),
    "sign": mpmath.sign,
    "abs": abs,
    "max": max,
    "min": min,
    "floor": mpmath.floor,
    "choice": lambda condition, taken, other: taken if condition else other,
    "number": mpmath.mpf,
    "pi": mpmath.pi,
    "e": mpmath.e,
}


class Point(Mapping[str, object]):
    """Values of variables, and what the names of a derivation stand for: a text, or the derivative of one."""

    def __init__(self, values: Mapping[str, mpmath.mpf], definitions: Mapping[str, str]) -> None:
        self.values = dict(values)
        self.definitions = definitions
        self.found: dict[str, mpmath.mpf] = {}

    def __getitem__(self, name: str) -> object:
        if name in self.values:
            return self.values[name]
        if name in self.definitions:
            if name not in self.found:
                self.found[name] = evaluated(self.definitions[name], self)
            return self.found[name]
        if name == "slope":
            return lambda variable, text: _slope(self, variable, text)
        return FUNCTIONS[name]

    def __iter__(self):
        return iter({**self.values, **self.definitions})

    def __len__(self) -> int:
        return len(self.values) + len(self.definitions)


def evaluated(text: str, point: Point) -> mpmath.mpf:
    """The value of a text at a point."""
    return eval(_python(text), {"__builtins__": {}}, point)  # only what the tests themselves write is read here


def _python(text: str) -> str:
    """The text as Python: each d/dx(…) becomes a call with the text of what is differentiated."""
    made, start = "", 0
    for found in _DERIVATIVE.finditer(text):
        if found.start() < start:
            raise AssertionError(f"a derivative within another: {text}")
        variable, name, by = found.groups()
        end, inner = found.end(), name
        if variable:
            depth = 1
            while depth:
                depth += {"(": 1, ")": -1}.get(text[end], 0)
                end += 1
            inner = text[found.end() : end - 1]
        made += _words(text[start : found.start()]) + f"slope({variable or by!r}, {inner!r})"
        start = end
    return made + _words(text[start:])


def _words(text: str) -> str:
    return _CHOICE.sub("choice(", _NUMBER.sub(r"number('\1')", text)).replace("^", "**")
