"""Random programs full of kinks and jumps at whole numbers, and what they mean in exact fractions.

A program is (functions, statements, result); expressions and statements are tuples, printed by `text` for adcalc and
evaluated by `Meaning`. One-sided limits and slopes come from steps of 2^-220, which exact numbers allow.
"""

import math
import operator
import random
from fractions import Fraction

STEP = Fraction(1, 2**220)
LARGEST = 10**12
RELATIONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
ONE_ARGUMENT = {
    "abs": abs,
    "floor": lambda u: Fraction(math.floor(u)),
    "ceil": lambda u: Fraction(math.ceil(u)),
    "sign": lambda u: Fraction((u > 0) - (u < 0)),
    "relu": lambda u: max(u, Fraction(0)),
    "step": lambda u: Fraction(u >= 0),
}
NUMBERS = (0, 1, 2, -1, 1, 3, -2, Fraction(1, 2))


class TooLargeError(Exception):
    """A value that floats would not hold exactly."""


class Maker:
    """Makes programs at random: over x, or over x and y."""

    def __init__(self, seed, variables=("x",)):
        self.random = random.Random(seed)
        self.variables = list(variables)
        self.functions = {}
        self.loops = 0

    def program(self):
        for name in self.random.choice(([], ["f"], ["f", "g"])):
            parameters = ["u"] if self.random.random() < 0.7 else ["u", "v"]
            body = [*self.start(parameters)]
            if self.random.random() < 0.6:
                body.append(self.statement([*parameters, "a", "b", "c"], 1))
            self.functions[name] = parameters, body, self.expression([*parameters, "a", "b"], 2)
        names = [*self.variables, "a", "b", "c"]
        statements = [*self.start(self.variables)]
        statements += [self.statement(names, 2) for _ in range(self.random.choice((0, 1, 2)))]
        return self.functions, statements, self.expression(names, 3)

    def start(self, names):
        yield "assign", "a", self.expression(names, 2)
        yield "assign", "b", self.expression([*names, "a"], 1)
        yield "assign", "c", self.number()

    def number(self):
        return "number", Fraction(self.random.choice(NUMBERS))

    def expression(self, names, depth):
        choice = self.random.random()
        if depth <= 0 or choice < 0.15:
            return ("name", self.random.choice(names)) if self.random.random() < 0.75 else self.number()
        one, other = self.expression(names, depth - 1), self.expression(names, depth - 1)
        if choice < 0.45:
            return "binary", self.random.choice("++--**"), one, other
        if choice < 0.58:
            return "power", one, self.random.choice((1, 2, 2, 3))
        if choice < 0.70:
            return "call", self.random.choice([*ONE_ARGUMENT, "abs", "relu"]), [one]
        if choice < 0.80:
            return "call", self.random.choice(("max", "min")), [one, other]
        if choice < 0.92:
            return "if", self.condition(names, depth - 1), one, other
        if choice < 0.96 and self.functions:
            name = self.random.choice(list(self.functions))
            return "call", name, [self.expression(names, depth - 1) for _ in self.functions[name][0]]
        return "sum", self.random.choice((0, 1)), self.random.choice((1, 2)), self.expression([*names, "k"], depth - 1)

    def condition(self, names, depth):
        choice = self.random.random()
        if depth <= 0 or choice < 0.7:
            right = self.expression(names, 0) if self.random.random() < 0.5 else self.number()
            return "relation", self.random.choice(list(RELATIONS)), self.expression(names, min(depth, 1)), right
        one = self.condition(names, depth - 1)
        return ("not", one) if choice < 0.78 else (("and", "or")[choice < 0.9], one, self.condition(names, depth - 1))

    def block(self, names, depth):
        return [self.statement(names, depth) for _ in range(self.random.choice((1, 1, 2)))]

    def statement(self, names, depth):
        choice = self.random.random()
        if depth <= 0 or choice < 0.45:
            return (
                "assign",
                self.random.choice([n for n in ("a", "b", "c", "x") if n in names]),
                self.expression(names, 2),
            )
        if choice < 0.8:
            clauses = [
                (self.condition(names, 2), self.block(names, depth - 1)) for _ in range(self.random.choice((1, 1, 2)))
            ]
            return "branch", clauses, self.block(names, depth - 1) if self.random.random() < 0.7 else []
        if choice < 0.9:
            return "for", self.random.choice((1, 2)), self.block([*names, "j"], depth - 1)
        self.loops += 1
        name = f"n{self.loops}"
        body = self.block(names, depth - 1)
        return "while", name, self.random.choice((1, 2, 3)), self.condition(names, 1), body


def text(program):
    """A program in adcalc's language."""
    functions, statements, result = program
    lines = []
    for name, (parameters, body, value) in functions.items():
        lines += [f"{name}({', '.join(parameters)}) = {{", *_lines(body), _expression(value), "}"]
    return "\n".join([*lines, *_lines(statements), _expression(result)])


