"""The rules of differentiation as a teacher writes them down: one derivative, replaced by what its rule says.

Sums, multiples, products, quotients and powers have their textbook forms; every other function has its row of the
function table. The forms say what the rows of the four operations and of `pow` say, in another spelling. Where a user's
own table has another row for one of them, it is that row which is used.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from adcalc.arithmetics.symbolic import Symbolic
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, DERIVATIVES, NodeId
from adcalc.rules.compiled import Compiled
from adcalc.rules.rule import strike
from adcalc.rules.table import Table, standard
from adcalc.syntax.unparse import unparse

if TYPE_CHECKING:
    from adcalc.rewrite.tidy import Parts, Tidy

_TEXTBOOK: Final = ("add", "sub", "neg", "mul", "div", "pow")
POWER: Final = "power rule"  # of a power of the variable itself
_FACTORS: Final = 4  # of a product that is differentiated at once


class Applied(NamedTuple):
    """What a derivative is by a rule, and the rule's name."""

    result: NodeId
    rule: str


class Textbook:
    """The rules for derivatives by one variable. `functions` are inputs that stand for expressions of the variable.

    >>> from adcalc.rewrite.tidy import Tidy
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> square = graph.apply("pow", x, graph.constant(Fraction(2)))
    >>> applied = Textbook(Tidy(graph), standard(), x).apply(graph.apply("sin", square))
    >>> unparse(graph, applied.result), applied.rule
    ('cos(x^2)*d/dx(x^2)', 'chain rule with d sin(u) = cos(u)*du')
    """

    def __init__(self, tidy: Tidy, table: Table, variable: NodeId, functions: frozenset[NodeId] = frozenset()) -> None:
        self.tidy = tidy
        self.graph = tidy.graph
        self.table = table
        self.variable = variable
        self._changing = {variable, *functions}
        self._seen = 0
        self._rules: Compiled[Any] = Compiled(table, Symbolic(self.graph))
        self._has_forms = all(table.rule(op).text == standard().rule(op).text for op in _TEXTBOOK)

    def depends(self, node: NodeId) -> bool:
        """Whether a node changes with the variable, other than by a condition."""
        spread(self.graph, self._changing, self._seen)
        self._seen = len(self.graph)
        return node in self._changing

    def slope(self, node: NodeId) -> NodeId:
        """The derivative of a node: 1 of the variable, 0 of what does not change, and else still to be taken."""
        if node == self.variable:
            return self.tidy.number(1)
        return self.tidy.derivative(node, self.variable) if self.depends(node) else self.tidy.number(0)

    def apply(self, node: NodeId) -> Applied:
        """The derivative of a node by the rule for its operation."""
        if node == self.variable:
            name = unparse(self.graph, node)
            return Applied(self.tidy.number(1), f"{self.tidy.sign}{name}({name}) = 1")
        if not self.depends(node):
            return Applied(self.tidy.number(0), "derivative of a constant")
        op, args, _ = self.graph.nodes[node]
        if self._has_forms:
            if op in ("add", "sub"):
                return self._sum(node)
            if op in ("mul", "div", "neg"):
                return self._product(node)
            if op == "pow":
                return self._power(node, args[0], args[1])
        if op == "if":
            sides = (self.slope(side) for side in args[1:])
            return Applied(self._chosen(args[0], *sides), "each side by itself")
        return self._row(node)

    # ------------------------------------------------------------ the rules

    def _sum(self, node: NodeId) -> Applied:
        summands = self.tidy.summands(node)
        found: list[tuple[int, NodeId]] = []
        multiples = False
        for sign, summand in summands:
            if not self.depends(summand):
                continue
            number, constants, changing = self._separated(summand)
            factors = changing.above + changing.below
            once = len(factors) == 1 and factors != [summand]  # 1*x
            multiples = multiples or constants or abs(number) != 1
            multiple = constants or number != 1 or once
            found.append((sign, self._multiple(summand, changing) if multiple else self.slope(summand)))
        minus = sum(1 for sign, _ in summands if sign < 0)
        rule = "sum rule" if not minus else "difference rule" if len(summands) == 2 else "sum and difference rules"
        return Applied(self.tidy.sum(found), f"{rule}, constant multiple rule" if multiples else rule)

    def _separated(self, node: NodeId) -> tuple[Fraction, bool, Parts]:
        """A product's number, whether other constants stand there, and the factors that change."""
        parts = self.tidy.parts(node)
        above = [factor for factor in parts.above if self.depends(factor)]
        below = [factor for factor in parts.below if self.depends(factor)]
        constants = len(above) + len(below) < len(parts.above) + len(parts.below) or parts.divisor != 1
        return parts.number, constants, parts._replace(above=above, below=below)

    def _multiple(self, node: NodeId, changing: Parts) -> NodeId:
        """Constants times the derivative of the factors that change; the derivative stands where they began."""
        tidy, parts = self.tidy, self.tidy.parts(node)
        rest = self._quotient(changing.above, changing.below)
        slope = self.slope(rest)
        kept = [factor for factor in parts.above if not self.depends(factor)]
        below = [factor for factor in parts.below if not self.depends(factor)]
        above = [tidy.number(parts.number), *kept, slope]
        return tidy.product(above, [tidy.number(parts.divisor), *below])

    def _quotient(self, above: list[NodeId], below: list[NodeId]) -> NodeId:
        top = self.tidy.joined(above) if above else self.tidy.number(1)
        return self.graph.apply("div", top, self.tidy.joined(below)) if below else top

    def _product(self, node: NodeId) -> Applied:
        number, constants, changing = self._separated(node)
        above, below = changing.above, changing.below
        if constants or number != 1 or (len(above) == 1 and not below):
            return Applied(self._multiple(node, changing), "constant multiple rule")
        if not below:
            if len(above) > _FACTORS:
                above = [self.tidy.joined(above[:-1]), above[-1]]
            terms = [
                (1, self.tidy.product([*above[:k], self.slope(factor), *above[k + 1 :]]))
                for k, factor in enumerate(above)
            ]
            return Applied(self.tidy.sum(terms), "product rule")
        divisor = self.tidy.joined(below)
        if not above:
            return self._reciprocal(divisor)
        dividend = self.tidy.joined(above)
        difference = [
            (1, self.tidy.product([self.slope(dividend), divisor])),
            (-1, self.tidy.product([dividend, self.slope(divisor)])),
        ]
        return Applied(self.tidy.product([self.tidy.sum(difference)], [self._square(divisor)]), "quotient rule")

    def _reciprocal(self, divisor: NodeId) -> Applied:
        """The derivative of 1/u, or of 1/u^n, which is the power -n."""
        op, args, _ = self.graph.nodes[divisor]
        base, exponent = divisor, Fraction(1)
        if op == "sqrt":
            base, exponent = args[0], Fraction(1, 2)
        elif op == "pow":
            value = self.graph.nodes[args[1]].label
            if isinstance(value, Fraction):
                base, exponent = args[0], value
        slope = self.slope(base)
        power = self.graph.apply("pow", base, self.tidy.number(exponent + 1))
        result = self.tidy.product([self.tidy.number(-exponent), slope], [power])
        if base == self.variable:
            return Applied(result, POWER)
        return Applied(result, "reciprocal rule" if base == divisor else f"chain rule with the {POWER}")

    def _square(self, node: NodeId) -> NodeId:
        op, args, _ = self.graph.nodes[node]
        value = self.graph.nodes[args[1]].label if op == "pow" else None
        if isinstance(value, Fraction) and value.denominator == 1:
            return self.graph.apply("pow", args[0], self.tidy.number(2 * value))
        return self.graph.apply("pow", node, self.tidy.number(2))

    def _power(self, node: NodeId, base: NodeId, exponent: NodeId) -> Applied:
        tidy, nodes = self.tidy, self.graph.nodes
        number, above = nodes[base].label, nodes[exponent].label
        if not self.depends(exponent):
            less = self._less(exponent)
            power = self.graph.apply("pow", base, less) if nodes[less].label != 1 else base
            if nodes[less].label == 0:
                power = tidy.number(1)
            result = tidy.product([exponent, power, self.slope(base)])
            return Applied(tidy.number(0) if above == 0 else result, self._chained(f"the {POWER}", base))
        if self.depends(base):
            logarithm = self.graph.apply("mul", exponent, self.graph.apply("log", base))
            result = tidy.product([node, self.slope(logarithm)])
            return Applied(result, "general power rule, u^w = exp(w*log(u))")
        if isinstance(number, Fraction) and number <= 0:
            return self._row(node)
        result = tidy.product([node, self.graph.apply("log", base), self.slope(exponent)])
        return Applied(result, self._chained("d a^u = a^u*log(a)*du", exponent))

    def _less(self, exponent: NodeId) -> NodeId:
        """An exponent, less 1."""
        tidy, label = self.tidy, self.graph.nodes[exponent].label
        return (
            tidy.number(label - 1) if isinstance(label, Fraction) else tidy.sum([(1, exponent), (-1, tidy.number(1))])
        )

    def _chosen(self, condition: NodeId, taken: NodeId, other: NodeId) -> NodeId:
        return taken if taken == other else self.graph.apply("if", condition, taken, other)

    def _chained(self, rule: str, *inner: NodeId) -> str:
        """The name of a rule for a function of these expressions: with the chain rule, unless they are the variable."""
        if all(node == self.variable for node in inner):
            return rule.removeprefix("the ")
        return f"chain rule with {rule}"

    # ------------------------------------------------------------ rows of the table

    def _row(self, node: NodeId) -> Applied:
        op, args, _ = self.graph.nodes[node]
        active = tuple(k for k, argument in enumerate(args) if self.depends(argument))
        first = len(self.graph)
        slopes = [self.slope(args[k]) for k in active]
        made = self._rules.push(op, active)(node, *args, *slopes)
        result = self.tidy.rebuilt(made, first)
        return Applied(result, self._chained(row_text(self.table, op, active), *(args[k] for k in active)))


