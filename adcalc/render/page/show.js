
// The tables, the drawing and the program, as they are after a step.

const places = {};
for (const name of ["reverse", "forward"]) {
  const section = byId(name);
  const rows = (kind) => new Map([...section.querySelectorAll(`tr[data-${kind}]`)].map((row) => [row.dataset[kind], row]));
  places[name] = { section, nodes: rows("node"), edges: rows("edge") };
}
const drawing = byId("graph").querySelector("svg");
let lit = [];

// The finished tables tell how wide their columns have to be: so nothing moves when they fill.
root.classList.add("live");
root.classList.toggle("arrays", data.arrays);
for (const head of document.querySelectorAll(".mode thead th")) {
  head.dataset.width = (100 * head.offsetWidth) / head.closest("table").offsetWidth;
}
for (const head of document.querySelectorAll(".mode thead th")) head.style.width = `${head.dataset.width}%`;

const drawn = { nodes: new Map(), edges: new Map() };
for (const part of drawing ? drawing.querySelectorAll("g.node, g.edge") : []) {
  const [kind, ...id] = part.id.split("-");
  (kind === "node" ? drawn.nodes : drawn.edges).set(id.join("-"), part);
}

function fill(cell, content) {
  const text = content.map((part) => (part instanceof Node ? part.textContent : part)).join("");
  if (cell.textContent !== text) cell.replaceChildren(...content);
}

function showTables(state) {
  const { nodes } = data.modes[mode];
  const place = places[mode];
  for (const [id, row] of place.nodes) {
    const node = Number(id);
    const [, , value, ...results] = row.children;
    fill(value, state.known.has(node) ? [shown(nodes[id].value)] : []);
    results.forEach((cell, k) => {
      const sums = state.sums.get(node);
      fill(cell, sums ? written(sums[k], isSeed(node)) : isLast() ? ["–"] : []);
    });
  }
  for (const [source, target, partial] of data.edges) {
    const row = place.edges.get(`${source}-${target}`);
    fill(row.lastElementChild, state.known.has(target) ? [shown(partial)] : []);
  }
}

// A formula at an edge is as long as the drawing has room for.
const short = (text) => (text.length <= 28 ? text : `${text.slice(0, 12)}…${text.slice(-13)}`);

function showDrawing(state) {
  const { nodes } = data.modes[mode];
  const label = (part, kind, text) => {
    const label = part.querySelector(`text.${kind}`);
    if (label) label.textContent = text;
  };
  if (drawing) drawing.classList.toggle("forward", mode === "forward");
  for (const [id, part] of drawn.nodes) {
    if (!(id in nodes)) continue; // a constant
    const known = state.known.has(Number(id));
    const sums = (state.sums.get(Number(id)) ?? []).filter((sum) => sum).slice(0, 3);
    part.classList.toggle("waiting", !known);
    label(part, "value", known ? rounded(nodes[id].value) : "");
    label(part, "adjoint", sums.map((sum) => rounded(sum.total)).join(", "));
  }
  for (const [source, target, partial] of data.edges) {
    const part = drawn.edges.get(`${source}-${target}`);
    if (!part) continue;
    part.classList.toggle("waiting", !state.known.has(target));
    label(part, "partial", state.known.has(target) && partial !== null ? short(rounded(partial)) : "");
  }
}

// The rows, nodes, edges and the rule that a step is about.
function light(step) {
  const place = places[mode];
  for (const part of lit) part.classList.remove("lit", "touched");
  lit = [];
  const add = (part, kind) => {
    if (part) {
      part.classList.add(kind);
      lit.push(part);
    }
  };
  const [, node, updates] = step;
  if (node === null || node === undefined) return;
  add(place.nodes.get(String(node)), "lit");
  add(drawn.nodes.get(String(node)), "lit");
  for (const [source] of edgesInto.get(node) ?? []) {
    add(place.edges.get(`${source}-${node}`), "lit");
    add(drawn.edges.get(`${source}-${node}`), "lit");
  }
  for (const [target] of updates) {
    if (target !== node) add(place.nodes.get(String(target)), "touched");
    if (target !== node) add(drawn.nodes.get(String(target)), "touched");
  }
  const op = data.modes[mode].nodes[node].op;
  for (const row of byId("rules").children) if (row.dataset.op === op) add(row, "lit");
  for (const part of lit.reverse()) intoView(part); // the node itself last: it has to be seen
}

// Scrolls the window that a part stands in, never the page: the reader's place is theirs.
function intoView(part) {
  const window = part.closest(".scroll");
  if (!window || (window.scrollHeight <= window.clientHeight && window.scrollWidth <= window.clientWidth)) return;
  const [box, frame] = [part.getBoundingClientRect(), window.getBoundingClientRect()];
  const head = window.querySelector("thead")?.offsetHeight ?? 0;
  const above = box.top - frame.top - head;
  if (above < 0 || box.bottom > frame.bottom) window.scrollTop += above - (window.clientHeight - head) / 3;
  if (drawing && window.contains(drawing)) {
    const left = box.left - frame.left;
    if (left < 0 || box.right > frame.right) window.scrollLeft += left - window.clientWidth / 3;
  }
}

function showSource(node) {
  const place = node === null ? undefined : data.modes[mode].nodes[node].place;
  if (!place) return source.replaceChildren(program);
  const mark = element("mark", "", program.slice(...place));
  source.replaceChildren(program.slice(0, place[0]), mark, program.slice(place[1]));
  intoView(mark);
}

// A drawing wider than the page shrinks, but not until nobody can read it.
if (drawing) drawing.style.minWidth = `${0.7 * drawing.width.baseVal.value}px`;
