// The filters of the dataset's photos, which stand in the address.
import { html, useEffect, useState } from "../html.js";

export const FILTERS = ["classes", "area", "objects", "name", "run", "part", "finding", "order"];

const AREAS = [["", "any size"], ["-1023", "small: below 32²"], ["1024-9215", "medium"], ["9216-", "large: from 96²"]];
const COUNTS = [["", "any number"], ["0-0", "none"], ["1-1", "1"], ["2-4", "2 to 4"], ["5-9", "5 to 9"], ["10-", "10 or more"]];
const ORDERS = [["", "by name"], ["most", "most objects first"], ["fewest", "fewest objects first"]];

/** The filters of an address as a query for the server. */
export function filtersOf(query) {
  return Object.fromEntries(FILTERS.map(name => [name, query.get(name)]).filter(([, value]) => value));
}

const Choice = ({ label, value, choices, onChange }) => html`<label>${label}
  <select value=${value ?? ""} onChange=${event => onChange(event.target.value)}>
    ${choices.map(([key, text]) => html`<option value=${key}>${text}</option>`)}</select></label>`;

/** @param onChange takes the filters that change, by name */
export function Filters({ data, filters, onChange }) {
  const [name, setName] = useState(filters.name ?? "");
  useEffect(() => setName(filters.name ?? ""), [filters.name]);
  useEffect(() => {
    const wait = setTimeout(() => name !== (filters.name ?? "") && onChange({ name }), 200);
    return () => clearTimeout(wait);
  }, [name]);
  const chosen = (filters.classes ?? "").split(",").filter(text => text).map(Number);
  const setClasses = list => onChange({ classes: list.join(",") });
  const findings = data.inspection.findings;
  return html`<div class="bar">
      <label>Name <input type="search" value=${name} placeholder="part of a file's name" onInput=${event => setName(event.target.value)} /></label>
      <${Choice} label="Shows" value="" onChange=${value => value && setClasses([...chosen, Number(value)])}
        choices=${[["", chosen.length ? "and …" : "any class"], ...data.categories.filter(c => !chosen.includes(c.class))
          .map(c => [c.class, `${c.name} (${c.objects})`])]} />
      <${Choice} label="of size" value=${filters.area} choices=${AREAS} onChange=${area => onChange({ area })} />
      <${Choice} label="Objects" value=${filters.objects} choices=${COUNTS} onChange=${objects => onChange({ objects })} />
      ${data.runs.length ? html`<${Choice} label="Split" value=${filters.part ? `${filters.part} ${filters.run}` : ""}
        choices=${[["", "any"], ...data.runs.flatMap(run => [[`train ${run}`, `training photos of ${run}`], [`valid ${run}`, `held out by ${run}`]])]}
        onChange=${value => { const at = value.indexOf(" "); onChange({ part: value.slice(0, Math.max(0, at)), run: value.slice(at + 1) }); }} />` : null}
      ${findings.length ? html`<${Choice} label="Finding" value=${filters.finding}
        choices=${[["", "any"], ...findings.map((f, i) => [i, `${f.title} (${f.photos})`]).filter(([i]) => findings[i].photos)]}
        onChange=${finding => onChange({ finding })} />` : null}
      <${Choice} label="Order" value=${filters.order} choices=${ORDERS} onChange=${order => onChange({ order })} />
    </div>
    ${chosen.length ? html`<div class="bar">${chosen.map(c => html`<button type="button" class="chip" key=${c}
      onClick=${() => setClasses(chosen.filter(other => other !== c))}><span class="swatch" style=${{ background: data.categories[c - 1]?.colour }}></span>
      ${data.categories[c - 1]?.name ?? c} <span aria-hidden="true">×</span><span class="unseen">: remove</span></button>`)}</div>` : null}`;
}
