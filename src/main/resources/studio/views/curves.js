// The curves of one or more runs, laid over each other.
import { html, useMemo } from "../html.js";
import { Chart, smooth } from "../chart.js";
import { clock, fixed, short } from "../format.js";

const LOSSES = {
  loss: "Loss",
  rpn_class_loss: "RPN class loss",
  rpn_bbox_loss: "RPN box loss",
  mrcnn_class_loss: "Class loss",
  mrcnn_bbox_loss: "Box loss",
  mrcnn_mask_loss: "Mask loss",
};
const percent = value => (value === null || value === undefined ? "–" : `${(100 * value).toFixed(1)}%`);
const OTHERS = {
  val_mask_AP: { title: "Mask AP on photos held out" },
  val_mask_AP50: { title: "Mask AP50 on photos held out" },
  lr: { title: "Learning rate", text: short },
  images_per_second: { title: "Images per second", text: short },
  loader_stall: { title: "Time spent waiting for photos", text: percent },
  seconds: { title: "Seconds per epoch", text: value => fixed(value, 1) },
  memory_mib: { title: "Main memory in MiB", text: short },
};
const epochText = value => (Number.isInteger(value) ? String(value) : "");

/** What each chart shows: a title, how values are written, and columns, of which the second is dashed. */
function charts(columns) {
  const losses = Object.entries(LOSSES).map(([name, title]) => ({ title: `${title} (dashed: held out)`, columns: [name, `val_${name}`], text: short }));
  const others = Object.entries(OTHERS).map(([name, chart]) => ({ text: fixed, ...chart, columns: [name] }));
  const [loss, ...terms] = losses;
  const [ap, ap50, ...rest] = others;
  const known = [loss, ap, ap50, ...terms, ...rest];
  const named = new Set(known.flatMap(chart => chart.columns));
  const more = columns.filter(name => !named.has(name)).map(name => ({ title: name, columns: [name], text: short }));
  return [...known, ...more].filter(chart => chart.columns.some(name => columns.includes(name)));
}

/** Seconds of training at the end of each epoch. */
const elapsed = seconds => {
  let sum = 0;
  return seconds.map(value => (sum += value ?? 0));
};

/**
 * The curves.
 *
 * @param runs each with run, colour, epochs and columns
 * @param byTime whether the axis is time instead of epochs
 * @param weight of the past in smoothed curves, in 0..1
 */
export function Curves({ runs, byTime, weight }) {
  const columns = [...new Set(runs.flatMap(run => Object.keys(run.columns)))];
  const shown = useMemo(() => charts(columns).map(chart => ({
    ...chart,
    lines: runs.flatMap(run => chart.columns.map((name, i) => ({
      label: `${run.run} ${name}`,
      name: i ? "held out" : run.run,
      colour: run.colour,
      dashed: i > 0,
      x: byTime && run.columns.seconds ? elapsed(run.columns.seconds) : run.epochs,
      y: run.columns[name] && smooth(run.columns[name], weight),
    }))).filter(line => line.y),
  })), [runs, byTime, weight]);
  if (!shown.length) {
    return html`<p class="soft">No complete epoch yet.</p>`;
  }
  return html`<div class="charts">${shown.map(chart => html`<${Chart} key=${chart.columns[0]} title=${chart.title} lines=${chart.lines}
    xText=${byTime ? clock : epochText} text=${chart.text} />`)}</div>`;
}

/** What changes the curves: epochs or time, and smoothing. */
export const CurveControls = ({ byTime, weight, onChange }) => html`
  <span class="choice" role="group" aria-label="Horizontal axis">
    <button type="button" aria-pressed=${!byTime} onClick=${() => onChange({ byTime: false, weight })}>Epochs</button>
    <button type="button" aria-pressed=${byTime} onClick=${() => onChange({ byTime: true, weight })}>Time</button>
  </span>
  <label>Smoothing <input type="range" min="0" max="0.95" step="0.05" value=${weight}
    onInput=${event => onChange({ byTime, weight: +event.target.value })} /> <span>${weight.toFixed(2)}</span></label>`;
