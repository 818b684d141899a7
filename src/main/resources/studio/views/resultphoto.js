// One photo: truth beside what one model found, or two.
import { html, useEffect, useRef, useState } from "../html.js";
import { get, useLoad } from "../api.js";
import { fixed } from "../format.js";
import { useKeys } from "../keys.js";
import { Loading, Problem } from "../parts.js";
import { go, link, replace } from "../route.js";
import { groupOf } from "./examples.js";
import { JobState, ModelChoice, useJob } from "./models.js";
import { Viewer, viewerKeys, WHOLE } from "./viewer.js";

const RIGHT = "var(--truth)";
const WRONG = "var(--find)";
const MISSED = "var(--marker)";
const IGNORED = "var(--soft)";

export default function ResultPhoto({ route, models, model, other, data }) {
  const index = route.path[0];
  const group = groupOf(route.query);
  const photo = useLoad(signal => get(`api/data/photos/${encodeURIComponent(index)}`, {}, signal), [index]);
  const state = useJob(model);
  const ready = state.job?.stage === "ready";
  const around = useLoad(signal => (ready ? neighbours(index, model, group, signal) : Promise.resolve(null)), [index, ready, JSON.stringify([model, group])]);
  const [score, setScore] = useState(Number(route.query.get("from") ?? NaN));
  const [view, setView] = useState(WHOLE);
  const address = more => ({ ...model, ...group, run2: other?.run ?? null, epoch2: other?.epoch ?? "", from: Number.isNaN(score) ? "" : score, ...more });
  const change = more => replace(link("results", [index], withEmpty(address(more))));
  const open = to => to !== undefined && go(link("results", [to], withEmpty(address({}))));
  useKeys([
    ...viewerKeys(view, setView),
    ["ArrowLeft", "the photo before", () => open(around.value?.before)],
    ["ArrowRight", "the next photo", () => open(around.value?.next)],
    ["Escape", "back to the results", () => go(link("results", [], { ...model, ...group }))],
  ], [view, location.hash, around.value]);
  const latest = useRef();
  latest.current = change; // with what stands in the address when the time is over
  useEffect(() => {
    const wait = setTimeout(() => Number.isNaN(score) || String(score) === route.query.get("from") || latest.current({}), 250);
    return () => clearTimeout(wait);
  }, [score]);
  const shown = photo.value && String(photo.value.index) === index ? photo.value : null;
  const second = models.runs.find(one => one.name !== model.run) ?? models.runs[0];
  const limit = Number.isNaN(score) ? .5 : score;
  return html`<div class="bar"><a href=${link("results", [], { ...model, ...group })}>All results</a><h1 class="grow">${shown?.name ?? ""}</h1>
      <span class="choice"><button type="button" aria-label="The photo before" disabled=${around.value?.before === undefined} onClick=${() => open(around.value.before)}>←</button>
        <button type="button" aria-label="The next photo" disabled=${around.value?.next === undefined} onClick=${() => open(around.value.next)}>→</button></span></div>
    <div class="bar"><${ModelChoice} models=${models} model=${model} onChange=${change} />
      <label>Score from <input type="range" min="0.05" max="1" step="0.01" value=${limit} onInput=${event => setScore(Number(event.target.value))} /><output>${limit.toFixed(2)}</output></label>
      ${second ? html`<button type="button" aria-pressed=${Boolean(other)} onClick=${() => change(other ? { run2: null, epoch2: "" } : { run2: second.name, epoch2: second.epochs.at(-1) })}>Beside another</button>` : null}
      ${other ? html`<${ModelChoice} second models=${models} model=${other} onChange=${more => change({ run2: more.run ?? other.run, epoch2: more.epoch ?? other.epoch })} />` : null}</div>
    <${Problem} error=${photo.error} />
    ${shown ? html`<${Panes} photo=${shown} data=${data} models=${[model, other].filter(one => one)} state=${state} score=${limit} view=${view} onView=${setView}
      marked=${{ truth: route.query.get("object"), find: route.query.get("detection") }} />` : photo.loading ? html`<${Loading} what="the photo" />` : null}`;
}

/** A second run stays in the address though its name may be empty: that of the given weights. */
const withEmpty = query => Object.fromEntries(Object.entries(query).filter(([, value]) => value !== null));

async function neighbours(index, model, group, signal) {
  const answer = await get("api/results/examples", { ...model, ...group, limit: 100 }, signal);
  const photos = [...new Set(answer.entries.map(entry => String(entry.index)))];
  const at = photos.indexOf(index);
  return at < 0 ? { next: photos[0] } : { before: photos[at - 1], next: photos[at + 1] };
}

