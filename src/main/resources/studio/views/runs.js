// The table of runs, and the curves of those that are chosen. #/runs/NAME shows one run.
import { html, useEffect, useMemo, useRef, useState } from "../html.js";
import { address, listen } from "../api.js";
import { colour } from "../chart.js";
import { duration, fixed, plural, short, when } from "../format.js";
import { useKeys } from "../keys.js";
import { Loading, Problem, Table } from "../parts.js";
import { link, replace } from "../route.js";
import { CurveControls, Curves } from "./curves.js";
import { Run } from "./run.js";
import { NewTraining, State, STATES } from "./training.js";

const FIRST_CURVES = 4;
const FIRST_SETTINGS = 3;

/** Colours of chosen runs: one keeps its colour as long as it is chosen. */
function useColours(chosen) {
  const slots = useRef(new Map());
  for (const run of slots.current.keys()) {
    if (!chosen.includes(run)) {
      slots.current.delete(run);
    }
  }
  for (const run of chosen.filter(one => !slots.current.has(one))) {
    const taken = new Set(slots.current.values());
    let slot = 0;
    while (taken.has(slot)) {
      slot++;
    }
    slots.current.set(run, slot);
  }
  return slots.current;
}

function settingText(value) {
  return value === undefined ? "–" : Array.isArray(value) ? value.map(settingText).join(", ") : String(value);
}

function tableColumns(chosen, colours, toggle, settings) {
  const number = (key, title, text, hint) => ({ key, title, hint, number: true, value: row => row[key], cell: row => text(row[key]) });
  return [
    { key: "shown", title: "Curves", cell: row => html`<label><input type="checkbox" checked=${chosen.includes(row.id)} disabled=${!row.epochs}
        onChange=${() => toggle(row.id)} aria-label=${`Curves of ${row.id}`} />
      <span class="swatch" style=${{ background: colours.has(row.id) ? `var(${colour(colours.get(row.id))})` : "transparent" }}></span></label>` },
    { key: "id", title: "Run", value: row => row.id, cell: row => html`<a class="run" href=${link("runs", [row.id])}>${row.id}</a>` },
    { key: "state", title: "State", value: row => STATES.indexOf(row.state), cell: row => html`<${State} state=${row.state} />` },
    { key: "epoch", title: "Epochs", number: true, value: row => row.epochs ? row.epoch : null, cell: row => row.epochs ? html`${row.epoch} / ${row.epochs}
      <span class="progress" aria-hidden="true"><i style=${{ width: `${100 * Math.min(1, row.epoch / row.epochs)}%` }}></i></span>` : "–" },
    number("secondsLeft", "Left", value => duration(value ?? NaN), "Time until the last epoch"),
    number("maskAp", "Mask AP", fixed, "COCO's AP of masks on photos held out, in the best epoch"),
    number("maskAp50", "AP50", fixed, "The same at IoU 0.50"),
    number("bestEpoch", "Best epoch", value => value ?? "–"),
    number("loss", "Loss", fixed, "Of the last epoch"),
    number("validationLoss", "Loss held out", fixed, "Of the last epoch, on photos held out"),
    number("imagesPerSecond", "Images/s", short),
    { key: "started", title: "Started", value: row => row.started, cell: row => when(row.started) },
    ...settings.map(key => ({ key, title: key, value: row => sortable(row.settings[key]), cell: row => settingText(row.settings[key]) })),
  ];
}

const sortable = value => (typeof value === "number" ? value : value === undefined ? null : settingText(value));

function Columns({ keys, shown, onChange }) {
  const toggle = key => onChange(shown.includes(key) ? shown.filter(one => one !== key) : keys.filter(one => one === key || shown.includes(one)));
  return html`<details class="menu"><summary>Settings that differ (${keys.length})</summary>
    <div class="list">${keys.map(key => html`<label key=${key}><input type="checkbox" checked=${shown.includes(key)} onChange=${() => toggle(key)} /> ${key}</label>`)}</div>
  </details>`;
}

