// Small parts that several views use.
import { html, useEffect, useLayoutEffect, useRef, useState } from "./html.js";

/** The sentence of an error, where it occurred. */
export const Problem = ({ error }) => (error ? html`<p class="problem" role="alert">${error.message}</p>` : null);

export const Loading = ({ what }) => html`<p class="soft" role="status">Loading ${what} …</p>`;

/** A text that can be copied, such as a command line. */
export function Copyable({ text, label }) {
  const [done, setDone] = useState("");
  const code = useRef();
  const copy = async () => {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
    } else { // without encryption, browsers give it to pages of this machine alone
      getSelection().selectAllChildren(code.current);
    }
    setDone(navigator.clipboard ? "Copied" : "Selected");
    setTimeout(() => setDone(""), 2000);
  };
  return html`<div class="copyable">
    <code ref=${code} tabindex="0" role="region" aria-label=${label}>${text}</code>
    <button type="button" onClick=${copy} aria-label=${`Copy ${label}`}>${done || "Copy"}</button>
  </div>`;
}

/** A window over the page; Escape, a click beside it and its button close it. */
export function Dialog({ title, onClose, children }) {
  const dialog = useRef();
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    return () => before?.focus?.();
  }, []);
  return html`<dialog ref=${dialog} aria-labelledby="dialog-title" onClose=${onClose}
      onClick=${event => event.target === dialog.current && dialog.current.close()}>
    <header><h2 id="dialog-title">${title}</h2>
      <button type="button" onClick=${() => dialog.current.close()}>Close</button></header>
    <div class="body">${children}</div>
  </dialog>`;
}

/**
 * A table whose columns sort.
 *
 * @param columns each with key, title, cell (row → what is shown) and value (row → number or text, to sort by; null comes
 *     last); number: true aligns right
 * @param sort {key, down}, and onSort to change it
 * @param rowKey row → a key
 */
export function Table({ label, columns, rows, rowKey, sort, onSort, rowClass }) {
  const column = columns.find(one => one.key === sort.key);
  const sorted = column ? [...rows].sort((a, b) => compare(column.value(a), column.value(b), sort.down)) : rows;
  const head = one => {
    const active = sort.key === one.key;
    const click = () => onSort({ key: one.key, down: active ? !sort.down : Boolean(one.number) });
    return html`<th scope="col" class=${one.number ? "number" : ""} aria-sort=${active ? (sort.down ? "descending" : "ascending") : null}>
      ${one.value ? html`<button type="button" title=${one.hint} onClick=${click}>${one.title}<span aria-hidden="true">${active ? (sort.down ? " ▼" : " ▲") : ""}</span></button>`
        : html`<span class="unseen">${one.title}</span>`}</th>`;
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${label}><table>
    <thead><tr>${columns.map(head)}</tr></thead>
    <tbody>${sorted.map(row => html`<tr key=${rowKey(row)} class=${rowClass?.(row) ?? ""}>
      ${columns.map(one => html`<td class=${one.number ? "number" : one.wide ? "wide" : ""}>${one.cell(row)}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}

function compare(a, b, down) {
  const none = value => value === null || value === undefined || Number.isNaN(value);
  if (none(a) || none(b)) {
    return none(a) - none(b);
  }
  const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
  return down ? -order : order;
}