def _expression(one):
    kind, *rest = one
    if kind == "number":
        return f"({rest[0]})"
    if kind == "name":
        return rest[0]
    if kind == "binary":
        return f"({_expression(rest[1])} {rest[0]} {_expression(rest[2])})"
    if kind == "power":
        return f"({_expression(rest[0])})^{rest[1]}"
    if kind == "call":
        return f"{rest[0]}({', '.join(map(_expression, rest[1]))})"
    if kind == "if":
        return f"if({_condition(rest[0])}, {_expression(rest[1])}, {_expression(rest[2])})"
    return f"sum({_expression(rest[2])}, k = {rest[0]}..{rest[1]})"


def _condition(one):
    kind, *rest = one
    if kind == "relation":
        return f"{_expression(rest[1])} {rest[0]} {_expression(rest[2])}"
    if kind == "not":
        return f"(not ({_condition(rest[0])}))"
    return f"(({_condition(rest[0])}) {kind} ({_condition(rest[1])}))"


def _lines(block):
    for kind, *rest in block:
        if kind == "assign":
            yield f"{rest[0]} = {_expression(rest[1])}"
        elif kind == "branch":
            for number, (condition, body) in enumerate(rest[0]):
                yield f"{'} else ' if number else ''}if {_condition(condition)} {{"
                yield from _lines(body)
            yield "} else {"
            yield from _lines(rest[1])
            yield "}"
        elif kind == "for":
            yield f"for j in 1..{rest[0]} {{"
            yield from _lines(rest[1])
            yield "}"
        else:
            name, rounds, condition, body = rest
            yield f"{name} = 0; while {name} < {rounds} and ({_condition(condition)}) {{"
            yield from _lines(body)
            yield f"{name} = {name} + 1 }}"


class Meaning:
    """A program as a function of exact numbers."""

    def __init__(self, program):
        self.functions, self.statements, self.result = program

    def __call__(self, point):
        names = dict(point)
        self.run(self.statements, names)
        return self.value(self.result, names)

    def value(self, one, names):
        kind, *rest = one
        if kind == "number":
            return rest[0]
        if kind == "name":
            return names[rest[0]]
        if kind == "if":
            return self.value(rest[1] if self.holds(rest[0], names) else rest[2], names)
        if kind == "sum":
            terms = [self.value(rest[2], {**names, "k": Fraction(k)}) for k in range(rest[0], rest[1] + 1)]
            return sum(terms, Fraction(0))
        if kind == "call":
            name, args = rest[0], [self.value(argument, names) for argument in rest[1]]
            if name in ONE_ARGUMENT:
                return ONE_ARGUMENT[name](*args)
            if name in ("max", "min"):
                return (max if name == "max" else min)(args)
            parameters, body, result = self.functions[name]
            inside = dict(zip(parameters, args, strict=True))
            self.run(body, inside)
            return self.value(result, inside)
        if kind == "power":
            found = self.value(rest[0], names) ** rest[1]
        else:
            act = {"+": operator.add, "-": operator.sub, "*": operator.mul}[rest[0]]
            found = act(self.value(rest[1], names), self.value(rest[2], names))
        if abs(found) > LARGEST:
            raise TooLargeError
        return found

    def holds(self, one, names):
        kind, *rest = one
        if kind == "relation":
            return RELATIONS[rest[0]](self.value(rest[1], names), self.value(rest[2], names))
        if kind == "not":
            return not self.holds(rest[0], names)
        first = self.holds(rest[0], names)
        return first if first == (kind == "or") else self.holds(rest[1], names)

    def run(self, block, names):
        for kind, *rest in block:
            if kind == "assign":
                names[rest[0]] = self.value(rest[1], names)
            elif kind == "branch":
                self.run(next((body for condition, body in rest[0] if self.holds(condition, names)), rest[1]), names)
            elif kind == "for":
                outer = {"j": names["j"]} if "j" in names else {}
                for j in range(1, rest[0] + 1):
                    names["j"] = Fraction(j)
                    self.run(rest[1], names)
                names.pop("j")
                names |= outer
            else:
                name, rounds, condition, body = rest
                names[name] = Fraction(0)
                while names[name] < rounds and self.holds(condition, names):
                    self.run(body, names)
                    names[name] += 1


def truth(program, point, name):
    """The value, and what lies around it: ("slope", slope), ("kink", left, right) or ("jump",)."""
    meaning = Meaning(program)
    here = meaning(point)
    ahead, behind = (meaning({**point, name: point[name] + step}) for step in (STEP, -STEP))
    if max(abs(ahead - here), abs(behind - here)) > STEP * LARGEST**2:
        return here, ("jump",)
    left, right = (Fraction(round(slope * 2**60), 2**60) for slope in ((here - behind) / STEP, (ahead - here) / STEP))
    return here, ("slope", right) if left == right else ("kink", left, right)
