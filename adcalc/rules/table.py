"""The function table: which functions there are, and the row of each.

The text of grammar/functions.adc is only indexed when the table is made; a row is parsed when it is first used.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import Any, Final

from adcalc.arithmetics.real import Real
from adcalc.errors import ShapeError, Source, UsageError
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, CONSTANT, INPUT, Label, Shape
from adcalc.graph.residual import Residual
from adcalc.graph.shape import known
from adcalc.rules.entry import Entry, entries
from adcalc.rules.rule import AXIS, Clause, Rule
from adcalc.syntax import notation
from adcalc.syntax.code import Code, Definition
from adcalc.syntax.lower import lower_row
from adcalc.syntax.machine import OPTIONAL
from adcalc.syntax.parser import parse

_BUILT_IN = frozenset({"add", "sub", "mul", "div", "neg", "mod", "pow", "exp", "gamma"})  # what lowering applies

_WITHOUT_RULE: Final = frozenset({INPUT, CONSTANT, "if", "array", *CONDITIONS})
_IMPLICIT: Final = "d root(f, x, start) = -(df at constant x)/(∂f/∂x)"


class Table:
    """The functions of one or more texts; later texts add to earlier ones and hide their names.

    Raises AdcalcSyntaxError, UsageError for a row that makes no sense, naming its line.

    >>> table = standard()
    >>> table.find("sin", 1)
    'sin'
    >>> table.arities("log")
    ['log(u)', 'log(u, b)']
    """

    def __init__(self, *sources: Source) -> None:
        self._differentials: dict[tuple[str, int], Entry] = {}
        self._definitions: dict[tuple[str, int], Entry] = {}
        self._forms: dict[str, list[Entry]] = {}
        self._parsed: dict[tuple[str, int], Definition] = {}
        self._rules: dict[str, Rule] = {}
        self._shaped: dict[tuple[str, tuple[Shape, ...], Label], Rule] = {}  # those of operations on arrays
        self.residuals: dict[str, Residual] = {}  # the equations that programs solve, by their operations
        self._solvers: dict[tuple[Any, ...], str] = {}  # the inverse
        for number, source in enumerate(sources):
            for entry in entries(source):
                self._add(entry, replaces=number > 0)

    def _add(self, entry: Entry, replaces: bool) -> None:
        key = (entry.name, len(entry.parameters))
        rows = self._differentials if entry.differential else self._definitions
        if key in rows and rows[key].source is entry.source:
            raise UsageError(f"{entry.name} has two rows of the same kind", entry.place)
        if len(set(entry.parameters)) < len(entry.parameters):
            raise UsageError(f"two parameters of {entry.name} have the same name", entry.place)
        if entry.differential and any(name == entry.name and count != key[1] for name, count in self._differentials):
            hint = "give it another name, or write it as a definition alone"
            raise UsageError(f"{entry.name} has a differential for another number of arguments", entry.place, hint)
        if replaces and entry.name in _BUILT_IN and not entry.differential:
            raise UsageError(f"{entry.name} cannot be redefined: the language itself is built on it", entry.place)
        if replaces and (key in self._differentials or key in self._definitions):
            held = self._differentials.get(key) or self._definitions[key]
            if held.source is not entry.source:
                self._differentials.pop(key, None)
                self._definitions.pop(key, None)
                self._forms[entry.name].remove(held)
        rows[key] = entry
        forms = self._forms.setdefault(entry.name, [])
        if not any(form.parameters == entry.parameters or len(form.parameters) == key[1] for form in forms):
            forms.append(entry)

    def solver(self, residual: Residual, graph: Graph) -> str:
        """The name of the operation that solves an equation: a new one, or that of the same equation."""
        nodes = residual.graph.nodes
        key = (residual.unknown, tuple(nodes[node] for node in residual.graph.below(residual.output)))
        op = self._solvers.get(key)
        if op is None:
            op = self._solvers[key] = f"root#{len(self._solvers) + 1}"
            smooth = Clause("smooth", None, residual.regular, None)
            self._rules[op] = Rule(
                op, residual.parameters, False, residual.graph, residual.differential, (smooth,), None, _IMPLICIT
            )
            self.residuals[op] = residual
        graph.residuals[op] = self.residuals[op]
        return op

    def find(self, name: str, count: int) -> Definition | str | None:
        """What a call of `name` with `count` arguments is: a definition to inline, an operation, or None.

        Where arguments that may be left out are missing, the definition has more parameters than that.

        >>> standard().find("relu", 1).parameters
        ('u',)
        """
        form = self._form(name, count)
        if form is None:
            return None
        key = (name, len(form.parameters))
        return name if key in self._differentials else self._definition(key)

    @cached_property
    def constants(self) -> frozenset[str]:
        """The names that stand for something by themselves; a variable of the same name hides one.

        >>> sorted(standard().constants)
        ['e', 'inf', 'pi', 'tau', 'π', 'τ']
        """
        return frozenset(name for name in self._forms if self._form(name, 0))

    def _form(self, name: str, count: int) -> Entry | None:
        for form in self._forms.get(name, ()):
            size = len(form.parameters)
            if size - form.optional <= count <= size or (form.variadic and count > size):
                return form
        return None

    def _definition(self, key: tuple[str, int]) -> Definition:
        found = self._parsed.get(key)
        if found is None:
            entry = self._definitions[key]
            block = self._parse(entry).block
            found = self._parsed[key] = Definition(key[0], entry.parameters, block[1:-1])
        return found

    def _parse(self, entry: Entry) -> Code:
        """The code of a row, with its places counted in the file that it came from."""
        padding = "\n" * entry.source.text.count("\n", 0, entry.start)
        return parse(Source(padding + entry.source.text[entry.start : entry.end].rstrip(), entry.source.name), "row")

    def rule(self, op: str) -> Rule:
        """The rule of an elemental operation.

        >>> standard().rule("mul").text
        'd mul(u, w) = w*du + u*dw'
        """
        rule = self._rules.get(op)
        if rule is None:
            entry = self._differential(op)
            shapes = tuple((2,) * (2 if name.isupper() else 1) for name in entry.parameters if name != AXIS)
            rule = self._rules[op] = self._made(op, shapes, ((0,), True) if AXIS in entry.parameters else None)
        return rule

    def _differential(self, op: str) -> Entry:
        return next(row for (name, _), row in self._differentials.items() if name == op)

    def _made(self, op: str, shapes: tuple[Shape, ...], label: Label) -> Rule:
        entry = self._differential(op)
        definition = self._definitions.get((op, len(entry.parameters)))
        body = self._definition((op, len(entry.parameters))) if definition else None
        return Rule.make(entry.text, entry.place, self._parse(entry), body, self, shapes, label)

    def entry(self, name: str, count: int) -> Entry:
        """Where the row of a function stands."""
        key = (name, count)
        return self._differentials.get(key) or self._definitions[key]

    def entries(self) -> list[Entry]:
        """One entry for each way of calling each function, in the order of the file.

        >>> len(standard().entries()) > 100
        True
        """
        return [form for forms in self._forms.values() for form in forms]

    def shaped_rule(self, op: str, shapes: tuple[Shape, ...], label: Label) -> Rule:
        """The rule of an operation on arrays, for their shapes.

        >>> rule = standard().shaped_rule("matmul", ((2, 3), (3, 4)), None)
        >>> rule.graph.shape(rule.differential)
        (2, 4)
        """
        key = (op, shapes, label)
        rule = self._shaped.get(key)
        if rule is None:
            rule = self._shaped[key] = self._made(op, shapes, label)
        return rule

    def jumps(self, op: str) -> bool:
        """Whether there are points where an operation's value jumps, as that of floor does at whole numbers.

        >>> standard().jumps("floor"), standard().jumps("sin")
        (True, False)
        """
        if op in _WITHOUT_RULE:
            return False
        return any(clause.kind == "jump" for clause in self.rule(op).clauses)

    def definition_of(self, entry: Entry) -> Entry | None:
        """The definition that gives the function's value, where there is one."""
        return self._definitions.get((entry.name, len(entry.parameters)))

    def arities(self, name: str) -> list[str]:
        """How a function may be called."""
        return [
            f"{name}({', '.join(form.parameters)}{', ...' if form.variadic else ''})"
            for form in self._forms.get(name, [])
        ]

    def names(self) -> list[str]:
        """Every function that can be called with an argument, in the order of the file.

        >>> "sin" in standard().names()
        True
        """
        return [name for name, forms in self._forms.items() if any(form.parameters for form in forms)]

    def check(self, source: Source) -> None:
        """Lower every row of a text, and hold each differential to a value that it belongs to.

        Raises AdcalcSyntaxError or UsageError at the first row that makes no sense.

        >>> table = Table(Source("twice(u) = 2*u"))
        >>> table.check(table.entry("twice", 1).source)
        """
        for key, entry in self._definitions.items():
            if entry.source is source:
                if self._calls_itself(key):
                    raise UsageError(f"{entry.name} is defined by itself", entry.place)
                code = self._parse(entry)
                parameters = tuple(name for name in entry.parameters if name not in OPTIONAL)
                with suppress(ShapeError):  # of what is about arrays, whose shapes its callers know
                    lower_row(code.source, [code.block[1:-1]], parameters, self)
        for entry in self._differentials.values():
            if entry.source is not source or known(entry.name):
                continue
            if self.rule(entry.name).body is None and Real().operation(entry.name) is None:
                raise UsageError(
                    f"{entry.name} has a differential and no value",
                    entry.place,
                    f"add a definition: {entry.name}({', '.join(entry.parameters)}) = ...",
                )

    def _calls_itself(self, key: tuple[str, int]) -> bool:
        """Whether the definitions that a definition calls lead back to it."""
        reached: set[tuple[str, int]] = set()
        waiting = [key]
        while waiting:
            for called in self._calls(waiting.pop()):
                if called == key:
                    return True
                if called not in reached:
                    reached.add(called)
                    waiting.append(called)
        return False

    def _calls(self, key: tuple[str, int]) -> Iterator[tuple[str, int]]:
        """The definitions that a definition calls."""
        definition = self._definition(key)
        blocks = [definition.body]
        while blocks:
            for operation, operand, _ in blocks.pop():
                if operation == "lazy":
                    blocks.extend(operand[1])
                elif operation == "call" or (operation == "name" and operand not in definition.parameters):
                    name, count = operand if operation == "call" else (operand, 0)
                    form = self._form(name, count)
                    if form is not None and (name, len(form.parameters)) in self._definitions:
                        yield name, len(form.parameters)


@lru_cache(maxsize=1)
def standard() -> Table:
    """The function table that adcalc comes with.

    >>> standard().find("cso", 1) is None
    True
    """
    return Table(Source(notation.read("functions.adc"), "functions.adc"))


def extended(path: str) -> Table:
    """The standard table with the rows of a user's file added.

    Raises FileError, AdcalcSyntaxError, UsageError; each names the line.
    """
    own = Source(notation.read_text(path), path)
    table = Table(Source(notation.read("functions.adc"), "functions.adc"), own)
    table.check(own)
    return table
