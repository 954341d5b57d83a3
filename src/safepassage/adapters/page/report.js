"use strict";
// Draws any night of the forecast on the map and beside it. No library, nothing loaded, nothing sent.
(function () {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const root = document.documentElement;
  const svg = $("map"), spots = $("spots"), told = $("told"), slider = $("night"), list = $("tonight-rows");
  const [WIDE, TALL] = data.size;
  const SURE = 500, MAYBE = 200;
  const state = { k: data.first, lang: "es", near: data.close, timer: 0, paper: false, box: [0, 0, WIDE, TALL] };

  // --- words and numbers -------------------------------------------------------------------------------
  const words = () => data.words[state.lang];
  const parts = (iso) => iso.split("-").map(Number);
  const group = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
  const range = (a, b) => (a === b ? group(a) : group(a) + "–" + group(b));
  const reckoned = (cell) => // as in reckoning.py
    cell[4] < 0 ? words().too_few : cell[4] === 0 ? words().fewer_than : range(cell[2], cell[4]);

  function day(iso, named) {
    const [year, month, number] = parts(iso);
    const text = number + " " + words().months[month - 1];
    const weekday = (new Date(Date.UTC(year, month - 1, number)).getUTCDay() + 6) % 7;
    return named ? words().weekdays[weekday] + " " + text + " " + year : text;
  }

  function share(permille) {
    const p = Math.abs(permille);
    const text = p > 0 && p < 10 ? "<1" : p > 990 && p < 1000 ? ">99" : String(Math.round(p / 10));
    return text + (state.lang === "es" ? "\u202f%" : "%") + (permille < 0 ? "*" : ""); // as told_chance in reckoning.py
  }

  // --- drawing -----------------------------------------------------------------------------------------
  function make(name, attributes, text) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    if (text !== undefined) node.textContent = text;
    return node;
  }

  const chance = (cell) => Math.abs(cell[1]);
  const kind = (p) => (p >= SURE ? "sure" : p >= MAYBE ? "maybe" : "faint");
  const visible = (k) => data.nights[k].filter((cell) => chance(cell) >= 20);

  function windowFor(k) {
    const whole = [0, 0, WIDE, TALL];
    if (!state.near) return whole;
    const xs = [], ys = [], around = data.nights.slice(Math.max(0, k - 1), k + 2).flat();
    const least = Math.min(50, Math.max(0, ...around.map(chance)) / 2); // as _near in cartography.py
    for (const cell of around.filter((other) => chance(other) >= least)) {
      xs.push(data.places[cell[0]][2]);
      ys.push(data.places[cell[0]][3]);
    }
    if (!xs.length) return whole;
    const low = [Math.min(...xs), Math.min(...ys)], high = [Math.max(...xs), Math.max(...ys)];
    const wide = Math.min(WIDE, Math.max(WIDE / 5, (high[0] - low[0]) * 1.5, ((high[1] - low[1]) * 1.5 * WIDE) / TALL));
    const tall = (wide * TALL) / WIDE, old = state.box;
    const fits = low[0] > old[0] + 0.1 * old[2] && high[0] < old[0] + 0.9 * old[2] &&
      low[1] > old[1] + 0.1 * old[3] && high[1] < old[1] + 0.9 * old[3];
    if (fits && wide > 0.6 * old[2] && old[2] < WIDE) return old; // a still picture is easier to follow
    const within = (start, most) => Math.min(Math.max(start, 0), most); // as close_view: beyond the chart no land is drawn
    return [within((low[0] + high[0] - wide) / 2, WIDE - wide), within((low[1] + high[1] - tall) / 2, TALL - tall), wide, tall];
  }

  function shown() { // width of the map in pixels; on paper as report.css gives it, 82 mm high
    if (state.paper) return Math.min(700, (310 * WIDE) / TALL);
    return svg.clientWidth || svg.getBoundingClientRect().width || 900;
  }

  function unit() { // one pixel of the screen, in units of the drawing
    return state.box[2] / shown();
  }

  function radius(people, px) {
    const largest = Math.min(34, Math.max(17, shown() * 0.036));
    return largest * Math.sqrt(Math.max(0, people) / data.most) * px;
  }

  function circles(cells, px) {
    const made = document.createDocumentFragment();
    for (const cell of cells.slice().reverse()) {
      const [name, , x, y] = data.places[cell[0]];
      const p = chance(cell), fill = 0.12 + 0.0006 * p;
      const spot = make("g", { class: "spot " + kind(p) });
      spot.append(make("title", {}, name + ": " + share(cell[1]) + " · " + reckoned(cell)));
      const ring = Math.max(radius(cell[4], px), 2.5 * px);
      spot.append(make("circle", { class: "ring", cx: x, cy: y, r: ring, "fill-opacity": fill * 0.45 }));
      spot.append(make("circle", { class: "disc", cx: x, cy: y, r: radius(cell[2], px), "fill-opacity": fill }));
      made.append(spot);
    }
    return made;
  }

  function corners(x, y, gap, wide, tall) { // the same eight places as labels.py
    const slant = 0.72 * gap;
    return [["start", gap, -tall / 2], ["end", -gap, -tall / 2], ["start", slant, -slant - tall],
      ["start", slant, slant], ["end", -slant, -slant - tall], ["end", -slant, slant],
      ["middle", 0, -gap - tall], ["middle", 0, gap]].map(([anchor, dx, dy]) => {
      const left = x + dx - (anchor === "start" ? 0 : anchor === "end" ? wide : wide / 2);
      return { anchor, x: x + dx, box: [left, y + dy, left + wide, y + dy + tall] };
    });
  }

  const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  function names(cells, px) {
    const size = 13 * px, made = document.createDocumentFragment(), [bx, by, bw, bh] = state.box;
    const taken = cells.filter((cell) => chance(cell) >= MAYBE).map((cell) => {
      const [, , x, y] = data.places[cell[0]], r = 0.7 * Math.max(4 * px, radius(cell[2], px));
      return [x - r, y - r, x + r, y + r];
    });
    for (const cell of cells) {
      const [whole, , x, y] = data.places[cell[0]];
      const name = whole.length > 28 ? whole.slice(0, 27).trimEnd() + "…" : whole;
      const text = chance(cell) > 994 ? reckoned(cell) : share(cell[1]); // as told_beside in cartography.py
      const gap = Math.max(4 * px, radius(cell[2], px)) + 0.35 * size;
      const wide = Math.max(name.length, text.length) * 0.64 * size, tall = 2.3 * size;
      const spot = corners(x, y, gap, wide, tall).find(({ box }) =>
        box[0] >= bx + size / 2 && box[1] >= by && box[2] <= bx + bw - size / 2 && box[3] <= by + bh && !taken.some((other) => meet(box, other)));
      if (!spot) continue;
      taken.push(spot.box);
      const label = make("text", { class: "name", "text-anchor": spot.anchor, x: spot.x, y: spot.box[1] + 0.9 * size }, name);
      label.append(make("tspan", { class: "chance", x: spot.x, dy: 1.15 * size }, text));
      made.append(label);
    }
    for (const text of svg.querySelectorAll(".countries text")) { // the name of a country gives way to those of towns
      const x = Number(text.getAttribute("x")), y = Number(text.getAttribute("y")), half = 4.5 * size;
      const covered = taken.some((other) => meet(other, [x - half, y - size, x + half, y + 0.3 * size]));
      text.classList.toggle("covered", covered);
    }
    return made;
  }

  function reports(px) {
    const made = document.createDocumentFragment(), last = new Map();
    for (const [when, x, y] of data.reports) if (when <= data.days[state.k]) last.set(x + " " + y, [when, x, y]);
    for (const [when, x, y] of last.values()) {
      const now = when === data.days[state.k], arm = (now ? 6.5 : 4) * px;
      made.append(make("path", { class: now ? "report" : "report old",
        d: "M" + x + " " + (y - arm) + "l" + [arm, arm, -arm, arm, -arm, -arm].join(" ") + "z" }));
    }
    return made;
  }

  function rows(cells) {
    const made = document.createDocumentFragment();
    for (const cell of cells.filter((c) => chance(c) >= 50).slice(0, 8)) {
      const [name, country] = data.places[cell[0]];
      const row = document.createElement("tr"), head = document.createElement("th");
      head.scope = "row"; head.className = "town-name"; head.textContent = name + " ";
      const mark = document.createElement("abbr");
      mark.className = "country"; mark.textContent = country;
      head.append(mark);
      const likely = document.createElement("td"), many = document.createElement("td");
      likely.textContent = share(cell[1]);
      many.textContent = reckoned(cell);
      row.append(head, likely, many);
      made.append(row);
    }
    if (!made.childNodes.length) {
      const row = document.createElement("tr"), only = document.createElement("td");
      only.colSpan = 3; only.className = "none"; only.textContent = words().none_that_night;
      row.append(only);
      made.append(row);
    }
    return made;
  }

  function draw() {
    const cells = visible(state.k), iso = data.dates[state.k];
    state.box = windowFor(state.k);
    svg.setAttribute("viewBox", state.box.map((n) => n.toFixed(1)).join(" "));
    const px = unit();
    svg.style.setProperty("--k", px.toFixed(4));
    spots.replaceChildren(circles(cells, px), names(cells, px));
    told.replaceChildren(reports(px));
    list.replaceChildren(rows(cells));
    const past = data.days[state.k] < data.since ? " (" + words().before_data + ")" : "";
    const text = words().night_of.replace("{day}", day(iso, true)) + past;
    $("night-name").textContent = text;
    $("tonight-title").textContent = text;
    slider.value = String(state.k);
    slider.setAttribute("aria-valuetext", text);
    for (const body of document.querySelectorAll("tbody[data-day]")) {
      body.classList.toggle("chosen", Number(body.dataset.day) === data.days[state.k]);
    }
    $("play").textContent = state.timer ? "❚❚ " + words().pause : "▶ " + words().play;
    $("play").setAttribute("aria-pressed", String(Boolean(state.timer)));
    $("near").setAttribute("aria-pressed", String(state.near));
    $("whole").setAttribute("aria-pressed", String(!state.near));
  }

  // --- what people do ----------------------------------------------------------------------------------
  function go(k) {
    state.k = Math.min(data.nights.length - 1, Math.max(0, k));
    draw();
  }

  function stop() {
    clearInterval(state.timer);
    state.timer = 0;
  }

  function play() {
    if (state.timer) { stop(); draw(); return; }
    if (state.k >= data.nights.length - 1) state.k = data.first;
    state.timer = setInterval(() => {
      if (state.k >= data.nights.length - 1) stop();
      go(state.k + 1);
    }, 900);
    draw();
  }

  function speak(lang) {
    state.lang = lang === "en" ? "en" : "es";
    root.dataset.lang = state.lang;
    root.lang = state.lang;
    $("lang-" + state.lang).checked = true;
    document.title = $("title-" + state.lang).textContent + " · SafePassage";
    draw();
  }

  function fromAddress() { // #day=3&lang=en: the day counts from the first night of the forecast
    const asked = new URLSearchParams(location.hash.slice(1));
    if (asked.has("view")) state.near = asked.get("view") === "near";
    if (asked.has("lang")) speak(asked.get("lang"));
    if (asked.has("day")) {
      const wanted = Number(asked.get("day"));
      const k = data.days.findIndex((number) => number >= wanted);
      if (Number.isFinite(wanted)) go(k < 0 ? data.nights.length - 1 : k);
    }
  }

  root.classList.remove("no-script");
  slider.addEventListener("input", () => { stop(); go(Number(slider.value)); });
  $("play").addEventListener("click", play);
  $("back").addEventListener("click", () => { stop(); go(state.k - 1); });
  $("forth").addEventListener("click", () => { stop(); go(state.k + 1); });
  $("near").addEventListener("click", () => { state.near = true; draw(); });
  $("whole").addEventListener("click", () => { state.near = false; draw(); });
  for (const lang of ["es", "en"]) $("lang-" + lang).addEventListener("change", () => speak(lang));
  const only = $("only-chosen");
  only.addEventListener("click", () => {
    const pressed = only.getAttribute("aria-pressed") !== "true";
    only.setAttribute("aria-pressed", String(pressed));
    $("nights").classList.toggle("only-chosen", pressed);
  });
  let waiting = 0;
  window.addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(draw, 120); });
  window.addEventListener("beforeprint", () => { stop(); state.paper = true; draw(); });
  window.addEventListener("afterprint", () => { state.paper = false; draw(); });
  window.addEventListener("hashchange", fromAddress);
  const first = (navigator.languages && navigator.languages[0]) || navigator.language || "es";
  speak(first.toLowerCase().startsWith("es") ? "es" : "en");
  fromAddress();
})();
