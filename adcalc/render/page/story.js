
// A step in words: what is computed, from what, and by which rule.

const nameOf = (node) => data.modes[mode].nodes[node].name;
const partialSign = (target, source) => (data.arrays ? `d${target}/d${source}` : `∂${target}/∂${source}`);
const words = (...content) => element("p", "", ...content);

// A sum under its signs, and what is still to come: ∂f/∂a·∂a/∂x, then 0.5×1.0 = 0.5.
function chain(signs, terms, sum, more) {
  const made = element("p", "chain", element("span", "signs", signs, ...(terms.length ? [" = ", ...terms] : [])));
  made.append(element("span", "", ...written(sum, false)));
  if (more) made.append(element("small", "", more));
  return made;
}

// What is still to come to an accumulator, from nodes that have not handed down yet.
function missing(target, sum) {
  const { nodes } = data.modes[mode];
  const waiting = data.edges
    .filter(([source, user, partial]) => source === target && partial !== null && user in nodes)
    .filter(([, user]) => !sum.users.includes(user));
  const names = waiting.slice(0, 3).map(([, user]) => nameOf(user)).join(", ");
  if (waiting.length) return `so far; still to come from ${names}${waiting.length > 3 ? ", …" : ""}`;
  return nodes[target].rest ? "so far; the rest is not on this page" : "complete";
}

function returned(node, updates, state) {
  const { result, output } = data.modes[mode];
  const blocks = [];
  if (node === output) {
    blocks.push(words(`The return sweep begins at the result: ${partialSign(result, result)} is 1, the seed.`));
  }
  for (const [target] of updates) {
    if (target === output) continue;
    const [sum] = state.sums.get(target);
    const terms = data.arrays ? [] : sum.users.slice(0, data.written).flatMap((user, k) => {
      const [name, below] = [nameOf(user), nameOf(target)];
      const term = span("term", `${partialSign(result, name)}·${partialSign(name, below)}`);
      return k ? [" + ", term] : [term];
    });
    if (terms.length && sum.users.length > data.written) terms.push(" + …");
    blocks.push(chain(partialSign(result, nameOf(target)), terms, sum, missing(target, sum)));
  }
  return blocks;
}

function pushed(node) {
  const { nodes, directions } = data.modes[mode];
  const name = nameOf(node);
  const sources = (edgesInto.get(node) ?? []).filter(([, , partial]) => partial !== null).map(([source]) => nameOf(source));
  const terms = sources.slice(0, data.written).map((source) => `${partialSign(name, source)}·${source}′`).join(" + ");
  return nodes[node].sums.map((sum, k) => {
    if (!sum) return words("A condition has no tangent.");
    const signs = sum.terms.length && !data.arrays ? [terms, sources.length > data.written ? " + …" : ""] : [];
    const made = chain(`${name}′`, signs, sum, isSeed(node) ? "the seed" : "");
    if (directions.length > 1) made.prepend(element("small", "", directions[k]));
    return made;
  });
}

function partials(node) {
  const found = (edgesInto.get(node) ?? []).filter(([, , partial]) => partial !== null);
  if (!found.length) return [];
  const list = element("p", "chain");
  for (const [source, , partial] of found.slice(0, 2 * data.written)) {
    const sign = data.arrays ? partialSign(data.modes[mode].result, nameOf(source)) : partialSign(nameOf(node), nameOf(source));
    list.append(element("span", "", `${sign} = `, element("b", "partial", shown(partial))));
  }
  if (found.length > 2 * data.written) list.append(element("small", "", `and ${found.length - 2 * data.written} more below`));
  return [words(data.arrays ? "Its adjoint will hand down:" : "On its edges stand its partial derivatives:"), list];
}

function finished() {
  const { nodes, output, result, steps, directions } = data.modes[mode];
  const inputs = Object.entries(nodes).filter(([, node]) => !node.op);
  const state = folded(steps.length - 1);
  const along = (direction) => (direction.startsWith("∂") ? `∂${result}${direction.slice(1)}` : `${result}′`);
  const slopes = mode === "reverse"
    ? inputs.map(([id, node]) => [partialSign(result, node.name), state.sums.get(Number(id))?.[0]])
    : (nodes[output]?.sums ?? []).map((sum, k) => [along(directions[k]), sum]);
  const found = slopes.filter(([, sum]) => sum).slice(0, data.written).map(([sign, sum]) => `${sign} = ${data.arrays ? rounded(sum.total) : shown(sum.total)}`);
  if (!found.length) return words(element("b", "", "Done: there is nothing to differentiate by."));
  return words(element("b", "", `Done: ${found.join(", ")}${slopes.length > found.length ? ", …" : ""}`));
}

function explained([phase, node, updates], state) {
  const { nodes, result } = data.modes[mode];
  if (phase === "start") {
    const what = mode === "reverse"
      ? `The primal sweep will fill in the values, from the inputs to ${result}.`
        + ` The return sweep will then carry derivatives back, from ${result} to the inputs.`
      : `One sweep from the inputs to ${result} will give every node its value and its tangents.`;
    return ["Nothing is computed yet", [words(what), words("Step with the buttons, the slider or the arrow keys.")]];
  }
  const { name, op, text, value } = nodes[node];
  if (op === "constant") return [shown(value), [words("A constant: no derivative flows into it.")]];
  if (phase === "return") {
    const own = nodes[node].rest ?? state.sums.get(node)?.[0].total ?? null;
    return [`${name} hands down its adjoint, ${data.arrays ? rounded(own) : shown(own)}`, returned(node, updates, state)];
  }
  const told = data.arrays ? rounded(value) : shown(value);
  const equation = !op || text === name ? `${name} = ${told}` : `${name} = ${text} = ${told}`;
  if (phase === "again") return [equation, [words("Its value had been let go, and is computed once more.")]];
  if (phase === "push") return [equation, pushed(node)];
  return [equation, op ? partials(node) : [words("An input: its value is given.")]];
}

const PHASES = { start: "Start", primal: "Primal sweep", return: "Return sweep", push: "Forward sweep", again: "Computed again" };

function showStory(step, state) {
  const [headline, blocks] = explained(step, state);
  const { steps } = data.modes[mode];
  if (isLast() && steps.length > 1) blocks.push(finished());
  byId("phase").className = `phase ${step[0]}`;
  byId("phase").textContent = PHASES[step[0]];
  byId("headline").textContent = headline;
  byId("story").replaceChildren(...blocks);
  const row = [...byId("rules").children].find((row) => row.classList.contains("lit"));
  byId("rule").replaceChildren();
  if (row) {
    const { single } = data.modes[mode].nodes[step[1]];
    const rule = element("code", "", row.querySelector("code").textContent);
    byId("rule").append(single ? "the rule: " : "its last operation: ", rule);
  }
  byId("count").textContent = `${position[mode]} / ${steps.length - 1}`;
  const told = blocks.map((block) => [...block.childNodes].map((part) => part.textContent).join("; "));
  const said = [`Step ${position[mode]} of ${steps.length - 1}`, PHASES[step[0]], headline, ...told];
  byId("announce").textContent = said.map((words) => (words.endsWith(".") ? words : `${words}.`)).join(" ");
  byId("slider").setAttribute("aria-valuetext", `${position[mode]}: ${headline}`);
}
