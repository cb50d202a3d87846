"""Every command that proves digits, on thousands of generated questions, against mpmath at twice the precision."""

import json
import re
from functools import lru_cache
from random import Random

import pytest
from questions import SEARCHING, kinds, numbers, question, truth
from samples import sample

from adcalc.cli import app

BATCHES = 40
EACH = 25  # expressions, programs and lists in a batch
KINDS = 4  # commands that are asked about each
SEARCHED = 0.1  # of the single results, by commands that look at many points
REFUSALS = {"precision", "domain", "not_differentiable"}
_TINY = 300  # of a power of ten
_group = lru_cache(maxsize=None)(app.group)


@pytest.fixture
def asked(capsys, monkeypatch):
    """Questions of generated expressions with their answers, or None where no digits can be proved."""
    monkeypatch.setattr(app, "group", _group)  # typer would build the same commands again for each question

    def of(seeds):
        for seed in seeds:
            random = Random(seed)
            about = sample(random)
            chosen = random.sample(kinds(about), KINDS)
            if len(about.texts) == 1 and not about.array and random.random() < SEARCHED:
                chosen += SEARCHING
            for kind in chosen:
                request = question(random, about, kind)
                if request is not None:
                    code = app.run(request.words)
                    printed = capsys.readouterr()
                    refused = "" if printed.out else json.loads(printed.err)["error"]["kind"]
                    assert (code, refused) == (0, "") or (code == 1 and refused in {"", *REFUSALS}), request.words
                    answer = json.loads(printed.out) if printed.out else {"reference": None}
                    yield about, request, None if answer.get("reference", "") is None else answer

    return of


@pytest.mark.parametrize("batch", range(BATCHES))
def test_not_one_digit_is_wrong(batch, asked):
    every, answered = 0, 0
    for about, request, answer in asked(range(EACH * batch, EACH * (batch + 1))):
        every += 1
        if answer is not None:
            answered += 1
            true = truth(about, request, answer)
            for printed, parts, digits in numbers(answer, request):
                assert true.holds(printed, parts, digits), (request.words, printed, parts)
    assert answered > 0.9 * every


def test_a_wrong_digit_is_seen(asked):
    seen = 0
    for about, request, answer in asked(range(10)):
        if answer is None:
            continue
        true = truth(about, request, answer)
        for printed, parts, digits in list(numbers(answer, request))[-2:]:
            if int(printed.partition("e")[2] or 0) < -_TINY:
                continue  # which takes mpmath so many digits
            assert not true.holds(_mistaken(printed), parts, digits), (request.words, printed, parts)
            seen += 1
    assert seen > 40


def _mistaken(printed):
    """The number with its last digit wrong by one."""
    return re.sub(r"\d(?=e|$)", lambda last: str(int(last[0]) + (1 if last[0] < "9" else -1)), printed, count=1)
