"""Questions to every command that proves digits, made at random, and what each number of the answers has to be."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import factorial
from random import Random
from typing import Any, NamedTuple

from proving import Part, Truth, made
from samples import Sample

SEEDS = ("1/3", "-2", "sqrt(2)", "pi/7", "0.1", "1e-20")
MODES = ("forward", "reverse", "symbolic")
ONE = ("eval", "grad", "order", "mixed", "hessian", "hvp", "jvp", "vjp", "taylor", "diff", "jacobian")
SEARCHING = ("check", "compare")  # commands that look at many points
SEVERAL = ("eval", "jacobian", "jvp", "vjp")
OF_ARRAYS = ("eval", "grad", "hessian", "hvp", "jvp", "vjp", "jacobian")


class Question(NamedTuple):
    """Words for the command line; how many digits; what the numbers of the answer have to be, by place in the JSON."""

    words: list[str]
    digits: int
    expected: list[tuple[tuple[Any, ...], list[Part]]]


# ------------------------------------------------------------------ what is asked


def question(random: Random, about: Sample, kind: str) -> Question | None:
    """What one command is asked, and what it has to say; None where that command has nothing to say about it."""
    asked = Asked(random, about, round(80 ** random.random()))
    return None if not about.names and kind not in ("eval", "grad") else getattr(asked, kind)()


def kinds(about: Sample) -> Sequence[str]:
    """The commands that can be asked."""
    if about.array:
        return SEVERAL if len(about.texts) > 1 else OF_ARRAYS
    return SEVERAL if len(about.texts) > 1 else ONE


class Asked:
    """A method for each command."""

    def __init__(self, random: Random, about: Sample, digits: int) -> None:
        self.random = random
        self.about = about
        self.digits = digits
        self.names = about.names
        self.is_list = len(about.texts) > 1
        values = about.point
        given = (
            f"v=[{values['x']}, {values['y']}]" if about.array else ", ".join(f"{n}={values[n]}" for n in self.names)
        )
        self.at = ["--at", given] if given else []

    def eval(self) -> Question:
        """The value."""
        return self._made("eval", [], self._values())

    def grad(self) -> Question:
        """First derivatives."""
        return self._made("grad", self._mode(), [*self._values(), *self._slopes("gradient")])

    def order(self) -> Question:
        """Derivatives of an order by each variable."""
        order = self.random.randrange(2, 5)
        slopes = [(("gradient", name), [Part("1", 0, self._by(*[name] * order))]) for name in self.names]
        return self._made("grad", ["--order", str(order)], [*self._values(), *slopes])

    def mixed(self) -> Question | None:
        """One mixed derivative."""
        if len(self.names) < 2:
            return None
        way = self.random.choice((("x", "x", "y"), ("y", "x", "y"), ("x", "y", "y", "x"), ("y", "y", "y")))
        key = ",".join(way) if len(set(way)) > 1 else way[0]
        return self._made("grad", ["--wrt", ",".join(way)], [(("gradient", key), [Part("1", 0, self._by(*way))])])

    def hessian(self) -> Question:
        """Second derivatives."""
        pairs = [
            (self._place("hessian", one, other), [Part("1", 0, self._by(one, other))])
            for one in self.names
            for other in self.names
        ]
        return self._made("hessian", self._mode(), [*self._values(), *self._slopes("gradient"), *pairs])

    def hvp(self) -> Question:
        """Second derivatives along a direction."""
        seed = self._seed()
        products = [
            (self._place("hvp", one), [Part(seed[other], 0, self._by(one, other)) for other in self.names])
            for one in self.names
        ]
        return self._made("hvp", [*self._mode(), "--seed", self._direction(seed)], products)

    def jvp(self) -> Question:
        """The slope along a direction."""
        seed = self._seed()
        slopes = [
            (
                ("jvp", place) if self.is_list else ("jvp",),
                [Part(seed[one], place, self._by(one)) for one in self.names],
            )
            for place in range(len(self.about.texts))
        ]
        return self._made("jvp", ["--seed", self._direction(seed)], slopes)

    def vjp(self) -> Question:
        """What a weight of the result hands back."""
        weights = [self.random.choice(SEEDS) for _ in self.about.texts]
        seed = f"[{', '.join(weights)}]" if self.is_list else weights[0]
        handed = [
            (self._place("vjp", one), [Part(weight, place, self._by(one)) for place, weight in enumerate(weights)])
            for one in self.names
        ]
        return self._made("vjp", [*self._mode(), "--seed", seed], handed)

    def taylor(self) -> Question:
        """The series in one variable."""
        name, order = self.random.choice(self.names), self.random.randrange(1, 5)
        every = [Part("1", 0, self._by(*[name] * power)) for power in range(order + 1)]
        derivatives = [(("derivatives", power), [part]) for power, part in enumerate(every)]
        coefficients = [
            (("coefficients", power), [part._replace(weight=f"1/{factorial(power)}")])
            for power, part in enumerate(every)
        ]
        return self._made("taylor", ["--wrt", name, "--order", str(order)], [*derivatives, *coefficients])

    def diff(self) -> Question | None:
        """Formulas with their values."""
        order = self.random.randrange(1, 3)
        if self.about.has_path:
            return None
        slopes = [(("evaluated", name), [Part("1", 0, self._by(*[name] * order))]) for name in self.names]
        return self._made("diff", ["--order", str(order)], [*self._values(), *slopes])

    def jacobian(self) -> Question:
        """First derivatives of each result."""
        rows = []
        for place in range(len(self.about.texts)):
            for name in self.names:
                where = ("jacobian", "v") if self.about.array else ("jacobian", name)
                where = (*where, place) if self.is_list else where
                where = (*where, self.names.index(name)) if self.about.array else where
                rows.append((where, [Part("1", place, self._by(name))]))
        return self._made("jacobian", self._mode(), [*self._values(), *rows])

    def check(self) -> Question:
        """A claim that is wrong, beside what is right."""
        name = self.random.choice(self.names)
        self.digits += 9  # so that the point shown is another one where it is
        claim = made(self.random, 1)
        if not set(re.findall(r"\b[xy]\b", claim)) <= set(self.names):
            claim = f"1/3 + {name}"
        expected = [
            (("claims", name, "derivative"), [Part("1", 0, self._by(name))]),
            (("claims", name, "claimed"), [Part("1", 1, self._by())]),
        ]
        return self._made("check", ["--claim", f"{name}: {claim}"], expected)

    def compare(self) -> Question:
        """The reference, at the floats that the modes get."""
        return self._made("compare", [], [(("reference", name), [Part("1", 0, self._by(name))]) for name in self.names])

    def _made(self, command: str, options: list[str], expected: list[tuple[tuple[Any, ...], list[Part]]]) -> Question:
        words = [command, self.about.text, *self.at, *options, "--digits", str(self.digits), "--json"]
        return Question(words, self.digits, expected)

    def _mode(self) -> list[str]:
        mode = self.random.choice(MODES[:2] if self.about.has_path else MODES)
        return ["--mode", mode]

    def _by(self, *way: str) -> tuple[int, ...]:
        return tuple(way.count(name) for name in self.names)

    def _values(self) -> list[tuple[tuple[Any, ...], list[Part]]]:
        none = self._by()
        places = range(len(self.about.texts))
        return [(("value", place) if self.is_list else ("value",), [Part("1", place, none)]) for place in places]

    def _slopes(self, key: str) -> list[tuple[tuple[Any, ...], list[Part]]]:
        return [(self._place(key, name), [Part("1", 0, self._by(name))]) for name in self.names]

    def _place(self, key: str, *names: str) -> tuple[Any, ...]:
        if not self.about.array:
            return (key, *names)
        return (key, *("v" for _ in names), *(self.names.index(name) for name in names))

    def _seed(self) -> dict[str, str]:
        return {name: self.random.choice(SEEDS) for name in self.names}

    def _direction(self, seed: Mapping[str, str]) -> str:
        if self.about.array:
            return f"v=[{seed['x']}, {seed['y']}]"
        return ", ".join(f"{name}={number}" for name, number in seed.items())


# ------------------------------------------------------------------ what is answered


def numbers(answer: Any, asked: Question) -> Iterator[tuple[str, list[Part], int]]:
    """The numbers of an answer, what each has to be, and in how many digits.

    Where a claim is right at the point, check shows another one; where the digits do not tell, it shows more.
    """
    claims = answer.get("claims", {}).values()
    if any(one["point"] != answer["at"] for one in claims):
        return
    for place, parts in asked.expected:
        found = answer
        for key in place:
            found = found[key]
        shown = len(found.lstrip("-").partition("e")[0].replace(".", "").lstrip("0"))
        yield found, parts, max(shown, asked.digits) if claims else asked.digits


def truth(about: Sample, asked: Question, answer: Any) -> Truth:
    """What to hold an answer to: of compare at the floats that it names, of check with what is claimed."""
    point = {name: about.point[name] for name in about.names}
    texts = about.texts
    if asked.words[0] == "compare":
        point = {name: _fraction(answer["at"][name]) for name in about.names}
    if asked.words[0] == "check":
        texts = (*texts, next(iter(answer["claims"].values()))["claim"])
    return Truth(texts, point)


def _fraction(number: float) -> str:
    exact = Fraction(number)
    return f"({exact.numerator})/({exact.denominator})"