def spread(graph: Graph, changing: set[NodeId], first: NodeId = 0) -> None:
    """Add to the nodes that change with a variable those from `first` on that are made of them; conditions are not.

    >>> graph = Graph()
    >>> x, y = graph.input("x"), graph.input("y")
    >>> changing, sine, other = {x}, graph.apply("sin", x), graph.apply("sin", y)
    >>> spread(graph, changing)
    >>> changing == {x, sine}
    True
    """
    nodes = graph.nodes
    for node in range(first, len(nodes)):
        op, args, _ = nodes[node]
        if op == "if":
            args = args[1:]
        if op not in CONDITIONS and op not in DERIVATIVES and not changing.isdisjoint(args):
            changing.add(node)


def row_text(table: Table, op: str, active: tuple[int, ...]) -> str:
    """A row as it is quoted: the function's own value written out, and only with the differentials that occur.

    >>> row_text(standard(), "tan", (0,)), row_text(standard(), "besseli", (1,))
    ('d tan(u) = (1 + tan(u)^2)*du', 'd besseli(n, u) = (besseli(n - 1, u) + besseli(n + 1, u))/2*du')
    >>> row_text(standard(), "mod", (0,))
    'd (u % w) = du'
    """
    rule = table.rule(op)
    if op in table.residuals:
        return rule.text
    short = Graph()
    absent = [node for k, node in enumerate(rule.d_inputs()) if k not in active]
    struck = strike(rule.graph, rule.differential, absent, short)
    call = unparse(short, short.apply(op, *(short.input(name) for name in rule.parameters)))
    value = call if call.endswith(")") else f"({call})"  # of an operator: d (u % w)
    if struck is None:
        return f"d {value} = 0"
    names = {short.input("v"): value} if "v" not in rule.parameters else {}
    return f"d {value} = {unparse(short, struck, names)}"
