// Precision, recall and F1 by score, with a threshold to drag for each class; they can be saved for the other commands.
import { html, useRef, useState } from "../html.js";
import { post } from "../api.js";
import { fixed } from "../format.js";
import { Problem } from "../parts.js";

const WIDTH = 560;
const HEIGHT = 240;
const LEFT = 34;
const LOW = 26;
const LINES = [["precision", "--line-0"], ["recall", "--line-1"], ["f1", "--line-2"]];
const NAMES = { precision: "precision", recall: "recall", f1: "F1" };

const across = score => LEFT + score * (WIDTH - LEFT - 8);
const along = value => 8 + (1 - value) * (HEIGHT - LOW - 8);

function pathOf(scores, values) {
  let path = "";
  let drawing = false;
  values.forEach((value, i) => {
    path += value === null ? "" : `${drawing ? "L" : "M"}${across(scores[i]).toFixed(1)} ${along(value).toFixed(1)}`;
    drawing = value !== null;
  });
  return path;
}

export function Thresholds({ model, measures, onShow }) {
  const [chosen, setChosen] = useState(0); // 0 is all classes
  const [thresholds, setThresholds] = useState(measures.classes.map(() => measures.min_confidence));
  const [saved, setSaved] = useState(null);
  const [error, setError] = useState(null);
  const chart = useRef();
  const scores = measures.curves.scores;
  const curveOf = one => (one ? measures.curves.per_category[measures.classes[one - 1].id] : measures.curves.all);
  const curve = curveOf(chosen);
  const value = chosen ? thresholds[chosen - 1] : thresholds.every(one => one === thresholds[0]) ? thresholds[0] : null;
  const set = score => {
    setSaved(null);
    const bounded = Math.round(Math.max(0.01, Math.min(1, score)) * 100) / 100;
    setThresholds(thresholds.map((old, i) => (chosen === 0 || i === chosen - 1 ? bounded : old)));
  };
  const setBest = () => {
    setSaved(null);
    setThresholds(thresholds.map((old, i) => curveOf(i + 1)?.best.score ?? old));
  };
  const drag = event => {
    if (event.buttons === 1) {
      const box = chart.current.getBoundingClientRect();
      set(((event.clientX - box.left) / box.width * WIDTH - LEFT) / (WIDTH - LEFT - 8));
    }
  };
  const down = event => {
    chart.current.setPointerCapture(event.pointerId);
    drag(event);
  };
  const save = async () => {
    try {
      setSaved(await post("api/results/tuned", { ...model, scores: thresholds }));
      setError(null);
    } catch (problem) {
      setError(problem);
    }
  };
  const at = value === null ? null : Math.min(scores.length - 1, Math.round(value * 100));
  const usable = measures.classes.filter(one => measures.curves.per_category[one.id]);
  return html`<section class="card"><h2>Score thresholds</h2>
    <div class="bar"><label>Class <select value=${chosen} onChange=${event => setChosen(Number(event.target.value))}>
        <option value="0">all classes</option>${usable.map(one => html`<option value=${one.class}>${one.name}</option>`)}</select></label>
      <button type="button" onClick=${setBest} title="For each class the threshold with the highest F1">Best F1 of each class</button></div>
    ${curve ? html`<svg class="thresholds" ref=${chart} viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Precision, recall and F1 by score"
        onPointerDown=${down} onPointerMove=${drag}>
      ${[0, .25, .5, .75, 1].map(tick => html`<line class="rule" x1=${LEFT} x2=${WIDTH - 8} y1=${along(tick)} y2=${along(tick)} />
        <text x=${LEFT - 6} y=${along(tick) + 4} text-anchor="end">${tick}</text>
        <text x=${across(tick)} y=${HEIGHT - 8} text-anchor="middle">${tick}</text>`)}
      ${LINES.map(([name, colour]) => html`<path d=${pathOf(scores, curve[name])} style=${{ stroke: `var(${colour})` }} />`)}
      ${value === null ? null : html`<line class="threshold" x1=${across(value)} x2=${across(value)} y1="8" y2=${HEIGHT - LOW} />`}
    </svg>` : html`<p class="soft">This class has neither objects nor detections.</p>`}
    <div class="bar"><label class="grow">Threshold <input class="grow" type="range" min="0.01" max="1" step="0.01" value=${value ?? .5}
      onInput=${event => set(Number(event.target.value))} /><output>${value === null ? "differs" : value.toFixed(2)}</output></label></div>
    ${curve && at !== null ? html`<p class="bar">${LINES.map(([name, colour]) => html`<span><span class="swatch" style=${{ background: `var(${colour})` }}></span>
      ${" "}${NAMES[name]} <b>${fixed(curve[name][at])}</b></span>`)}
      ${[["fp", "Wrong"], ["fn", "Not found"], ["tp", "Right"]].map(([group, text]) => html`<button type="button"
        onClick=${() => onShow({ group, class: chosen || "", score: value })}>${text} …</button>`)}</p>` : null}
    <div class="bar"><button type="button" class="main" onClick=${save}>Save as tuned settings</button>
      ${saved ? html`<span role="status">${saved.file}: F1 ${fixed(saved.after)} on these photos, before ${fixed(saved.before)}.
        Use it with <code>--tuned</code>.</span>` : null}</div>
    <${Problem} error=${error} /></section>`;
}
