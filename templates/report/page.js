"use strict";
// Draws the run that stands in the page as JSON. Text from a run is only ever set as text, never as markup; only the
// rows on the screen exist, so that ten thousand nodes are as quick as ten.
(() => {
  const root = document.documentElement;
  const by = (id) => document.getElementById(id);

  // Errors are said in the page: one that fails silently would show half a run as if it were all.
  let errors = 0;
  const complain = (what) => {
    errors += 1;
    root.dataset.errors = String(errors);
    by("problem").hidden = false;
    by("problem").textContent = `This page is not whole: ${what}`;
  };
  root.dataset.errors = "0";
  addEventListener("error", (event) => complain(event.message));
  addEventListener("unhandledrejection", (event) => complain(String(event.reason)));
  document.addEventListener("securitypolicyviolation", (event) => complain(`${event.violatedDirective} was refused`));
  const write = console.error;
  console.error = (...words) => { complain(words.join(" ")); write.apply(console, words); };

  const data = JSON.parse(by("data").textContent);
  const nodes = data.nodes;
  const onPath = new Set(data.critical);
  const words = {
    "done": ["✓", "done"], "up-to-date": ["=", "up to date"], "failed": ["✕", "failed"], "skipped": ["–", "skipped"],
    "cancelled": ["⊘", "cancelled"], "running": ["…", "running"], "waiting": ["·", "waiting"],
  };

  // MARK: Small things

  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "onclick") element.addEventListener("click", value);
      else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== undefined && child !== null));
    return element;
  };
  const two = (number) => String(number).padStart(2, "0");
  const span = (seconds) => {
    if (!(seconds > 0)) return "0s";
    if (seconds < 0.995) return seconds < 0.0095 ? `${(seconds * 1000).toFixed(1)}ms` : `${seconds.toFixed(2)}s`;
    if (seconds < 9.95) return `${seconds.toFixed(1)}s`;
    const whole = Math.round(seconds);
    if (whole < 60) return `${whole}s`;
    return whole < 3600 ? `${Math.floor(whole / 60)}m${two(whole % 60)}s` : `${Math.floor(whole / 3600)}h${two(Math.floor(whole / 60) % 60)}m`;
  };
  const size = (bytes) => bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

  // MARK: What each node did

  const total = Math.max(data.seconds || 0, 0.001);
  nodes.forEach((node, index) => {
    node.index = index;
    node.tries = node.tries || [];
    node.needs = node.needs || [];
    node.neededBy = [];
    const first = node.tries.length ? node.tries[0][0] : undefined;
    node.start = first !== undefined ? first : node.end !== undefined ? node.end : total;
    node.last = node.end !== undefined ? node.end : total;
    node.spent = first !== undefined ? Math.max(0, node.last - first) : 0;
    node.waited = first !== undefined && node.ready !== undefined ? Math.max(0, first - node.ready) : 0;
    node.failedTries = node.tries.filter((attempt) => attempt[2] !== undefined).length;
    node.text = `${node.name}\n${node.reason || ""}\n${node.failure ? node.failure.message : ""}`.toLowerCase();
  });
  nodes.forEach((node) => node.needs.forEach((need) => nodes[need].neededBy.push(node.index)));

  // MARK: What the reader chose

  const chosen = { filter: "", status: "", sort: "start", node: undefined };
  let view = { from: 0, to: total };
  let shown = [];
  let active = 0;

  const sets = [
    ["", "all", () => true],
    ["failed", "failed", (node) => node.status === "failed"],
    ["cancelled", "cancelled", (node) => node.status === "cancelled"],
    ["running", "running", (node) => node.status === "running"],
    ["waiting", "waiting", (node) => node.status === "waiting"],
    ["skipped", "skipped", (node) => node.status === "skipped"],
    ["done", "done", (node) => node.status === "done"],
    ["up-to-date", "up to date", (node) => node.status === "up-to-date"],
    ["retried", "tried again", (node) => node.tries.length > 1],
    ["critical", "critical path", (node) => onPath.has(node.index)],
    ["log", "with a log", (node) => node.log !== undefined],
  ].map(([key, label, holds]) => ({ key, label, holds, count: nodes.filter(holds).length }));

  const orders = {
    start: (a, b) => a.start - b.start || a.last - b.last || a.index - b.index,
    end: (a, b) => a.last - b.last || a.index - b.index,
    time: (a, b) => b.spent - a.spent || a.index - b.index,
    wait: (a, b) => b.waited - a.waited || a.index - b.index,
    name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.index - b.index),
    given: (a, b) => a.index - b.index,
  };

  const select = () => {
    const terms = chosen.filter.toLowerCase().split(/\s+/).filter(Boolean);
    const set = sets.find((one) => one.key === chosen.status) || sets[0];
    const kept = nodes.filter((node) => set.holds(node) && terms.every((term) => node.text.includes(term)));
    shown = kept.sort(orders[chosen.sort] || orders.start);
    active = Math.max(0, shown.findIndex((node) => node.index === chosen.node));
    root.dataset.shown = String(shown.length);
    by("count").textContent = shown.length === nodes.length ? "" : `${shown.length.toLocaleString("en")} of ${count(nodes.length, "node")}`;
    by("nothing").hidden = shown.length > 0;
    for (const button of by("chips").children) button.setAttribute("aria-pressed", String(button.dataset.key === set.key));
    by("grid").setAttribute("aria-rowcount", String(shown.length + 1));
    redraw();
  };

  // MARK: Rows, only those on the screen

  const narrow = matchMedia("(max-width: 640px)");
  const drawn = new Map();
  let isPrinting = false;
  const rowHeight = () => (narrow.matches ? 42 : 24);

  const piece = (kind, from, to, title) => {
    const width = view.to - view.from;
    if (to < view.from || from > view.to) return undefined;
    const element = make("i", { class: kind, title });
    const left = Math.max(0, (from - view.from) / width);
    element.style.left = `${left * 100}%`;
    if (!kind.startsWith("point") && kind !== "stop") element.style.width = `${(Math.min(1, (to - view.from) / width) - left) * 100}%`;
    return element;
  };

  const pieces = (node) => {
    const found = [];
    const add = (...one) => found.push(piece(...one));
    if (data.interrupted !== undefined) add("stop", data.interrupted, data.interrupted, "interrupted");
    if (!node.tries.length) {
      if (node.ready > 0) add("wait", 0, node.ready, `waits ${span(node.ready)} for what it needs`);
      if (node.end !== undefined) add(`point ${node.status}`, node.end, node.end, `${words[node.status][1]} at ${span(node.end)}`);
      else add("wait", node.ready || 0, total, "never started");
      return found;
    }
    const ready = node.ready === undefined ? node.start : Math.min(node.ready, node.start);
    if (ready > 0) add("wait", 0, ready, `waits ${span(ready)} for what it needs`);
    if (node.start - ready > 0.0005) add("queue", ready, node.start, `ready, waits ${span(node.start - ready)} for a free place`);
    node.tries.forEach(([from, to, failure], index) => {
      const end = to === undefined || to === null ? total : to;
      const failed = failure !== undefined || (node.status === "failed" && index === node.tries.length - 1);
      const kind = `run${onPath.has(node.index) ? " critical" : ""}${failed ? " failed" : ""}${node.end === undefined ? " open" : ""}`;
      add(kind, from, end, `${node.tries.length > 1 ? `try ${index + 1}: ` : ""}${span(end - from)}${failure ? `, failed: ${failure}` : ""}`);
      const next = node.tries[index + 1];
      if (next) add("pause", end, next[0], `pause of ${span(next[0] - end)}`);
    });
    return found;
  };

  const label = (node) => {
    const colon = node.name.indexOf(":") + 1;
    return [make("span", { class: "kind" }, node.name.slice(0, colon)), node.name.slice(colon)];
  };

  const row = (node, place) => {
    const [sign, state] = words[node.status] || ["?", node.status];
    const again = node.tries.length > 1 ? ` ×${node.tries.length}` : "";
    const path = onPath.has(node.index);
    const spoken = `${node.tries.length ? `from ${span(node.start)} to ${span(node.last)}` : `at ${span(node.last)}`}${node.waited > 0.0005 ? `, waited ${span(node.waited)} for a place` : ""}`;
    const element = make("div", { class: "row", role: "row", id: `r${node.index}`, "aria-rowindex": String(place + 2), "data-node": node.name },
      make("div", { class: "name", role: "gridcell", title: node.name },
        make("span", { class: "mark", "aria-label": path ? "on the critical path" : undefined, "aria-hidden": path ? undefined : "true" }, path ? "◆" : ""), ...label(node)),
      make("div", { class: `state ${node.status}`, role: "gridcell", title: node.reason || undefined }, `${sign} ${state}${again}`),
      make("div", { class: "time", role: "gridcell" }, node.tries.length ? span(node.spent) : ""),
      make("div", { class: "bar", role: "gridcell", "aria-label": spoken }, ...pieces(node)));
    element.style.transform = `translateY(${place * rowHeight()}px)`;
    return element;
  };

  const mark = (element, node, place) => {
    const one = chosen.node === undefined ? undefined : nodes[chosen.node];
    element.classList.toggle("chosen", one === node);
    element.classList.toggle("active", place === active);
    element.classList.toggle("near", one !== undefined && (one.needs.includes(node.index) || one.neededBy.includes(node.index)));
    element.setAttribute("aria-selected", String(one === node));
  };

  const draw = () => {
    const height = rowHeight();
    by("rows").style.height = `${shown.length * height}px`;
    const top = by("rows").getBoundingClientRect().top;
    let first = Math.max(0, Math.floor(-top / height) - 12);
    let last = Math.min(shown.length, Math.ceil((innerHeight - top) / height) + 12);
    if (isPrinting) [first, last] = [0, Math.min(shown.length, mostPrinted)];
    const wanted = new Set();
    for (let place = first; place < last; place += 1) {
      const node = shown[place];
      wanted.add(node.index);
      let element = drawn.get(node.index);
      if (!element) {
        element = row(node, place);
        drawn.set(node.index, element);
        by("rows").append(element);
      }
      mark(element, node, place);
    }
    for (const [index, element] of drawn) {
      if (wanted.has(index)) continue;
      element.remove();
      drawn.delete(index);
    }
    const current = shown[active];
    if (current && drawn.has(current.index)) by("grid").setAttribute("aria-activedescendant", `r${current.index}`);
    else by("grid").removeAttribute("aria-activedescendant");
  };

  const redraw = () => {
    for (const element of drawn.values()) element.remove();
    drawn.clear();
    drawAxis();
    draw();
  };

  const drawAxis = () => {
    const axis = by("axis");
    const width = axis.clientWidth || 400;
    const wish = (view.to - view.from) * 90 / width;
    const steps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
    const step = steps.find((one) => one >= wish) || wish;
    const ticks = [];
    for (let number = Math.ceil(view.from / step); number * step <= view.to - (view.to - view.from) * 28 / width; number += 1) {
      const tick = make("u", {}, number === 0 ? "0" : step < 1 && number * step < 60 ? `${Number((number * step).toFixed(3))}s` : span(number * step));
      tick.style.left = `${(number * step - view.from) / (view.to - view.from) * 100}%`;
      ticks.push(tick);
    }
    axis.replaceChildren(...ticks);
  };

  const zoom = (factor, around) => {
    const middle = around === undefined ? (chosen.node === undefined ? (view.from + view.to) / 2 : nodes[chosen.node].start) : around;
    const width = Math.min(total, Math.max((view.to - view.from) * factor, total / 1e5, 0.0005));
    const share = (middle - view.from) / (view.to - view.from);
    const from = Math.max(0, Math.min(total - width, middle - width * Math.min(1, Math.max(0, share))));
    view = { from, to: from + width };
    redraw();
  };

  // MARK: One node and its log

  const link = (index) => make("button", { class: "link", type: "button", onclick: () => choose(index, true) }, nodes[index].name);
  const list = (indices) => {
    const most = 40;
    const items = indices.slice(0, most).map((index) => make("li", {}, link(index), make("span", { class: "dim" }, `  ${words[nodes[index].status][1]}${nodes[index].tries.length ? `, ${span(nodes[index].spent)}` : ""}`)));
    if (indices.length > most) items.push(make("li", { class: "dim" }, `and ${indices.length - most} more`));
    return make("ul", {}, ...items);
  };
  const pair = (name, value) => make("div", {}, make("dt", {}, name), make("dd", {}, value));

  const log = (node) => {
    if (!node.log) return [make("h3", {}, "Log"), make("p", { class: "dim" }, "It wrote nothing.")];
    const { path, bytes, parts, left_out: leftOut } = node.log;
    const found = [make("h3", {}, `Log, ${size(bytes)}`)];
    parts.forEach((text, index) => {
      if (index > 0) found.push(make("p", { class: "cut" }, `${size(leftOut)} left out here. The whole log: ${path}`));
      found.push(make("pre", { tabindex: "0", "aria-label": `Log of ${node.name}` }, text));
    });
    if (!parts.length) found.push(make("p", { class: "cut" }, `Not in this page, which holds only so much. The whole log: ${path}`));
    else found.push(make("p", { class: "dim" }, path));
    return found;
  };

  const detail = () => {
    const box = by("detail");
    const node = chosen.node === undefined ? undefined : nodes[chosen.node];
    box.hidden = node === undefined;
    by("main").classList.toggle("open", node !== undefined);
    root.dataset.node = node ? node.name : "";
    if (!node) { box.replaceChildren(); return; }
    box.setAttribute("aria-label", `Details of ${node.name}`);
    const facts = [pair("State", `${words[node.status][1]}${onPath.has(node.index) ? ", on the critical path" : ""}`)];
    if (node.reason) facts.push(pair("Because", node.reason));
    if (node.cause !== undefined) facts.push(pair("Kept by", link(node.cause)));
    if (node.tries.length) {
      if (node.ready !== undefined) facts.push(pair("Ready", `at ${span(node.ready)}${node.waited > 0.0005 ? `, then waited ${span(node.waited)} for a place` : ""}`));
      facts.push(pair("Ran", `from ${span(node.start)} to ${span(node.last)}: ${span(node.spent)}`));
    } else if (node.end !== undefined) facts.push(pair("Decided", `at ${span(node.end)}`));
    const content = [
      make("button", { class: "close", type: "button", "aria-label": "Close details", onclick: () => choose(undefined) }, "Close"),
      make("h2", {}, node.name), make("dl", {}, ...facts),
    ];
    if (node.failure) {
      content.push(make("h3", {}, "Failure"), make("p", { class: "failure" }, node.failure.message));
      if (node.failure.remedy) content.push(make("p", {}, `What to do: ${node.failure.remedy}`));
      if (!node.log && node.failure.output) content.push(make("pre", {}, node.failure.output.join("\n")));
    }
    if (node.tries.length > 1) {
      content.push(make("h3", {}, "Tries"), make("ul", {}, ...node.tries.map(([from, to, failure], index) =>
        make("li", {}, `${index + 1}. at ${span(from)}, ${to === null || to === undefined ? "did not end" : `took ${span(to - from)}`}`, failure ? make("span", { class: "failure" }, ` ${failure}`) : undefined))));
    }
    content.push(...log(node));
    if (node.marks) content.push(make("h3", {}, "What it told"), make("ul", {}, ...node.marks.map(([at, text]) => make("li", {}, make("span", { class: "dim" }, `${span(at)}  `), text))));
    if (node.needs.length) content.push(make("h3", {}, `Needs ${node.needs.length}`), list(node.needs));
    if (node.neededBy.length) content.push(make("h3", {}, `Needed by ${node.neededBy.length}`), list(node.neededBy));
    box.replaceChildren(...content);
    box.scrollTop = 0;
  };

  const reveal = () => {
    const height = rowHeight();
    const top = by("rows").getBoundingClientRect().top + active * height;
    const above = by("axis").getBoundingClientRect().bottom;
    const sheet = by("detail");
    const below = !sheet.hidden && getComputedStyle(sheet).position === "fixed" ? sheet.getBoundingClientRect().top : innerHeight;
    if (top < Math.max(above, 0)) scrollBy(0, top - Math.max(above, 0) - height);
    else if (top + height > below) scrollBy(0, top + height - below + height);
  };

  /** Opens a node, or closes the one that is open. A link may lead to one that the filter hides. */
  const choose = (index, shouldReveal) => {
    const was = chosen.node !== undefined;
    chosen.node = index;
    if (index !== undefined) {
      let place = shown.findIndex((node) => node.index === index);
      if (place < 0) {
        chosen.filter = "";
        chosen.status = "";
        by("filter").value = "";
        select();
        place = shown.findIndex((node) => node.index === index);
      }
      active = place;
    }
    detail();
    if (was !== (index !== undefined)) redraw(); else draw();
    if (shouldReveal) { reveal(); draw(); }
    remember();
  };

  // MARK: The address keeps what was chosen, so that it can be sent on

  let own = "";
  const remember = () => {
    const kept = new URLSearchParams();
    if (chosen.filter) kept.set("filter", chosen.filter);
    if (chosen.status) kept.set("status", chosen.status);
    if (chosen.sort !== "start") kept.set("sort", chosen.sort);
    if (chosen.node !== undefined) kept.set("node", nodes[chosen.node].name);
    own = `#${kept}`;
    if (own !== (location.hash || "#")) history.replaceState(null, "", own);
  };
  const recall = () => {
    const kept = new URLSearchParams(location.hash.slice(1));
    chosen.filter = kept.get("filter") || "";
    chosen.status = sets.some((one) => one.key === kept.get("status")) ? kept.get("status") : "";
    chosen.sort = orders[kept.get("sort")] ? kept.get("sort") : "start";
    const name = kept.get("node");
    const found = name ? nodes.findIndex((node) => node.name === name) : -1;
    by("filter").value = chosen.filter;
    by("sort").value = chosen.sort;
    chosen.node = undefined;
    select();
    choose(found < 0 ? undefined : found, true);
  };

  // MARK: The head of the page

  const status = { done: "done", failed: "failed", cancelled: "cancelled", going: "still going", unended: "did not end" };
  const head = () => {
    document.title = `${status[data.status]}: run ${data.run}`;
    by("run").textContent = data.run;
    by("status").textContent = status[data.status];
    by("status").classList.add(data.status);
    const facts = [];
    if (data.started) facts.push(pair("Began", make("time", { datetime: new Date(data.started * 1000).toISOString() }, new Date(data.started * 1000).toLocaleString())));
    if (data.seconds !== undefined) {
      const difference = data.expected === undefined ? "" : `, expected ${span(data.expected)}` + (data.status !== "done" || Math.abs(data.seconds - data.expected) < 0.05 ? "" : data.seconds > data.expected ? ` (${span(data.seconds - data.expected)} longer)` : ` (${span(data.expected - data.seconds)} shorter)`);
      facts.push(pair("Took", `${span(data.seconds)}${difference}`));
    }
    for (const [name, value] of data.facts) facts.push(pair(name, value));
    by("facts").replaceChildren(...facts);
    by("legend-critical").hidden = data.critical.length === 0;
    by("words").hidden = !data.words;
    by("words").textContent = data.words || "";
    section("failures", undefined, nodes.filter((node) => node.status === "failed").slice(0, 12).map((node) =>
      make("li", {}, link(node.index), make("span", { class: "failure" }, `  ${node.failure ? node.failure.message : node.reason}`), node.failure && node.failure.remedy ? make("span", { class: "dim" }, `  ${node.failure.remedy}`) : undefined)));
    const ran = data.critical.reduce((sum, index) => sum + nodes[index].spent, 0);
    section("path", `Critical path: ${count(data.critical.length, "node")}, ${span(ran)} of work`, data.critical.map((index) =>
      make("li", {}, link(index), make("span", { class: "dim" }, nodes[index].tries.length ? ` ${span(nodes[index].spent)}` : ` ${words[nodes[index].status][1]}`))));
    const isAsExpected = data.expected_path.join("\n") === data.critical.map((index) => nodes[index].name).join("\n");
    section("expected", `Another critical path was expected: ${count(data.expected_path.length, "node")}${data.expected === undefined ? "" : `, ${span(data.expected)}`}`, isAsExpected ? [] : data.expected_path.map((name) => {
      const index = nodes.findIndex((node) => node.name === name);
      return make("li", {}, index < 0 ? name : link(index));
    }));
    section("notices", undefined, data.notices.map(([at, text]) => make("li", {}, make("span", { class: "dim" }, `${span(at)}  `), text)));
    by("chips").replaceChildren(...sets.filter((set) => set.key === "" || (set.count > 0 && set.count < nodes.length) || set.key === chosen.status).map((set) =>
      make("button", { type: "button", "data-key": set.key, "aria-pressed": "false", onclick: () => { chosen.status = set.key; select(); remember(); } }, `${set.label} ${set.count.toLocaleString("en")}`)));
  };
  const section = (id, title, items) => {
    by(id).hidden = items.length === 0;
    if (title) by(id).querySelector("h2, summary").textContent = title;
    by(id).querySelector("ul, ol").replaceChildren(...items);
  };

  // MARK: Keys, pointer, paper

  let waiting = 0;
  const later = () => { if (!waiting) waiting = requestAnimationFrame(() => { waiting = 0; draw(); }); };
  addEventListener("scroll", later, { passive: true });
  const measure = () => {
    root.style.setProperty("--tools", narrow.matches ? "0px" : `${by("tools").offsetHeight}px`);
    redraw();
  };
  addEventListener("resize", measure);
  addEventListener("hashchange", () => { if (location.hash !== own) recall(); });

  by("filter").addEventListener("input", () => { chosen.filter = by("filter").value; select(); remember(); });
  by("sort").addEventListener("change", () => { chosen.sort = by("sort").value; select(); remember(); });
  by("clear").addEventListener("click", () => { chosen.filter = ""; chosen.status = ""; by("filter").value = ""; select(); remember(); });
  by("closer").addEventListener("click", () => zoom(0.5));
  by("farther").addEventListener("click", () => zoom(2));
  by("whole").addEventListener("click", () => zoom(Infinity));
  by("rows").addEventListener("click", (event) => {
    const element = event.target.closest(".row");
    if (element) choose(Number(element.id.slice(1)));
  });
  by("grid").addEventListener("wheel", (event) => {
    const box = by("axis").getBoundingClientRect();
    const width = view.to - view.from;
    if (event.ctrlKey || event.altKey) {
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.25 : 0.8, view.from + width * (event.clientX - box.left) / box.width);
    } else if ((event.shiftKey || event.deltaX) && width < total) {
      event.preventDefault();
      const from = Math.max(0, Math.min(total - width, view.from + width * (event.deltaX || event.deltaY) / box.width));
      view = { from, to: from + width };
      redraw();
    }
  }, { passive: false });

  const move = (place) => {
    if (!shown.length) return;
    active = Math.max(0, Math.min(shown.length - 1, place));
    if (chosen.node !== undefined) choose(shown[active].index);
    reveal();
    draw();
  };
  by("grid").addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== by("grid")) return;
    const page = Math.max(1, Math.floor(innerHeight / rowHeight()) - 6);
    const moves = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: shown.length - 1 };
    if (event.key in moves) move(moves[event.key]);
    else if ((event.key === "Enter" || event.key === " ") && shown[active]) choose(shown[active].index, true);
    else if (event.key === "+" || event.key === "=") zoom(0.5);
    else if (event.key === "-") zoom(2);
    else if (event.key === "0") zoom(Infinity);
    else return;
    event.preventDefault();
  });
  addEventListener("keydown", (event) => {
    const isTyping = ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName);
    if (event.key === "/" && !isTyping) { event.preventDefault(); by("filter").focus(); by("filter").select(); }
    if (event.key === "Escape" && !isTyping && chosen.node !== undefined) { choose(undefined); by("grid").focus({ preventScroll: true }); }
    if ((event.key === "Escape" || event.key === "Enter") && event.target === by("filter")) by("grid").focus({ preventScroll: true });
  });

  const themes = ["system", "light", "dark"];
  by("theme").addEventListener("click", () => {
    const next = themes[(themes.indexOf(root.dataset.theme || "system") + 1) % themes.length];
    if (next === "system") delete root.dataset.theme; else root.dataset.theme = next;
    by("theme").textContent = `Theme: ${next}`;
  });

  // Paper has no scrolling: the rows stand there at once, up to what somebody would still leaf through.
  const mostPrinted = 1500;
  addEventListener("beforeprint", () => {
    isPrinting = true;
    by("unprinted").hidden = shown.length <= mostPrinted;
    by("unprinted").textContent = `${(shown.length - mostPrinted).toLocaleString("en")} more nodes: filter before printing to choose.`;
    redraw();
  });
  addEventListener("afterprint", () => { isPrinting = false; by("unprinted").hidden = true; redraw(); });

  head();
  measure();
  recall();
  root.dataset.ready = String(Math.round(performance.now()));
})();
