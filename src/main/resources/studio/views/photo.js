// One photo, large, with its objects.
import { html, useEffect, useRef, useState } from "../html.js";
import { address, get, useLoad } from "../api.js";
import { plural } from "../format.js";
import { useKeys } from "../keys.js";
import { Dialog, Loading, Problem } from "../parts.js";
import { go, link, replace } from "../route.js";
import { filtersOf } from "./filters.js";
import { Viewer, viewerKeys, WHOLE, zoomed } from "./viewer.js";

/** What of a photo's view stands in the address: zoom, place, hidden objects. */
function viewOf(query) {
  const [zoom, x, y] = (query.get("view") ?? "").split(",").map(Number);
  return zoom >= 1 && x >= 0 && x <= 1 && y >= 0 && y <= 1 ? { zoom, x, y } : WHOLE;
}

const rounded = value => Math.round(value * 1e4) / 1e4;
const viewText = view => (view.zoom === 1 ? "" : [view.zoom, view.x, view.y].map(rounded).join(","));

export default function Photo({ data, route }) {
  const index = route.path[0];
  const filters = filtersOf(route.query);
  const photo = useLoad(signal => get(`api/data/photos/${encodeURIComponent(index)}`, filters, signal), [index, JSON.stringify(filters)]);
  const shown = photo.value && String(photo.value.index) === index ? photo.value : null;
  const open = other => other !== null && other !== undefined && go(link("data", [other], filters));
  useKeys([
    ["ArrowLeft", "the photo before", () => open(shown?.previous)],
    ["ArrowRight", "the next photo", () => open(shown?.next)],
    ["Escape", "back to all photos", () => go(link("data", [], filters))],
  ], [shown, JSON.stringify(filters)]);
  return html`<div class="bar"><a href=${link("data", [], filters)}>All photos</a>
      <h1 class="grow">${shown?.name ?? ""}</h1>
      ${shown ? html`<span class="soft">${shown.width} × ${shown.height}, ${shown.place < 0 ? "does not fit the filters"
        : `${shown.place + 1} of ${shown.matches}`}</span>` : null}
      <span class="choice"><button type="button" aria-label="The photo before" disabled=${(shown?.previous ?? null) === null} onClick=${() => open(shown.previous)}>←</button>
        <button type="button" aria-label="The next photo" disabled=${(shown?.next ?? null) === null} onClick=${() => open(shown.next)}>→</button></span></div>
    <${Problem} error=${photo.error} />
    ${shown ? html`<${Large} key=${index} data=${data} photo=${shown} route=${route} filters=${filters} />`
      : photo.loading ? html`<${Loading} what="the photo" />` : null}`;
}

