
// Stepping: buttons, keys, the slider, and paper.

function show() {
  const { steps } = data.modes[mode];
  const step = steps[position[mode]];
  const state = folded(position[mode]);
  showTables(state);
  showDrawing(state);
  light(step);
  showSource(step[1] ?? null);
  showStory(step, state);
  // A ribbon in the colours of the sweeps.
  const turn = steps.findIndex(([phase]) => phase === "return");
  const track = byId("track").style;
  track.setProperty("--turn", `${turn < 0 ? 100 : (100 * (turn - 0.5)) / (steps.length - 1)}%`);
  track.setProperty("--from", mode === "reverse" ? "var(--value)" : "var(--tangent)");
  track.setProperty("--to", "var(--adjoint)");
  byId("slider").max = steps.length - 1;
  byId("slider").value = position[mode];
  for (const id of ["first", "back"]) byId(id).disabled = position[mode] === 0;
  for (const id of ["forth", "last"]) byId(id).disabled = isLast();
}

function go(to) {
  position[mode] = Math.max(0, Math.min(to, data.modes[mode].steps.length - 1));
  show();
}

function choose(wanted) {
  stop();
  mode = wanted;
  for (const name of ["reverse", "forward"]) {
    places[name].section.hidden = name !== mode;
    byId(`to-${name}`).setAttribute("aria-pressed", String(name === mode));
  }
  show();
}

function stop() {
  clearInterval(timer);
  timer = null;
  byId("play").classList.remove("playing");
  byId("play").setAttribute("aria-label", "play");
}

function play() {
  if (timer !== null) return stop();
  if (isLast()) go(0);
  byId("play").classList.add("playing");
  byId("play").setAttribute("aria-label", "pause");
  timer = setInterval(() => {
    go(position[mode] + 1);
    if (isLast()) stop();
  }, pause);
}

function stepTo(to) {
  stop();
  go(to);
}

// Paper gets the end of both modes, nothing lit and everything unfolded; the screen then goes on where it was.
let onPaper = false;

function print(on) {
  if (on === onPaper) return;
  onPaper = on;
  stop();
  const before = { mode, ...position };
  for (mode of on ? ["forward", "reverse"] : [mode]) {
    if (on) position[mode] = data.modes[mode].steps.length - 1;
    show();
  }
  if (on) {
    light([]);
    showSource(null);
  }
  ({ mode, ...position } = before);
  for (const part of document.querySelectorAll("details")) {
    if (on) part.dataset.open = String(part.open);
    part.open = on || part.dataset.open === "true";
  }
}

const actions = {
  first: () => stepTo(0),
  back: () => stepTo(position[mode] - 1),
  play,
  forth: () => stepTo(position[mode] + 1),
  last: () => stepTo(data.modes[mode].steps.length - 1),
  "to-reverse": () => choose("reverse"),
  "to-forward": () => choose("forward"),
};
for (const [id, action] of Object.entries(actions)) byId(id).addEventListener("click", action);
byId("slider").addEventListener("input", (event) => stepTo(Number(event.target.value)));
byId("digits").addEventListener("change", (event) => {
  digits = event.target.checked ? 1 : 0;
  show();
});

const keys = { ArrowLeft: "back", ArrowRight: "forth", Home: "first", End: "last", " ": "play", r: "to-reverse", f: "to-forward" };
document.addEventListener("keydown", (event) => {
  const name = keys[event.key];
  if (!name || event.ctrlKey || event.altKey || event.metaKey) return;
  const focus = event.target;
  if (focus.id === "slider" && event.key !== " " && event.key.length > 1) return; // it moves by itself
  if (event.key === " " && focus.closest("button, summary, input[type=checkbox]")) return; // it is pressed
  event.preventDefault();
  actions[name]();
});

matchMedia("print").addEventListener("change", (event) => print(event.matches));
addEventListener("beforeprint", () => print(true));
addEventListener("afterprint", () => print(false));
choose(mode);
