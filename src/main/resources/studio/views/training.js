// Starting and stopping a training on this machine.
import { html, useState } from "../html.js";
import { post } from "../api.js";
import { Dialog, Problem } from "../parts.js";
import { go, link } from "../route.js";

/** The preset of `train` without settings. */
const DEFAULT_PRESET = "street";

/** All states, in the order in which the table sorts them. */
export const STATES = ["running", "starting", "stopped", "complete", "failed", "broken"];

export const State = ({ state }) => html`<span class="badge ${state}">${state}</span>`;

function Field({ name, label, hint, error, children }) {
  const wrong = error?.field === name;
  return html`<div class="field"><label for=${name}>${label}</label>
    ${children(wrong ? { id: name, name, "aria-invalid": "true", "aria-describedby": `${name}-problem` } : { id: name, name })}
    ${hint ? html`<span class="soft">${hint}</span>` : null}
    ${wrong ? html`<p class="problem" role="alert" id=${`${name}-problem`}>${error.message}</p>` : null}
  </div>`;
}

/** A form that sends its fields to the server; what is wrong with a field is shown at the field. */
function Form({ path, fields, action, onDone, children }) {
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const submit = async event => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.target));
    setBusy(true);
    setError(null);
    try {
      onDone(await post(path, values));
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return html`<form onSubmit=${submit}>
    ${children(error)}
    <${Problem} error=${error && !fields.includes(error.field) ? error : null} />
    <div class="bar"><button type="submit" class="main" disabled=${busy}>${action}</button></div>
  </form>`;
}

export function NewTraining({ studio, onClose }) {
  const done = answer => {
    onClose();
    go(link("runs", [answer.run]));
  };
  return html`<${Dialog} title="New training" onClose=${onClose}>
    <${Form} path="api/runs" fields=${["data", "preset", "weights", "name", "settings"]} action="Start" onDone=${done}>${error => html`
      <${Field} name="data" label="Dataset" hint="A folder or a JSON file, as for train --data" error=${error}>${
        attributes => html`<input ...${attributes} type="text" required autofocus value=${studio.data ?? ""} />`}<//>
      <${Field} name="preset" label="Preset" hint="The settings to start from" error=${error}>${
        attributes => html`<select ...${attributes}>${studio.presets.map(one => html`<option selected=${one === DEFAULT_PRESET}>${one}</option>`)}</select>`}<//>
      <${Field} name="weights" label="Weights to begin with" hint="A weight file or a run's folder; empty for random weights" error=${error}>${
        attributes => html`<input ...${attributes} type="text" />`}<//>
      <${Field} name="name" label="Name" hint="Begins the name of the run's folder; empty for the preset's" error=${error}>${
        attributes => html`<input ...${attributes} type="text" />`}<//>
      <${Field} name="settings" label="Settings" hint="KEY=VALUE, one per line" error=${error}>${
        attributes => html`<textarea ...${attributes} rows="4" spellcheck="false" placeholder="EPOCHS=10,20"></textarea>`}<//>`}<//>
    <p class="soft">The training is a process of its own: it goes on when the studio ends.</p>
  <//>`;
}

export function Resume({ id, data, onClose }) {
  return html`<${Dialog} title=${`Resume ${id}`} onClose=${onClose}>
    <${Form} path=${`api/runs/${encodeURIComponent(id)}/resume`} fields=${["data"]} action="Resume" onDone=${onClose}>${error => html`
      <${Field} name="data" label="Dataset" hint="The dataset that the run was begun with" error=${error}>${
        attributes => html`<input ...${attributes} type="text" required autofocus value=${data} />`}<//>`}<//>
  <//>`;
}

/** Asks the training to stop; the run's state says when it has. */
export function Stop({ id }) {
  const [error, setError] = useState(null);
  const [asked, setAsked] = useState(false);
  const stop = async () => {
    setAsked(true);
    try {
      await post(`api/runs/${encodeURIComponent(id)}/stop`);
    } catch (problem) {
      setError(problem);
      setAsked(false);
    }
  };
  return html`<button type="button" disabled=${asked} onClick=${stop} title="The training finishes its step and saves the run">${asked ? "Stopping …" : "Stop"}</button>
    <${Problem} error=${error} />`;
}
