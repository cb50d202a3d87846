"""The work over arrays as data: nothing that JSON has no word for, and norms where arrays are large."""

import json

import numpy as np

from adcalc.api import function
from adcalc.render.trace_json import trace as line


def test_the_work_is_json_and_reads_back():
    x = np.array([[0.1, -0.0], [1 / 3, 2.0]])
    made = function("Y = X @ X; L = sum(Y); L").trace(X=x, order="layered")
    answer = json.loads(line(made), parse_constant=lambda word: 1 / 0)
    nodes = {node["name"]: node for node in answer["nodes"]}
    assert nodes["Y"]["value"] == (x @ x).tolist()
    assert nodes["X"]["adjoint"] == answer["gradient"]["X"]
    assert "-0.0" not in line(made)
    first = next(step for step in answer["steps"] if step["phase"] == "return")
    assert first["updates"][1]["terms"] == [{"user": nodes["L"]["id"], "formula": "1"}]


def test_a_large_array_is_null_in_nodes_and_steps():
    made = function("Y = 2*X; L = sum(Y); L").trace(X=np.ones((40, 50)))
    answer = json.loads(line(made))
    nodes = {node["name"]: node for node in answer["nodes"]}
    assert nodes["Y"]["value"] is None
    assert nodes["Y"]["value_norm"] == 2 * 2000**0.5
    assert nodes["Y"]["shape"] == [40, 50]
    updates = [update for step in answer["steps"] if step["phase"] == "return" for update in step["updates"]]
    assert all(
        update["adjoint"] is None and "adjoint_norm" in update
        for update in updates
        if update["node"] != nodes["L"]["id"]
    )
    assert np.shape(answer["gradient"]["X"]) == (40, 50)
