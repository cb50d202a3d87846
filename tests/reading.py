"""What a command has printed, read as strictly as the strictest reader of JSON does."""

import json
import math


def strictly(text):
    """JSON without NaN, Infinity and negative zero."""

    def number(word):
        assert not (float(word) == 0 and word.startswith("-")), text
        assert math.isfinite(float(word))
        return float(word)

    def constant(word):
        raise AssertionError(f"{word} in JSON")

    return json.loads(text, parse_float=number, parse_constant=constant)
