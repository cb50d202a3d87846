// The state: what the page knows, how it writes a number, and the fold of the steps up to the one that is seen.
// Whatever came from the user becomes text here, never markup.

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const root = document.documentElement;
const source = byId("source");
const program = source.textContent;
const pause = 1400; // milliseconds between two steps when playing
let position = { reverse: 0, forward: 0 };
let mode = data.start;
let digits = 0; // which of the two writings of a number: 0 rounded, 1 all digits
let timer = null;

const edgesInto = new Map();
for (const edge of data.edges) {
  if (!edgesInto.has(edge[1])) edgesInto.set(edge[1], []);
  edgesInto.get(edge[1]).push(edge);
}

// A number is a text, or a pair of texts: rounded, and with all digits. An array has a third, which is one line.
const isRounded = (number) => Array.isArray(number) && number[0] !== number[1];
const shown = (number) => (number === null ? "–" : Array.isArray(number) ? number[digits] : number);
const rounded = (number) => (number === null ? "" : Array.isArray(number) ? number[2] ?? number[0] : number);
const factor = (number) => (shown(number).startsWith("-") ? `(${shown(number)})` : shown(number));

function element(tag, kind, ...content) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  made.append(...content);
  return made;
}

const span = (kind, ...content) => element("span", kind, ...content);

function sign(sum) {
  const cut = !digits && (isRounded(sum.total) || sum.terms.some((term) => term.some(isRounded) && !term.includes("0.0")));
  return sum.exact && !cut ? "=" : "≈";
}

// The terms of a sum with plus signs between them; of a long sum the first, and how many more there are.
function joined(sum, write) {
  const parts = sum.terms.slice(0, data.written).map(write);
  const more = sum.more < 0 ? -1 : sum.more + sum.terms.length - parts.length;
  if (more) parts.push(more < 0 ? "…" : `${more} more`);
  return parts.flatMap((part, k) => (k ? [" + ", part] : [part]));
}

function product([left, right]) {
  if (right === undefined) return span("term partial", left); // between arrays
  const [first, second] = mode === "reverse" ? ["adjoint", "partial"] : ["partial", "tangent"];
  return span("term", span(first, shown(left)), "×", span(second, factor(right)));
}

function written(sum, seeded) {
  if (!sum) return ["–"];
  const total = element("b", mode === "reverse" ? "adjoint" : "tangent", shown(sum.total));
  if (sum.terms.length) return [span("sum", ...joined(sum, product), ` ${sign(sum)}`), " ", total];
  return seeded ? [span("seed", "seed"), " ", total] : [total];
}

function folded(upTo) {
  const { nodes, steps } = data.modes[mode];
  const state = { known: new Set(), sums: new Map() };
  for (const [phase, node, updates] of steps.slice(1, upTo + 1)) {
    if (phase !== "return") state.known.add(node);
    if (phase === "push") state.sums.set(node, nodes[node].sums);
    for (const [target, term, total, exact, more] of updates) {
      if (!state.sums.has(target)) state.sums.set(target, [{ terms: [], users: [] }]);
      const [sum] = state.sums.get(target);
      Object.assign(sum, { total, exact, more });
      if (term) sum.terms.push(term) && sum.users.push(node);
    }
  }
  if (mode === "reverse") for (const [sum] of state.sums.values()) sum.terms.reverse() && sum.users.reverse();
  // At the end stands what the steps on this page do not reach, because nodes were left out.
  for (const [id, { rest }] of upTo === steps.length - 1 ? Object.entries(nodes) : []) {
    if (rest === undefined) continue;
    const [{ terms, users }] = state.sums.get(Number(id)) ?? [{ terms: [], users: [] }];
    state.sums.set(Number(id), [{ terms, users, total: rest, exact: true, more: terms.length ? -1 : 0 }]);
  }
  return state;
}

// What no step fills, because no derivative flows there, is crossed out at the end.
const isLast = () => position[mode] === data.modes[mode].steps.length - 1;

function isSeed(node) {
  const { output, nodes } = data.modes[mode];
  return mode === "reverse" ? node === output : !nodes[node].op;
}
