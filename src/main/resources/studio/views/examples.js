// The objects or photos behind a number.
import { html, useState } from "../html.js";
import { get } from "../api.js";
import { fixed, plural } from "../format.js";
import { link } from "../route.js";
import { Grid } from "./grid.js";
import { Thumbnail } from "./thumbnail.js";

const TRUTH = "var(--truth)";
const FIND = "var(--find)";
export const GROUP = ["group", "type", "truth", "find", "class", "score", "iou", "least", "most"];
const OUTCOMES = ["tp", "fp", "fn"];

const GROUPS = [["hardest", "Hardest photos"], ["easiest", "Easiest photos"], ["suspects", "Likely label errors"],
  ["tp", "Right detections"], ["fp", "Wrong detections"], ["fn", "Objects not found"]];

/** What an address shows: the names of GROUP that it has. */
export function groupOf(query) {
  const group = Object.fromEntries(GROUP.map(name => [name, query.get(name)]).filter(([, value]) => value));
  return { group: "hardest", ...group };
}

/** @param onChange takes another group; address is the query of the model */
export function Examples({ model, measures, shown, onChange, address }) {
  const [count, setCount] = useState(null);
  const name = one => measures.classes[one - 1]?.name ?? "background";
  const title = shown.group === "cell" ? `${Number(shown.truth) ? name(shown.truth) : "Nothing there"}, ${Number(shown.find) ? `found as ${name(shown.find)}` : "not found"}`
    : shown.group === "error" ? measures.error_types.find(type => type.key === shown.type)?.meaning : null;
  const load = async (offset, limit, signal) => {
    const answer = await get("api/results/examples", { ...model, ...shown, offset, limit }, signal);
    return { count: answer.count, items: answer.entries };
  };
  const cell = one => {
    const shapes = [one.truth_path && { path: one.truth_path, colour: TRUTH, dashed: one.find === undefined },
      one.find_path && { path: one.find_path, colour: FIND }].filter(shape => shape);
    const classes = one.truth_class && one.find_class && one.truth_class !== one.find_class ? `${name(one.truth_class)} → ${name(one.find_class)}`
      : one.truth_class || one.find_class ? name(one.truth_class ?? one.find_class) : one.name;
    const facts = [one.score !== undefined && `score ${fixed(one.score, 2)}`, one.iou !== undefined && `IoU ${fixed(one.iou, 2)}`, one.note,
      one.truth === undefined && one.find === undefined && plural(one.mistakes, "mistake")].filter(text => text).join(", ");
    return html`<a href=${link("results", [one.index], { ...address, ...shown, object: one.truth ?? "", detection: one.find ?? "" })} title="${one.name}: ${classes}, ${facts}">
      <${Thumbnail} key=${one.index} photo=${one} shapes=${shapes} />
      <span class="caption"><span>${classes}</span></span><span class="caption soft"><span>${facts}</span></span></a>`;
  };
  const slider = (key, text, otherwise) => html`<label>${text} <input type="range" min="0" max="1" step="0.05" value=${shown[key] ?? otherwise}
    onChange=${event => onChange({ ...shown, [key]: event.target.value })} /><output>${Number(shown[key] ?? otherwise).toFixed(2)}</output></label>`;
  return html`<section id="examples" aria-label="Photos"><div class="bar"><h2 class="unseen">Photos</h2>
      <label>Show <select value=${title ? "" : shown.group} onChange=${event => event.target.value && onChange({ group: event.target.value })}>
        ${title ? html`<option value="">${title}</option>` : null}${GROUPS.map(([key, text]) => html`<option value=${key}>${text}</option>`)}</select></label>
      ${OUTCOMES.includes(shown.group) ? html`<label>of <select value=${shown.class ?? ""} onChange=${event => onChange({ ...shown, class: event.target.value })}>
          <option value="">all classes</option>${measures.classes.map(one => html`<option value=${one.class}>${one.name}</option>`)}</select></label>
        ${slider("score", "score from", measures.min_confidence)}${slider("least", "IoU from", 0)}${slider("most", "to", 1)}` : null}
      <span class="soft" role="status">${count === null ? "…" : count.toLocaleString("en")}</span>
      <span class="soft"><span class="swatch" style=${{ background: TRUTH }}></span> truth${" "}
        <span class="swatch" style=${{ background: FIND }}></span> found</span></div>
    <${Grid} label="Examples" load=${load} cell=${cell} inputs=${[JSON.stringify([model, shown])]} width=${180} height=${226} onCount=${setCount} /></section>`;
}
