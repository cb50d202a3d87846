"""How fast adcalc is, as ratios within one run: these machines are noisy, so no absolute time is worth keeping.

python tests/benchmarks/run.py          all of it, a few minutes
python tests/benchmarks/run.py start    cold starts only; also: text, sweeps, watch, loops, work, session, arrays,
                                        higher
"""

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from measuring import expression, seconds

from adcalc.api import function
from adcalc.arithmetics.real import Real
from adcalc.errors import Source
from adcalc.modes import forward, reverse
from adcalc.modes.base import Problem
from adcalc.modes.sweep import primal
from adcalc.rules.compiled import Compiled
from adcalc.rules.table import standard
from adcalc.syntax.lower import lower
from adcalc.syntax.parser import parse

QUESTION = ["grad", "cos(x*y)+y", "--at", "x=0,y=1", "--json"]
SYMPY = (
    "from sympy import *; x, y = symbols('x y'); f = cos(x*y)+y; print([f.diff(v).subs({x: 0, y: 1}) for v in (x, y)])"
)
JAX = "import jax, jax.numpy as jnp; print(jax.grad(lambda x, y: jnp.cos(x*y)+y, argnums=(0, 1))(0., 1.))"


def starts() -> None:
    """Cold starts as multiples of `python -c pass`, interleaved."""
    python = sys.executable
    asked = {
        "python -c pass": [python, "-c", "pass"],
        "adcalc grad --json": [python.rsplit("/", 1)[0] + "/adcalc", *QUESTION],
        "SymPy": [python, "-c", SYMPY],
        "JAX": [python, "-c", JAX],
    }
    times: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(15):
        for name, command in list(asked.items()):
            begin = time.perf_counter()
            failed = subprocess.run(command, capture_output=True, check=False).returncode
            times[name].append(time.perf_counter() - begin)
            if failed:
                del asked[name]
                times[name] = []
    base = times["python -c pass"]
    for name, taken in times.items():
        if taken:
            ratio = statistics.median(mine / other for mine, other in zip(taken, base, strict=True))
            print(f"{name:20} {ratio:6.1f} x")
        else:
            print(f"{name:20} not installed")


def lark_embedded() -> Callable[[str], object]:
    """Lark itself on the grammar of plain arithmetic, with a transformer that builds the same graph while it parses."""
    from fractions import Fraction

    from lark import Lark, Transformer, v_args

    from adcalc.graph.graph import Graph

    grammar = r"""
    ?start: sum
    ?sum: product | sum "+" product -> add | sum "-" product -> sub
    ?product: unary | product "*" unary -> mul | product "/" unary -> div
    ?unary: power | "-" unary -> neg
    ?power: atom | atom "^" unary -> pow
    ?atom: NUMBER -> number | NAME -> name | NAME "(" sum ")" -> call | "(" sum ")"
    NAME: /[A-Za-z_][A-Za-z_0-9]*/
    NUMBER: /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/
    """

    def read(text: str) -> object:
        graph = Graph()

        @v_args(inline=True)
        class Build(Transformer):  # type: ignore[type-arg]
            def number(self, token: str) -> int:
                return graph.constant(Fraction(str(token)))

            def name(self, token: str) -> int:
                return graph.input(str(token))

            def call(self, name: str, argument: int) -> int:
                return graph.apply(str(name), argument)

        for op in ("add", "sub", "mul", "div", "neg", "pow"):
            setattr(Build, op, v_args(inline=True)(lambda self, *args, op=op: graph.apply(op, *args)))
        return Lark(grammar, parser="lalr", transformer=Build()).parse(text)

    return read


def texts() -> None:
    """Text to graph, in microseconds an operation, and beside Lark with an embedded transformer on the same text."""
    table = standard()
    read = lark_embedded()
    for size in (10**2, 10**3, 10**4, 10**5, 10**6):
        text, count = expression(size, 4)
        rounds = 5 if size < 10**5 else 1
        ours = seconds(lambda text=text: lower(parse(Source(text)), table), rounds)  # type: ignore[misc]
        line = f"{size:8} operations: {ours / count * 1e6:5.2f} us an operation"
        if 10**3 <= size <= 10**5:
            theirs = seconds(lambda text=text: read(text), 1)  # type: ignore[misc]
            line += f", {ours / theirs:4.2f} x Lark with an embedded transformer"
        print(line)


