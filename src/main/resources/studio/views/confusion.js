// Which classes are found as which; a click on a cell shows its objects.
import { html, useState } from "../html.js";
import { get, useLoad } from "../api.js";
import { Problem } from "../parts.js";

const BACKGROUND = 0;

/** @param onCell takes truth, find, score and IoU */
export function Confusion({ model, measures, onCell }) {
  const [score, setScore] = useState(measures.min_confidence);
  const [iou, setIou] = useState(0.5);
  const cells = useLoad(signal => get("api/results/confusion", { ...model, score, iou }, signal), [JSON.stringify(model), score, iou]);
  const [last, setLast] = useState([]);
  if (cells.value && cells.value !== last) {
    setLast(cells.value);
  }
  const counts = new Map(last.map(([truth, find, count]) => [`${truth} ${find}`, count]));
  const used = new Set(last.flatMap(([truth, find]) => [truth, find]));
  const classes = [...measures.classes.filter(one => used.has(one.class)), { class: BACKGROUND, name: "background" }];
  const rowSums = new Map();
  last.forEach(([truth, , count]) => rowSums.set(truth, (rowSums.get(truth) ?? 0) + count));
  const cell = (truth, find) => {
    const count = counts.get(`${truth.class} ${find.class}`);
    if (!count) {
      return html`<td key=${find.class}></td>`;
    }
    const share = count / rowSums.get(truth.class);
    const what = truth.class === BACKGROUND ? `nothing there, found as ${find.name}`
      : find.class === BACKGROUND ? `${truth.name}, not found` : `${truth.name}, found as ${find.name}`;
    return html`<td key=${find.class} class=${truth.class === find.class ? "right" : ""}><button type="button" title="${what}: ${count}"
      aria-label="${what}: ${count}" style=${{ "--share": `${Math.round(15 + 85 * Math.sqrt(share))}%` }}
      onClick=${() => onCell(truth.class, find.class, score, iou)}>${count}</button></td>`;
  };
  return html`<section class="card"><h2>Confusion of classes</h2>
    <div class="bar"><label>Score from <input type="range" min="0.05" max="0.99" step="0.01" value=${score}
      onChange=${event => setScore(Number(event.target.value))} /><output>${score.toFixed(2)}</output></label>
      <label>Mask IoU from <input type="range" min="0.05" max="0.95" step="0.05" value=${iou}
      onChange=${event => setIou(Number(event.target.value))} /><output>${iou.toFixed(2)}</output></label>
      <span class="soft">Rows: truth. Columns: found.</span></div>
    <${Problem} error=${cells.error} />
    <div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix"><table class="confusion">
      <thead><tr><td></td>${classes.map(find => html`<th scope="col"><span>${find.name}</span></th>`)}</tr></thead>
      <tbody>${classes.map(truth => html`<tr key=${truth.class}><th scope="row">${truth.name}</th>${classes.map(find => cell(truth, find))}</tr>`)}</tbody>
    </table></div></section>`;
}