/** What a model found in the photo; null until it is known. */
function useFound(model, state, index, level) {
  const ready = state.job?.stage === "ready" && level !== null;
  const found = useLoad(signal => (ready ? get(`api/results/photos/${index}`, { ...model, level }, signal).then(value => ({ ...value, level })) : Promise.resolve(null)),
    [ready, index, level, JSON.stringify(model)]);
  return { state, found: ready ? found.value : null, error: found.error };
}

function Panes({ photo, data, models, state, score, view, onView, marked }) {
  const [level, setLevel] = useState(null);
  const [hot, setHot] = useState(null); // pane and place of an object
  const first = useFound(models[0], state, photo.index, level);
  const second = useFound(models[1] ?? null, useJob(models[1] ?? null), photo.index, level);
  const all = [first, ...(models[1] ? [second] : [])];
  const name = one => data.categories[one - 1].name;
  const [paths, setPaths] = useState(null);
  useEffect(() => {
    const control = new AbortController();
    if (level !== null) {
      get(`api/data/photos/${photo.index}/outlines`, { level }, control.signal).then(list => setPaths({ level, list }), () => {});
    }
    return () => control.abort();
  }, [photo.index, level]);
  const truthShapes = paths ? photo.objects.map((object, i) => {
    const by = first.found?.truths[i]?.found_by ?? -1;
    const isFound = !first.found || object.crowd || (by >= 0 && first.found.finds[by].score >= score);
    return { key: `t${i}`, path: paths.list[i], colour: object.crowd ? IGNORED : isFound ? RIGHT : MISSED, dashed: !isFound || object.crowd,
      hot: hot === `t${i}` || (hot === null && marked.truth === String(i)), what: name(object.class), fact: object.crowd ? "crowd" : isFound ? "" : "not found", area: object.area };
  }) : [];
  const foundShapes = all.map(({ found }, pane) => (found ? found.finds.map((find, i) => ({ key: `${pane} ${i}`, path: find.path, score: find.score,
    colour: find.ignored ? IGNORED : find.truth >= 0 ? RIGHT : WRONG, hot: hot === `${pane} ${i}` || (hot === null && pane === 0 && marked.find === String(i)),
    what: name(find.class), fact: `${fixed(find.score, 2)}, IoU ${fixed(find.iou, 2)}`, area: find.box[2] * find.box[3] })).filter(shape => shape.score >= score) : []));
  const sorted = shapes => [...shapes].sort((a, b) => b.area - a.area);
  const list = (title, shapes) => html`<h2>${title}</h2><ul class="objects">${shapes.map(shape => html`<li key=${shape.key} class=${shape.hot ? "hot" : ""}
      onPointerEnter=${() => setHot(shape.key)} onPointerLeave=${() => setHot(null)}>
      <span class="swatch" style=${{ background: shape.colour }}></span><span class="grow">${shape.what}</span><span class="soft">${shape.fact}</span></li>`)}</ul>`;
  const title = one => (one.run ? `${one.run}, epoch ${one.epoch}` : "given weights");
  return html`<div class="panes" style=${{ "--panes": all.length + 1 }}>
    <div><${Viewer} label="Truth" photo=${photo} view=${view} onView=${onView} shapes=${sorted(truthShapes)} outlineLevel=${paths?.level ?? 0} onHover=${setHot} onLevel=${setLevel} />
      ${list(`Truth: ${photo.objects.length}`, truthShapes)}</div>
    ${all.map(({ state, found, error }, pane) => html`<div key=${pane}>
      <${Viewer} label="Found by ${title(models[pane])}" photo=${photo} view=${view} onView=${onView} shapes=${sorted(foundShapes[pane])} outlineLevel=${found?.level ?? 0} onHover=${setHot} />
      <${JobState} state=${state} model=${models[pane]} /><${Problem} error=${error} />
      ${found ? list(`Found by ${title(models[pane])}: ${foundShapes[pane].length}`, foundShapes[pane]) : null}</div>`)}
  </div>
  <p class="soft"><span class="swatch" style=${{ background: RIGHT }}></span> right ${" "}<span class="swatch" style=${{ background: WRONG }}></span> wrong
    ${" "}<span class="swatch" style=${{ background: MISSED }}></span> not found, at mask IoU 0.5</p>`;
}