def sweeps() -> None:
    """Primal, reverse and forward sweeps, in microseconds a node, and the gradient as a multiple of the value."""
    rules = Compiled(standard(), Real())
    for size, variables in ((100, 3), (10**3, 3), (10**4, 3), (10**5, 3), (10**5, 10**4), (10**6, 4)):
        text, _ = expression(size, variables)
        lowered = lower(parse(Source(text)), standard())
        inputs = tuple(lowered.variables.values())
        point = {node: 0.5 + 0.3 * (number % 3) for number, node in enumerate(inputs)}
        problem = Problem(lowered.graph, lowered.output, inputs, point)
        nodes = len(lowered.graph)
        rounds = 7 if size < 10**6 else 2
        tape = primal(problem, rules)
        value = seconds(lambda problem=problem: primal(problem, rules), rounds)  # type: ignore[misc]
        back = seconds(lambda tape=tape: reverse.run(tape), rounds)  # type: ignore[misc]
        one = tape._replace(problem=problem._replace(wrt=inputs[:1]))
        ahead = seconds(lambda one=one: forward.run(one), rounds)  # type: ignore[misc]
        print(
            f"{nodes:8} nodes, {len(inputs):5} inputs: primal {value / nodes * 1e6:5.2f}, primal + reverse "
            f"{(value + back) / nodes * 1e6:5.2f}, forward, one direction {ahead / nodes * 1e6:5.2f} us a node; "
            f"gradient / value {(value + back) / value:4.2f}"
        )


def watch() -> None:
    """The watch for lost digits."""
    from watching import watch as run

    run()


STEP = "y = y + sin(x*y)/(1 + y*y)*0.001 - x*y*0.0001"
LOOPS = {
    "repeat": f"y = x; repeat 100000 {{ {STEP} }} y",
    "while, known": f"y = x; n = 0; while n < 100000 {{ {STEP}; n = n + 1 }} y",
    "while, by the point": f"y = x; t = 0*x; while t < 1 {{ {STEP}; t = t + 0.00001 }} y",
}
NEWTON = "f(t) = t^3 - a; x = 1; repeat 2000 { x = x - 0.01*f(x)/diff(f(x), x) } x"


def loops() -> None:
    """Loops of 100,000 rounds and a thousand derivatives inside a program: unfolding beside the sweeps."""
    for name, text in LOOPS.items():
        asked = function(text)
        unfold = seconds(lambda text=text: function(text).at({"x": 1.5}), 1)  # type: ignore[misc]
        lowered, _ = asked.at({"x": 1.5})
        sweep = seconds(lambda asked=asked: asked.gradient({"x": 1.5}), 1)  # type: ignore[misc]
        nodes = len(lowered.graph)
        print(
            f"{name:20} {nodes:8} nodes: unfolding {unfold / nodes * 1e6:4.2f}, "
            f"gradient {sweep / nodes * 1e6:4.2f} us a node"
        )
    newton = seconds(lambda: function(NEWTON).gradient({"a": 2.0}), 1)
    print(f"2,000 Newton steps with diff inside: {newton:4.2f} s")


def work() -> None:
    """The work shown: commands on large expressions as multiples of `python -c pass`."""
    python = sys.executable
    adcalc = python.rsplit("/", 1)[0] + "/adcalc"
    large = "+".join(f"sin({k}*x)" for k in range(1, 334))
    huge = "+".join(f"sin({k}*x)" for k in range(1, 2501))
    base = seconds(lambda: subprocess.run([python, "-c", "pass"], check=True), 9)
    for name, command in {
        "trace, 1,000 nodes": ["trace", large, "--at", "x=1"],
        "trace --json": ["trace", large, "--at", "x=1", "--json"],
        "compare, 10,000 nodes": ["compare", huge, "--at", "x=1"],
    }.items():
        taken = seconds(lambda command=command: subprocess.run([adcalc, *command], capture_output=True, check=True), 3)  # type: ignore[misc]
        print(f"{name:22} {taken / base:6.1f} x")


def session() -> None:
    """Answers a second of `adcalc repl` on a pipe, start included: a new point in each of ten thousand lines."""
    chance = random.Random(0)
    points = [(chance.random(), chance.random()) for _ in range(10_000)]
    typed = {
        "--at in each line": "".join(f"grad cos(x*y)+y --at x={x},y={y}\n" for x, y in points),
        "values in a line before": "".join(f"x={x}; y={y}\ngrad cos(x*y)+y\n" for x, y in points),
    }
    for name, text in typed.items():
        for options in ([], ["--json"]):
            command = [sys.executable, "-m", "adcalc", "repl", *options]
            taken = seconds(lambda: subprocess.run(command, input=text.encode(), capture_output=True, check=True), 3)  # noqa: B023
            print(f"{name:24} {' '.join(options):7} {len(points) / taken:6.0f} answers a second")


def arrays() -> None:
    """Arrays beside NumPy by hand."""
    from arrays import arrays as run

    run()


def higher() -> None:
    """Second derivatives, series and proved digits beside their peers."""
    from higher import higher as run

    run()


def main() -> None:
    """Run what is asked for."""
    parts = {
        "start": starts,
        "text": texts,
        "sweeps": sweeps,
        "watch": watch,
        "loops": loops,
        "work": work,
        "session": session,
        "arrays": arrays,
        "higher": higher,
    }
    asked = sys.argv[1:] or list(parts)
    for name, action in parts.items():
        if name in asked:
            print(f"-- {name}")
            action()


if __name__ == "__main__":
    main()
