// The photos of the dataset as a grid; a click opens one.
import { html, useEffect, useState } from "../html.js";
import { get, post, useLoad } from "../api.js";
import { plural } from "../format.js";
import { useKeys } from "../keys.js";
import { Loading, Problem } from "../parts.js";
import { link, replace } from "../route.js";
import { Filters, filtersOf } from "./filters.js";
import { Grid } from "./grid.js";
import Photo from "./photo.js";
import { Thumbnail } from "./thumbnail.js";

/** What the server says of the dataset, again and again while something is under way. */
export function useDataset() {
  const data = useLoad(signal => get("api/data", {}, signal), []);
  const busy = data.value?.state === "reading" || data.value?.inspection?.state === "running";
  useEffect(() => {
    const again = busy && !data.loading ? setTimeout(data.reload, 500) : null;
    return () => clearTimeout(again);
  }, [busy, data.loading]);
  // while it loads again, what was there before stays
  const [last, setLast] = useState(null);
  useEffect(() => data.value && setLast(data.value), [data.value]);
  return { ...data, value: data.value ?? last };
}

export default function Data({ route }) {
  const data = useDataset();
  if (data.error) {
    return html`<${Problem} error=${data.error} />`;
  } else if (!data.value) {
    return html`<${Loading} what="the dataset" />`;
  }
  switch (data.value.state) {
    case "none":
      return html`<h1>Data</h1><p>No dataset is open. Start the studio with one: <code>studio --data FOLDER</code></p>`;
    case "failed":
      return html`<h1>Data</h1><${Problem} error=${{ message: data.value.error }} />`;
    case "ready":
      if (route.path.length) {
        return html`<${Photo} data=${data.value} route=${route} />`;
      }
  }
  return html`<${Photos} data=${data.value} route=${route} reload=${data.reload} />`;
}

function Inspection({ data, reload }) {
  const { state, seen, photos, error } = data.inspection;
  const start = () => post("api/data/inspection").then(reload);
  return html`${state === "not_started" ? html`<button type="button" title="Reads every photo and looks for damaged and doubled ones, and for wrong annotations"
      onClick=${start}>Inspect</button>` : null}
    ${state === "running" ? html`<span class="soft" role="status">Inspecting: ${photos ? `${seen} of ${plural(photos, "photo")}` : "annotations"} …</span>` : null}
    ${state === "failed" ? html`<${Problem} error=${{ message: error }} />` : null}
    ${state === "done" && !data.inspection.findings.length ? html`<span class="soft">Nothing found</span>` : null}`;
}

function Photos({ data, route, reload }) {
  const ready = data.state === "ready";
  const filters = filtersOf(route.query);
  const masks = route.query.get("masks") !== "off";
  const [count, setCount] = useState(null);
  const [outlines, setOutlines] = useState(new Map());
  const change = more => replace(link("data", [], { ...filters, masks: masks ? "" : "off", ...more }));
  useKeys([["m", "masks on or off", () => change({ masks: masks ? "off" : "" })]], [location.hash]);
  const key = JSON.stringify([ready, filters]);

  const load = async (offset, limit, signal) => {
    const answer = await get("api/data/photos", { ...(ready ? filters : {}), offset, limit }, signal);
    if (masks && !answer.preview && answer.photos.length) {
      addOutlines(answer.photos, signal);
    }
    // each says what it is: the annotations may become ready between two answers
    return { count: answer.matches, items: answer.photos.map(photo => ({ ...photo, preview: answer.preview })) };
  };
  const addOutlines = async (photos, signal) => {
    const answer = await get("api/data/outlines", { photos: photos.map(photo => photo.index).join(",") }, signal).catch(() => ({}));
    setOutlines(before => new Map([...[...before].slice(-1000), ...Object.entries(answer).map(([index, one]) => [Number(index), one])]));
  };
  const shapes = photo => {
    const known = masks && outlines.get(photo.index);
    return known ? known.paths.map((path, i) => ({ path, colour: data.categories[known.classes[i] - 1]?.colour })) : [];
  };
  const cell = photo => html`<a href=${photo.preview ? "#/data" : link("data", [photo.index], filters)} title=${photo.name}>
    <${Thumbnail} key=${`${photo.preview} ${photo.index}`} photo=${photo} preview=${photo.preview} shapes=${shapes(photo)} />
    <span class="caption"><span>${photo.name}</span>${photo.preview ? null : html`<b aria-label=${plural(photo.objects, "object")}>${photo.objects}</b>`}</span></a>`;
  return html`<div class="bar"><h1>${ready ? data.name : "Data"}</h1>
      <span class="soft grow" role="status">${ready
        ? `${count === null ? "…" : count.toLocaleString("en")} of ${plural(data.photos, "photo")}, ${plural(data.objects, "object")}`
        : `Reading the annotations of ${data.photos ? plural(data.photos, "photo") : "the photos"} …`}</span>
      ${ready ? html`<${Inspection} data=${data} reload=${reload} />
        <button type="button" aria-pressed=${masks} title="m" onClick=${() => change({ masks: masks ? "off" : "" })}>Masks</button>` : null}</div>
    ${ready ? html`<${Filters} data=${data} filters=${filters} onChange=${change} />` : null}
    ${ready && count === 0 ? html`<p>No photo fits these filters. <button type="button" onClick=${() => replace(link("data"))}>Clear them</button></p>` : null}
    <${Grid} label="Photos" load=${load} cell=${cell} inputs=${[key, masks]} width=${180} height=${206} onCount=${setCount} />`;
}
