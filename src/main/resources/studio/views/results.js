// How good a model is, and the photos behind each number.
import { html, useState } from "../html.js";
import { get, useLoad } from "../api.js";
import { fixed, plural } from "../format.js";
import { Loading, Problem, Table } from "../parts.js";
import { go, link, replace } from "../route.js";
import { Confusion } from "./confusion.js";
import { Thresholds } from "./thresholds.js";
import { useDataset } from "./data.js";
import { Examples, groupOf } from "./examples.js";
import { JobState, modelOf, ModelChoice, otherOf, useJob } from "./models.js";
import ResultPhoto from "./resultphoto.js";

export default function Results({ route }) {
  const data = useDataset();
  const state = data.value?.state;
  const models = useLoad(signal => (state === "ready" ? get("api/results", {}, signal) : Promise.resolve(null)), [state]);
  if (data.error || models.error) {
    return html`<${Problem} error=${data.error ?? models.error} />`;
  } else if (state === "none") {
    return html`<h1>Results</h1><p>No dataset is open. Start the studio with one: <code>studio --data FOLDER</code></p>`;
  } else if (state === "failed") {
    return html`<h1>Results</h1><${Problem} error=${{ message: data.value.error }} />`;
  } else if (!models.value) {
    return html`<${Loading} what=${state === "reading" ? "the annotations" : "the results"} />`;
  } else if (!models.value.runs.length && !models.value.weights) {
    return html`<h1>Results</h1><p>There is no run that was trained on ${data.value.name}.</p>`;
  }
  const model = modelOf(route.query, models.value);
  return route.path.length
    ? html`<${ResultPhoto} route=${route} models=${models.value} model=${model} other=${otherOf(route.query, model)} data=${data.value} />`
    : html`<${Overview} route=${route} models=${models.value} model=${model} data=${data.value} />`;
}

function Overview({ route, models, model, data }) {
  const state = useJob(model);
  const ready = state.job?.stage === "ready";
  const measures = useLoad(signal => (ready ? get("api/results/measures", model, signal) : Promise.resolve(null)), [ready, JSON.stringify(model)]);
  const shown = groupOf(route.query);
  const change = more => replace(link("results", [], { ...model, ...shown, ...more }));
  const show = group => {
    go(link("results", [], { ...model, ...group }));
    document.getElementById("examples")?.scrollIntoView({ block: "start" });
  };
  const all = ready && measures.value;
  return html`<div class="bar"><h1>Results</h1><${ModelChoice} models=${models} model=${model} onChange=${change} /></div>
    <${JobState} state=${state} model=${model} /><${Problem} error=${measures.error} />
    ${all ? html`<div key=${JSON.stringify(model)}><${Summary} measures=${all} />
      <div class="columns"><div><${Thresholds} model=${model} measures=${all} onShow=${show} /><${Errors} measures=${all} onShow=${show} /></div>
        <${Classes} measures=${all} onShow=${show} /></div>
      <${Confusion} model=${model} measures=${all} onCell=${(truth, find, score, iou) => show({ group: "cell", truth, find, score, iou })} />
      <${Examples} model=${model} measures=${all} shown=${shown} address=${model}
        onChange=${group => replace(link("results", [], { ...model, ...group }))} /></div>` : null}`;
}

function Summary({ measures }) {
  const facts = [["mask AP", measures.segm?.stats[0]], ["mask AP50", measures.segm?.stats[1]], ["box AP", measures.bbox.stats[0]],
    ["boundary AP", measures.boundary?.stats[0]], ["Kaggle 2019", measures.kaggle2019], ["F1 at best score", measures.curves.all.best.f1],
    ["calibration error", measures.calibration.expected_calibration_error]];
  return html`<section class="card numbers" aria-label="Measures">
    ${facts.map(([name, value]) => html`<div><b>${value === -1 ? "–" : fixed(value)}</b><span class="soft">${name}</span></div>`)}
    <div><b>${measures.photos.toLocaleString("en")}</b><span class="soft">photos</span></div></section>`;
}

function Errors({ measures, onShow }) {
  const tide = measures.tide.segm ?? measures.tide.bbox;
  if (!tide?.main) {
    return null;
  }
  const most = Math.max(...Object.values(tide.main), 1e-9);
  return html`<section class="card"><h2>Error types</h2>
    <table class="errors"><thead><tr><th scope="col">Type</th><th scope="col" class="number">Costs</th><td></td><th scope="col" class="number">Count</th></tr></thead>
    <tbody>${measures.error_types.map(type => html`<tr key=${type.key}><th scope="row">${type.meaning}</th>
      <td class="number">${fixed(tide.main[type.key], 1)}</td><td><span class="progress"><i style=${{ width: `${100 * tide.main[type.key] / most}%` }}></i></span></td>
      <td class="number"><button type="button" aria-label="${tide.counts[type.key]} with error: ${type.meaning}" onClick=${() => onShow({ group: "error", type: type.key })}>${tide.counts[type.key]}</button></td></tr>`)}</tbody></table>
    <p class="soft">Costs in points of mask AP50 that mending all of a type would give.</p>
    <div class="bar"><button type="button" onClick=${() => onShow({ group: "suspects" })}>${plural(measures.suspects, "likely label error")} …</button>
      <button type="button" onClick=${() => onShow({ group: "hardest" })}>Hardest photos …</button></div></section>`;
}

function Classes({ measures, onShow }) {
  const [sort, setSort] = useState({ key: "objects", down: true });
  const rows = measures.classes.map(one => ({ ...one, best: measures.curves.per_category[one.id]?.best })).filter(row => row.objects || row.best);
  const columns = [
    { key: "name", title: "Class", value: row => row.name, cell: row => html`<a href="#examples" onClick=${event => { event.preventDefault(); onShow({ group: "fn", class: row.class }); }}>${row.name}</a>` },
    { key: "objects", title: "Objects", number: true, value: row => row.objects, cell: row => row.objects },
    { key: "ap", title: "Mask AP", number: true, value: row => row.ap, cell: row => fixed(row.ap ?? NaN) },
    { key: "ap50", title: "AP50", number: true, value: row => row.ap50, cell: row => fixed(row.ap50 ?? NaN) },
    { key: "f1", title: "Best F1", number: true, value: row => row.best?.f1, cell: row => fixed(row.best?.f1 ?? NaN) },
    { key: "score", title: "at score", number: true, value: row => row.best?.score, cell: row => fixed(row.best?.score ?? NaN, 2) },
  ];
  return html`<section class="card short"><h2>Classes</h2><${Table} label="Classes" columns=${columns} rows=${rows} rowKey=${row => row.class} sort=${sort} onSort=${setSort} /></section>`;
}
