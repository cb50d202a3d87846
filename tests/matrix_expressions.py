"""Random expressions over vectors and matrices, whose shapes fit by construction."""

SHAPES = {
    "A": (3, 3),
    "B": (3, 3),
    "M": (3, 2),
    "x": (3,),
    "y": (3,),
    "z": (2,),
    "s": (),
    "t": (),
    "r": (1, 3),
    "c": (3, 1),
}
BY_SHAPE = {}
for _name, _shape in SHAPES.items():
    BY_SHAPE.setdefault(_shape, []).append(_name)

# A hole is a shape in braces; what stands around it is the language.
NUMBERS = [
    "({3})@({3})",
    "({2})@({2})",
    "({3})@({33})@({3})",
    "trace({33})",
    "sum({3})",
    "sum({33})",
    "sum({32})",
    "norm({3})",
    "norm({33})",
    "({})^2",
    "({3})[1]",
    "({32})[2, 1]",
    "log(det({33})^2 + 1)",
    "logsumexp({3})",
    "max({3})",
    "sum(({33})*({3}))",
    "({}) + ({})",
    "({}) - ({})",
    "({})*({})",
]
ELEMENTWISE = [
    "({same}) + ({same})",
    "({same}) - ({same})",
    "({same})*({same})",
    "({same}) + ({})",
    "({same})*({})",
    "({})*({same})",
    "({same})/(({})^2 + 1)",
    "sin({same})",
    "exp({same})",
    "tanh({same})",
    "-({same})",
    "3*({same}) - ({same})",
    "if({same} > 0.1, {same}, {same})",
]
VECTORS = {
    3: [
        "({33})@({3})",
        "({32})@({2})",
        "({3})@({33})",
        "sum({33}, axis=0)",
        "sum({32}, axis=1)",
        "diag({33})",
        "solve({33}, {3})",
        "({33})[2]",
        "({32})[:, 0]",
        "softmax({3})",
        "log_softmax({3})",
        "sum({13}, axis=0)",
        "concat({2}, [{}])",
    ],
    2: ["({32}).T@({3})", "({3})@({32})", "sum({32}, axis=0)", "({32})[0]", "softmax({2})", "({3})[0:2]"],
}
MATRICES = {
    (3, 3): [
        "({33})@({33})",
        "({32})@({32}).T",
        "({33}).T",
        "outer({3}, {3})",
        "inv({33})",
        "adjugate({33})",
        "diag({3})",
        "({33}) + ({3})",
        "({33})*({13})",
        "({33}) - ({31})",
        "softmax({33}, axis=0)",
        "({33}) - max({33}, axis=0, keepdims=1)",
        "({33}) - sum({33}, axis=1, keepdims=1)",
        "({33}) - logsumexp({33}, axis=1, keepdims=1)",
        "({33})/(norm({33}, axis=0, keepdims=1) + 1)",
        "[{3}, {3}, {3}]",
    ],
    (3, 2): [
        "({33})@({32})",
        "outer({3}, {2})",
        "softmax({32}, axis=1)",
        "({33})[:, 0:2]",
        "concat({31}, {31}, axis=1)",
    ],
    (1, 3): ["({13})@({33})", "({31}).T", "sum({33}, axis=0, keepdims=1)", "({33})[0:1]"],
    (3, 1): ["({33})@({31})", "({13}).T", "sum({33}, axis=1, keepdims=1)", "reshape({3}, 3, 1)"],
}
RESULTS = ["", "", "", "3", "33", "32"]


def expression(source):
    """A random expression; a number three times out of six."""
    text = f"{{{source.choice(RESULTS)}}}"
    depth = source.randrange(1, 5)
    while "{" in text:
        begin = text.index("{")
        end = text.index("}", begin)
        shape = tuple(map(int, text[begin + 1 : end]))
        level = 0 if source.random() < 0.1 else depth - text[:begin].count("(") + text[:begin].count(")")
        text = f"{text[:begin]}{_filled(source, shape, level)}{text[end + 1 :]}"
    return text


def _filled(source, shape, level):
    if level <= 0:
        return source.choice(_leaves(source, shape))
    own = MATRICES[shape] if len(shape) == 2 else VECTORS[shape[0]] if shape else NUMBERS
    pattern = source.choice(own if not shape or source.random() < 0.6 else ELEMENTWISE)
    return pattern.replace("{same}", f"{{{''.join(map(str, shape))}}}")


def _leaves(source, shape):
    leaves = list(BY_SHAPE[shape])
    if not shape:
        return [*leaves, "2", "3", "1/2"]
    if source.random() < 0.25:
        lengths = ", ".join(map(str, shape))
        leaves = [f"ones({lengths})", f"zeros({lengths})"]
        if shape == (3, 3):
            leaves += ["eye(3)", "eye(3)"]
    return leaves