function Runs({ route, studio }) {
  const [rows, setRows] = useState(null);
  const [curves, setCurves] = useState({});
  const [problem, setProblem] = useState(null);
  const [connected, setConnected] = useState(true);
  const [sort, setSort] = useState({ key: "started", down: true });
  const [making, setMaking] = useState(false);

  const query = route.query;
  const change = changes => replace(link("runs", [], { ...Object.fromEntries(query), ...changes }));
  const newest = rows ? [...rows].filter(row => row.epoch).sort((a, b) => (a.started < b.started ? 1 : -1)).slice(0, FIRST_CURVES).map(row => row.id) : [];
  const chosen = query.has("show") ? query.get("show").split("/").filter(run => run && run !== "none") : newest;
  const colours = useColours(chosen);
  const differing = [...new Set((rows ?? []).flatMap(row => Object.keys(row.settings)))];
  const shownSettings = query.has("columns") ? query.get("columns").split(",").filter(key => differing.includes(key)) : differing.slice(0, FIRST_SETTINGS);
  const view = { byTime: query.get("x") === "time", weight: Number(query.get("smooth") ?? 0) || 0 };

  const asked = chosen.join("/");
  useEffect(() => listen(address("api/run-events", { curves: asked }), {
    runs: value => {
      setRows(value);
      setProblem(null);
    },
    curves: value => setCurves(before => ({ ...before, [value.run]: value })),
    problem: setProblem,
  }, setConnected), [asked]);
  useKeys([
    ["n", "new training", () => setMaking(true)],
    ["j, ArrowDown", "next run", event => focusRun(event, 1)],
    ["k, ArrowUp", "run before", event => focusRun(event, -1)],
  ], []);

  const toggle = run => change({ show: (chosen.includes(run) ? chosen.filter(one => one !== run) : [...chosen, run]).join("/") || "none" });
  const laid = useMemo(() => chosen.filter(run => curves[run]).map(run => ({ ...curves[run], colour: colours.get(run) })), [asked, curves]);
  const broken = (rows ?? []).filter(row => row.problem);
  return html`
    <div class="bar"><h1>Runs</h1><span class="soft grow">${rows ? `${plural(rows.length, "run")} in ${studio.runs}` : ""}</span>
      <button type="button" class="main" title="n" onClick=${() => setMaking(true)}>New training</button></div>
    <${Problem} error=${problem ? { message: problem.error } : connected ? null : { message: "The studio's server does not answer; this is what it said last." }} />
    ${rows === null ? html`<${Loading} what="the runs" />` : rows.length === 0 ? html`<p class="card">No runs in ${studio.runs} yet.
      A training makes one: press New training, or run <code>train</code> in a terminal.</p>` : html`
      <section class="card runs">
        <div class="bar">${differing.length ? html`<${Columns} keys=${differing} shown=${shownSettings} onChange=${keys => change({ columns: keys.join(",") || "none" })} />` : null}</div>
        <${Table} label="Runs" columns=${tableColumns(chosen, colours, toggle, shownSettings)} rows=${rows} rowKey=${row => row.id} sort=${sort} onSort=${setSort} />
        ${broken.map(row => html`<p class="problem" key=${row.id}>${row.problem}</p>`)}
      </section>
      <div class="bar"><h2 class="grow">Curves of ${plural(chosen.length, "run")}</h2>
        <${CurveControls} ...${view} onChange=${next => change({ x: next.byTime ? "time" : "", smooth: next.weight || "" })} /></div>
      ${laid.length ? html`<${Curves} runs=${laid} ...${view} />` : html`<p class="soft">Choose runs in the table to see their curves.</p>`}`}
    ${making ? html`<${NewTraining} studio=${studio} onClose=${() => setMaking(false)} />` : null}`;
}

function focusRun(event, step) {
  const links = [...document.querySelectorAll("a.run")];
  const at = links.indexOf(document.activeElement);
  const to = links[at < 0 ? 0 : at + step];
  if (!to || (event.key.startsWith("Arrow") && at < 0)) {
    return false; // the page scrolls
  }
  to.focus();
}

export default function View({ route, studio }) {
  return route.path.length ? html`<${Run} key=${route.path[0]} id=${route.path[0]} studio=${studio} />` : html`<${Runs} route=${route} studio=${studio} />`;
}