function Large({ data, photo, route, filters }) {
  const [view, setView] = useState(viewOf(route.query));
  const [hidden, setHidden] = useState(new Set((route.query.get("hidden") ?? "").split(",").filter(text => text).map(Number)));
  const [samples, setSamples] = useState(route.query.has("samples"));
  const [hot, setHot] = useState(null);
  const [level, setLevel] = useState(null);
  const paths = useLoad(signal => (level === null ? Promise.resolve(null)
    : get(`api/data/photos/${photo.index}/outlines`, { level }, signal).then(list => ({ level, list }))), [level]);
  const [outlines, setOutlines] = useState(null);
  useEffect(() => paths.value && setOutlines(paths.value), [paths.value]);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return undefined;
    }
    // a moment later, since the browser allows few changes of the address in a second
    const wait = setTimeout(() => replace(link("data", [photo.index],
      { ...filters, view: viewText(view), hidden: [...hidden].join(","), samples: samples ? "on" : "" })), 250);
    return () => clearTimeout(wait);
  }, [view, hidden, samples]);
  const toggle = i => setHidden(before => {
    const after = new Set(before);
    after.delete(i) || after.add(i);
    return after;
  });
  const all = hidden.size ? new Set() : new Set(photo.objects.keys());
  useKeys([...viewerKeys(view, setView),
    ["m", "all masks on or off", () => setHidden(all)],
    ["s", "samples as training sees them", () => setSamples(true)]], [view, hidden]);
  const shapes = outlines ? photo.objects.map((object, i) => ({ key: i, path: outlines.list[i], hot: hot === i, dashed: object.crowd,
    colour: data.categories[object.class - 1].colour })).filter(shape => !hidden.has(shape.key)) : [];
  // small objects over large ones, so that each can be reached
  shapes.sort((a, b) => photo.objects[b.key].area - photo.objects[a.key].area);
  return html`<div class="large">
    <${Viewer} photo=${photo} view=${view} onView=${setView} shapes=${shapes} outlineLevel=${outlines?.level ?? 0} onHover=${setHot} onLevel=${setLevel} />
    <section class="card" aria-label="Objects">
      <div class="bar"><button type="button" aria-label="Zoom in" onClick=${() => setView(zoomed(view, 1.5))}>+</button>
        <button type="button" aria-label="Zoom out" onClick=${() => setView(zoomed(view, 1 / 1.5))}>−</button>
        <button type="button" onClick=${() => setView(WHOLE)}>Whole</button>
        <button type="button" onClick=${() => setSamples(true)}>Augmented</button></div>
      <h2><label><input type="checkbox" checked=${!hidden.size} disabled=${!photo.objects.length} onChange=${() => setHidden(all)} />
        ${" "}${plural(photo.objects.length, "object")}</label></h2>
      <ul class="objects">${photo.objects.map((object, i) => html`<li key=${i} class=${hot === i ? "hot" : ""}
          onPointerEnter=${() => setHot(i)} onPointerLeave=${() => setHot(null)}>
        <label><input type="checkbox" checked=${!hidden.has(i)} onChange=${() => toggle(i)} onFocus=${() => setHot(i)} onBlur=${() => setHot(null)} />
          <span class="swatch" style=${{ background: data.categories[object.class - 1].colour }}></span>
          <span class="grow">${data.categories[object.class - 1].name}${object.crowd ? " (crowd)" : ""}</span></label>
        <span class="soft">${object.area.toLocaleString("en")} px</span></li>`)}</ul>
      ${photo.findings.length ? html`<h2>Findings</h2><ul>${photo.findings.map(title => html`<li>${title}</li>`)}</ul>` : null}
      <${Problem} error=${paths.error} />
    </section>
    ${samples ? html`<${Samples} data=${data} photo=${photo} onClose=${() => setSamples(false)} />` : null}
  </div>`;
}

/** The photo a few times as training sees it. */
function Samples({ data, photo, onClose }) {
  const [run, setRun] = useState(data.runs.at(-1) ?? "");
  const [kind, setKind] = useState("");
  const [seed, setSeed] = useState(1);
  const from = address(`api/data/photos/${photo.index}/augmented`, { run: run || null, augmentation: kind || null, seed });
  const picture = useLoad(async signal => {
    const answer = await fetch(from, { signal });
    if (!answer.ok) {
      throw new Error((await answer.json()).error);
    }
    return URL.createObjectURL(await answer.blob());
  }, [from]);
  useEffect(() => () => picture.value && URL.revokeObjectURL(picture.value), [picture.value]);
  return html`<${Dialog} title="As training sees ${photo.name}" onClose=${onClose}>
    <div class="bar">
      ${data.runs.length ? html`<label>Settings of <select value=${run} onChange=${event => setRun(event.target.value)}>
        ${data.runs.map(name => html`<option>${name}</option>`)}</select></label>` : null}
      <label>Augmentation <select value=${kind} onChange=${event => setKind(event.target.value)}>
        <option value="">that of the last stage</option>${["none", "flip", "standard", "strong"].map(word => html`<option>${word}</option>`)}</select></label>
      <button type="button" onClick=${() => setSeed(seed + 5)}>Others</button></div>
    <${Problem} error=${picture.error} />
    ${picture.value ? html`<img class="sheet" src=${picture.value} alt="Augmented samples of ${photo.name}" />` : picture.error ? null : html`<${Loading} what="samples" />`}
  <//>`;
}
