// Which model's results are shown: run, epoch and part stand in the address; its job runs on the server.
import { html, useEffect, useState } from "../html.js";
import { get, post } from "../api.js";
import { plural } from "../format.js";
import { Problem } from "../parts.js";

const PARTS = [["valid", "held-out photos"], ["train", "training photos"], ["all", "all photos"]];

/** The model that an address names, else the weights that the studio was started with, else the last run by name. */
export function modelOf(query, models) {
  const run = query.get("run") ?? (models.weights ? "" : models.runs.at(-1)?.name ?? "");
  const epochs = models.runs.find(one => one.name === run)?.epochs ?? [];
  return { run, epoch: query.get("epoch") ?? epochs[0] ?? "", part: query.get("part") ?? "valid" };
}

/** The same for a second model of the same photos; null where the address names none. */
export function otherOf(query, model) {
  return query.get("run2") === null ? null : { run: query.get("run2"), epoch: query.get("epoch2") ?? "", part: model.part };
}

/** The state of a model's job, asked again and again until it is ready; what was computed before is taken at once. */
export function useJob(model) {
  const [state, setState] = useState({ job: null, error: null });
  const key = JSON.stringify(model);
  useEffect(() => {
    setState({ job: null, error: null });
    if (!model) {
      return undefined;
    }
    const control = new AbortController();
    let wait = null;
    const ask = async start => {
      try {
        let job = await (start ? post("api/results/job", model) : get("api/results/job", model, control.signal));
        if (job.stage === "none" && job.kept && !start) {
          job = await post("api/results/job", model);
        }
        if (!control.signal.aborted) {
          setState({ key, job, error: null, start: () => ask(true), stop: () => post("api/results/cancel").then(() => ask(false)) });
          if (["waiting", "detecting", "judging"].includes(job.stage)) {
            wait = setTimeout(ask, 500);
          }
        }
      } catch (error) {
        control.signal.aborted || setState({ key, job: null, error });
      }
    };
    ask(false);
    return () => {
      control.abort();
      clearTimeout(wait);
    };
  }, [key]);
  return state.key === key ? state : { job: null, error: null };
}

const STAGES = { waiting: "Waiting for another job", detecting: "The model looks at the photos", judging: "Comparing with the truth" };

/** What a job does, or the button that starts it; nothing once it is ready. */
export function JobState({ state, model }) {
  const { job, error } = state;
  if (error || !job || job.stage === "ready") {
    return html`<${Problem} error=${error} />`;
  }
  if (job.stage === "none" || job.stage === "failed") {
    return html`${job.error ? html`<${Problem} error=${{ message: job.error }} />` : null}
      <p>${job.stage === "none" ? `This model has not looked at these ${plural(job.total, "photo")} yet.` : null}
        ${" "}<button type="button" class="main" onClick=${state.start}>Run the model</button></p>`;
  }
  return html`<p role="status"><progress max=${job.total || 1} value=${job.done} aria-label=${STAGES[job.stage]}></progress>
    ${" "}${STAGES[job.stage]} (${model.run ? `${model.run}, epoch ${model.epoch}` : "the given weights"})${job.total ? `: ${job.done} of ${job.total}` : ""} …
    ${" "}<button type="button" onClick=${state.stop}>Stop</button></p>`;
}

/** Chooses a run, an epoch by a slider, and the part of the photos. */
export function ModelChoice({ models, model, onChange, second }) {
  const run = models.runs.find(one => one.name === model.run);
  const epochs = [...(run?.epochs ?? [])].filter(epoch => epoch !== "best").sort((a, b) => a - b);
  const at = epochs.indexOf(model.epoch);
  const runs = [...models.runs.map(one => [one.name, one.name]), ...(models.weights && !second ? [["", `weights ${models.weights}`]] : [])];
  const choose = name => {
    const other = models.runs.find(one => one.name === name);
    onChange({ run: name, epoch: other?.epochs[0] ?? "" });
  };
  return html`<label>${second ? "Beside it" : "Run"} <select value=${model.run} onChange=${event => choose(event.target.value)}>
      ${runs.map(([key, text]) => html`<option value=${key}>${text}</option>`)}</select></label>
    ${epochs.length ? html`<label>Epoch <input type="range" min="0" max=${epochs.length - 1} value=${at < 0 ? epochs.length - 1 : at} aria-valuetext=${`epoch ${model.epoch}`}
      onChange=${event => onChange({ epoch: epochs[event.target.value] })} /><output>${model.epoch}</output></label>` : null}
    ${run?.epochs.includes("best") ? html`<button type="button" aria-pressed=${model.epoch === "best"} onClick=${() => onChange({ epoch: "best" })}>Best</button>` : null}
    ${second ? null : html`<label>on <select value=${model.part} onChange=${event => onChange({ part: event.target.value })}>
      ${PARTS.map(([key, text]) => html`<option value=${key}>${text}</option>`)}</select></label>`}`;
}
