// One run: its state, curves, command lines, settings, and what its training prints.
import { html, useEffect, useMemo, useState } from "../html.js";
import { address, get, listen, useLoad } from "../api.js";
import { duration, fixed, short, when } from "../format.js";
import { Copyable, Loading, Problem } from "../parts.js";
import { link } from "../route.js";
import { CurveControls, Curves } from "./curves.js";
import { Resume, State, Stop } from "./training.js";

const text = value => (Array.isArray(value) ? value.map(text).join(", ") : String(value));

function Settings({ settings }) {
  const [part, setPart] = useState("");
  const found = Object.entries(settings).filter(([key, value]) => `${key}=${text(value)}`.toLowerCase().includes(part.toLowerCase()));
  return html`<section class="card">
    <div class="bar"><h2 class="grow">Settings</h2>
      <input type="search" aria-label="Find a setting" placeholder="Find" value=${part} onInput=${event => setPart(event.target.value)} /></div>
    <div class="scroll settings" tabindex="0" role="region" aria-label="Settings"><table><tbody>${found.map(([key, value]) => html`<tr key=${key}>
      <th scope="row">${key}</th><td class="wide">${text(value)}</td></tr>`)}</tbody></table></div>
  </section>`;
}

function Facts({ row, details }) {
  const facts = [
    ["Epochs", row.epochs ? `${row.epoch} of ${row.epochs}` : null],
    ["Time left", row.secondsLeft === null ? null : duration(row.secondsLeft)],
    ["Best mask AP", row.maskAp === null ? null : `${fixed(row.maskAp)} (AP50 ${fixed(row.maskAp50)}) in epoch ${row.bestEpoch}`],
    ["Loss", row.loss === null ? null : `${fixed(row.loss)}${row.validationLoss === null ? "" : `, ${fixed(row.validationLoss)} on photos held out`}`],
    ["Images per second", row.imagesPerSecond === null ? null : short(row.imagesPerSecond)],
    ["Started", row.started ? when(row.started) : null],
    ["Dataset", details?.dataset ? `${details.dataset}, ${details.photos} photos` : null],
    ["Began with", details?.weights ? (details.weights === "none" ? "random weights" : details.weights) : null],
    ["Seed", details?.seed ?? null],
    ["Folder", details?.folder ?? null],
    ["Versions", details ? Object.entries(details.versions).map(([part, version]) => `${part} ${version}`).join(", ") || null : null],
  ];
  return html`<dl class="facts">${facts.filter(([, value]) => value !== null).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

export function Run({ id, studio }) {
  const [rows, setRows] = useState(null);
  const [curves, setCurves] = useState(null);
  const [output, setOutput] = useState("");
  const [view, setView] = useState({ byTime: false, weight: 0 });
  const [resuming, setResuming] = useState(false);
  useEffect(() => listen(address("api/run-events", { curves: id, output: id }),
    { runs: setRows, curves: setCurves, output: value => setOutput(value.text) }), [id]);
  const row = rows?.find(one => one.id === id);
  const details = useLoad(signal => (row && row.epochs ? get(`api/runs/${encodeURIComponent(id)}`, {}, signal) : Promise.resolve(null)),
    [id, row?.epochs, row?.started]);
  const laid = useMemo(() => (curves ? [{ ...curves, colour: 0 }] : []), [curves]);
  if (!rows) {
    return html`<${Loading} what=${id} />`;
  }
  const back = html`<p class="back"><a href=${link("runs")}>All runs</a></p>`;
  if (!row) {
    return html`${back}<${Problem} error=${{ message: `${studio.runs}: expected a run ${id}, found none` }} />`;
  }
  return html`${back}
    <div class="bar"><h1>${id}</h1><${State} state=${row.state} /><span class="grow"></span>
      ${row.state === "running" ? html`<${Stop} id=${id} />` : null}
      ${row.state === "stopped" ? html`<button type="button" class="main" onClick=${() => setResuming(true)}>Resume</button>` : null}</div>
    <${Problem} error=${row.problem ? { message: row.problem } : details.error} />
    <div class="columns">
      <section class="card"><h2>Run</h2><${Facts} row=${row} details=${details.value} /></section>
      ${details.value?.commands.length ? html`<section class="card"><h2>Commands</h2>
        ${details.value.commands.map((command, i) => html`<p class="soft">${i ? "Continued by" : "Begun by"}</p><${Copyable} text=${command} label="command" />`)}
        <p class="soft">A new run with the same settings</p><${Copyable} text=${details.value.again} label="command for the same settings" /></section>` : null}
    </div>
    ${output ? html`<section class="card"><h2>Output of the training</h2><pre tabindex="0">${output}</pre></section>` : null}
    ${row.epochs ? html`<div class="bar"><h2 class="grow">Curves</h2><${CurveControls} ...${view} onChange=${setView} /></div>
      <${Curves} runs=${laid} ...${view} />` : null}
    ${details.value ? html`<${Settings} settings=${details.value.settings} />` : null}
    ${resuming ? html`<${Resume} id=${id} data=${details.value?.data || studio.data || ""} onClose=${() => setResuming(false)} />` : null}`;
}
