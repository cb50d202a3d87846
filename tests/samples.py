"""Expressions, programs, lists and arrays made at random, and the same in words that mpmath understands."""

import re
from random import Random
from typing import NamedTuple

from mpmath import mp
from proving import CANCELLING, POINTS, TINY, evaluated, made


class Sample(NamedTuple):
    """What adcalc is asked about, what mpmath is asked instead, one text for each result; the point; the variable
    whose two elements x and y are, or "".
    """

    text: str
    texts: tuple[str, ...]
    point: dict[str, str]
    array: str = ""
    has_path: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The variables, in order of their first appearance."""
        return (
            tuple(dict.fromkeys(name for name in re.findall(r"\b[xy]\b", self.text))) if not self.array else ("x", "y")
        )


def sample(random: Random) -> Sample:
    """An expression, a program, a list, or something with an array; in a good third of them digits cancel."""
    point = {"x": random.choice(POINTS), "y": random.choice(POINTS)}
    first, second = made(random, random.randrange(1, 9)), made(random, random.randrange(1, 5))
    if random.random() < 0.4:
        first, point = _cancelling(random, first, second, point)
    kind = random.choice((_plain, _plain, _plain, _list, _list, _program, _program, _loop, _array, _array))
    return kind(random, first, second, point)


def _cancelling(random: Random, first: str, second: str, point: dict[str, str]) -> tuple[str, dict[str, str]]:
    known = random.choice(CANCELLING)
    near = {**point, "x": random.choice(TINY)}
    return random.choice((
        (known, near),
        (f"({known})*({second})", near),
        (f"({known}) + ({random.choice(CANCELLING)})", near),
        (f"(({first}) + ({second})*1e-25) - ({first})", point),
        (f"(1e30 + ({first}))^2 - 1e60 - 2e30*({first})", point),
        (f"log(exp({second}) + 1e-30*x) - ({second})", point),
    ))  # fmt: skip


def _plain(random: Random, first: str, second: str, point: dict[str, str]) -> Sample:
    return Sample(first, (first,), point)


def _list(random: Random, first: str, second: str, point: dict[str, str]) -> Sample:
    texts = (first, second, made(random, 2))[: random.randrange(2, 4)]
    return Sample(f"[{', '.join(texts)}]", texts, point)


def _program(random: Random, first: str, second: str, point: dict[str, str]) -> Sample:
    with mp.workdps(50):
        is_above = evaluated(point["x"], {}) > evaluated(point["y"], {})
    if point["x"] == point["y"]:
        return _plain(random, first, second, point)
    chosen = first if is_above else second
    inside = re.sub(r"\bx\b", "u", second)
    return random.choice((
        Sample(f"a = {first}; b = {second}; a*b - a", (f"a = {first}; b = {second}; a*b - a",), point),
        Sample(f"if x > y {{ {first} }} else {{ {second} }}", (chosen,), point, has_path=True),
        Sample(f"if(x < y, {second}, {first})*x", (f"({chosen})*x",), point),
        Sample(f"f(u) = {inside}; f(x)*f(sin(x)) + x*y",
               (f"u = x; a = {inside}; u = sin(x); b = {inside}; a*b + x*y",), point),
        Sample(f"a = diff(x^3*exp(y), x); a*({second}) + y", (f"a = 3*x^2*exp(y); a*({second}) + y",), point),
    ))  # fmt: skip


def _loop(random: Random, first: str, second: str, point: dict[str, str]) -> Sample:
    times = random.randrange(1, 5)
    if random.random() < 0.5:
        step = "u = sin(u)*y + u*u/7 - k*x"
        turns = "; ".join(f"k = {one}; {step}" for one in range(1, times + 1))
        return Sample(f"u = {second}; for k in 1..{times} {{ {step} }}; u", (f"u = {second}; {turns}; u",), point)
    start, step = "u = 1 + x^2", "u = (u + (2 + x^2)/u)/2"
    with mp.workdps(60):
        values = {name: evaluated(number, {}) for name, number in point.items()}
        times, u = 0, evaluated("1 + x^2", values)
        while abs(u * u - 2 - values["x"] ** 2) > mp.mpf("1e-9"):
            u, times = (u + (2 + values["x"] ** 2) / u) / 2, times + 1
    text = f"{start}; while abs(u^2 - 2 - x^2) > 1e-9 {{ {step} }}; u*({second})"
    return Sample(text, ("; ".join([start, *[step] * times, f"u*({second})"]),), point, has_path=True)


def _array(random: Random, first: str, second: str, point: dict[str, str]) -> Sample:
    here = {name: re.sub(r"\b([xy])\b", lambda one: f"v[{'xy'.index(one[0])}]", name) for name in (first, second)}
    one, other = here[first], here[second]
    text, *texts = random.choice((
        (f"{one} + v[0]*v[1]", f"{first} + x*y"),
        (f"sum(v*[{one}, {other}])", f"x*({first}) + y*({second})"),
        (f"det([[v[0], v[1]], [{one}, 1/3]])", f"x/3 - y*({first})"),
        (f"norm([{one}, 1 + v[1]^2])", f"sqrt(({first})^2 + (1 + y^2)^2)"),
        (f"mean(v)*prod(v + 3)*({other})", f"(x + y)/2*(x + 3)*(y + 3)*({second})"),
        (f"[[1/3, v[0]], [v[1], 2]] @ [{one}, {other}]",
         f"({first})/3 + x*({second})", f"y*({first}) + 2*({second})"),
        (f"A = [[2 + v[0]^2, v[1]], [v[1], 3 + v[1]^2]]; solve(A, [{other}, 1/7])",
         f"d = (2 + x^2)*(3 + y^2) - y^2; ((3 + y^2)*({second}) - y/7)/d",
         f"d = (2 + x^2)*(3 + y^2) - y^2; ((2 + x^2)/7 - y*({second}))/d"),
    ))  # fmt: skip
    return Sample(text, tuple(texts), point, "v")
