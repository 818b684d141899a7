// The table of runs, and the curves of those that are chosen.
import { html, useEffect, useMemo, useState } from "../html.js";
import { address, listen } from "../api.js";
import { duration, fixed, plural, short } from "../format.js";
import { Loading, Problem, Table } from "../parts.js";
import { link } from "../route.js";

const STATES = { running: 0, starting: 1, stopped: 2, complete: 3, failed: 4, broken: 5 };

export const State = ({ state }) => html`<span class="badge ${state}">${state}</span>`;

export default function Runs() {
  const [rows, setRows] = useState(null);
  const [sort, setSort] = useState({ key: "started", down: true });
  useEffect(() => listen(address("api/run-events"), { runs: setRows }), []);
  if (!rows) {
    return html`<${Loading} what="the runs" />`;
  }
  const columns = [
    { key: "name", title: "Run", value: row => row.id, cell: row => html`<a href=${link("runs", [row.id])}>${row.id}</a>` },
    { key: "state", title: "State", value: row => STATES[row.state], cell: row => html`<${State} state=${row.state} />` },
    { key: "epoch", title: "Epochs", number: true, value: row => row.epoch, cell: row => `${row.epoch} / ${row.epochs}` },
  ];
  return html`<div class="bar"><h1>Runs</h1></div>
    <section class="card"><${Table} label="Runs" columns=${columns} rows=${rows} rowKey=${row => row.id} sort=${sort} onSort=${setSort} /></section>`;
}
