"""Expressions in which floating point loses its digits, made at random, and what mpmath says of them.

Points are floats, and mpmath gets the very same numbers; constants are whole.
"""

import re
from collections.abc import Callable
from random import Random

import mpmath
from mpmath import mp

TEMPLATES = (
    "({a} - sin({a}))/({a})^3",
    "(exp({a}) - 1 - ({a}))/({a})^2",
    "(1 - cos({a}))/({a})^2",
    "sqrt(1 + {a}) - sqrt(1 - ({a}))",
    "log(1 + {a})",
    "tan({a}) - sin({a})",
    "1/({b} + {a}) - 1/({b})",
    "({b} + {a})^3 - ({b})^3",
    "exp({b} + {a}) - exp({b})",
    "atan({b} + {a}) - atan({b})",
    "cos({b} + {a}) - cos({b})",
    "cosh({a}) - 1",
    "sin(22 + {a})*sin(22 + {a}) + cos(22 + {a})^2 - 1 + {a}",
    "(1 + {a})^(1/({a}))",
    "sqrt(({b})^2 + {a}) - abs({b})",
    "acos(1 - ({a})^2)",
    "sin({a})/({a})",
    "({b} + {a}) - ({b})",
    "exp(-(({a})^2)) - 1/(1 + ({a})^2)",
    "atanh(1 - ({a})^2)",
    "log(({b})^2 + 1 + {a}) - log(({b})^2 + 1)",
)
SMALL = ("x", "x", "2*x", "x*y", "sin(x)", "x^2", "x/3", "x*(1 + y)", "expm1(x)")
PLAIN = ("y", "y", "2*y + 1", "exp(y)", "y^2 + 1", "3")
AROUND = ("{}", "{}", "({})*y", "1 + {}", "y/({})", "exp({})", "({})^2", "{} + y", "({})*1e10", "atan({})", "{} - ({})")
DIGITS = 8
_NUMBER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
_NAMES = ("sin", "cos", "tan", "exp", "log", "sqrt", "atan", "cosh", "acos", "atanh", "expm1")


def made(random: Random) -> str:
    """An expression in x, which is small, and y, which is not."""
    text = _template(random)
    for _ in range(random.randrange(3)):
        around = random.choice(AROUND)
        parts = [f"({text})", *(f"({_template(random)})" for _ in range(around.count("{}") - 1))]
        text = around.format(*parts)
    return text


def _template(random: Random) -> str:
    return random.choice(TEMPLATES).format(a=random.choice(SMALL), b=random.choice(PLAIN))


def point(random: Random) -> dict[str, float]:
    """A small x and a plain y."""
    return {"x": random.choice((1.0, -1.0)) * 10.0 ** random.uniform(-12, 0), "y": random.uniform(0.2, 3.0)}


def truth(text: str, values: dict[str, float]) -> list[mpmath.mpf]:
    """The value and the partials in the order of the names, to some 60 digits; ValueError where there are none."""
    evaluated = _meaning(text)
    with mp.workdps(260):
        exact = {name: mpmath.mpf(value) for name, value in values.items()}
        results = [evaluated(exact)]
        step = mpmath.mpf(10) ** -80
        for name in values:
            above, below = ({**exact, name: exact[name] + sign * step} for sign in (1, -1))
            results.append((evaluated(above) - evaluated(below)) / (2 * step))
        return results


def second(text: str, values: dict[str, float]) -> dict[tuple[str, str], mpmath.mpf]:
    """The second derivatives by each pair of names, to some 60 digits; ValueError where there are none."""
    evaluated = _meaning(text)
    with mp.workdps(300):
        exact = {name: mpmath.mpf(value) for name, value in values.items()}
        step = mpmath.mpf(10) ** -60

        def beside(**signs: int) -> mpmath.mpf:
            return evaluated({name: number + signs.get(name, 0) * step for name, number in exact.items()})

        found = {}
        for one in values:
            found[one, one] = (beside(**{one: 1}) - 2 * beside() + beside(**{one: -1})) / step**2
            for other in values:
                if other != one:
                    ahead = beside(**{one: 1, other: 1}) - beside(**{one: 1, other: -1})
                    behind = beside(**{one: -1, other: 1}) - beside(**{one: -1, other: -1})
                    found[one, other] = (ahead - behind) / (4 * step**2)
        return found


def _meaning(text: str) -> Callable[[dict[str, mpmath.mpf]], mpmath.mpf]:
    """The function of mpmath's numbers that a text means."""
    code = compile(_NUMBER.sub(r"mpf('\1')", text).replace("^", "**"), "<expression>", "eval")
    names = {name: getattr(mpmath, name) for name in _NAMES} | {"abs": abs, "expm1": _expm1, "max": max, "min": min}

    def evaluated(numbers: dict[str, mpmath.mpf]) -> mpmath.mpf:
        found = eval(code, {"mpf": mpmath.mpf, **names, **numbers})
        if not isinstance(found, mpmath.mpf) or not mpmath.isfinite(found):
            raise ValueError("no real value")
        return found

    return evaluated


def _expm1(x: mpmath.mpf) -> mpmath.mpf:
    return mpmath.exp(x) - 1


def right_digits(number: float, true: mpmath.mpf) -> float:
    """How many digits of a float are right; 0 is right for what is smaller than every float."""
    with mp.workdps(260):
        if abs(true) < mpmath.mpf(10) ** -70:  # what is 0 but for the step of the difference
            return 17.0 if abs(number) < 1e-60 else 0.0
        error = abs(mpmath.mpf(number) - true) / abs(true)
        return 17.0 if not error else max(0.0, float(-mpmath.log10(error)))
