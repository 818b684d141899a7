// The server's answers. What goes wrong becomes an ApiError, whose message is the server's sentence.
import { useCallback, useEffect, useRef, useState } from "./html.js";

export class ApiError extends Error {
  constructor(message, status, field) {
    super(message);
    this.status = status;
    this.field = field; // of a form, or undefined
  }
}

async function call(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") {
      throw error;
    }
    throw new ApiError("The studio's server does not answer. Is it still running?", 0);
  }
  if (answer.ok) {
    return answer.status === 204 ? null : answer.json();
  }
  const problem = await answer.json().catch(() => ({}));
  throw new ApiError(problem.error || `The server answered with status ${answer.status}.`, answer.status, problem.field);
}

/** The address of a path with a query; what is null or undefined is left out. */
export function address(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

export const get = (path, query, signal) => call(address(path, query), { signal });

export const post = (path, body = {}) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** Sends a file; its type is that of the blob. */
export const send = (path, query, blob, signal) => call(address(path, query), { method: "POST", body: blob, signal });

/**
 * Listens to server-sent events.
 *
 * @param handlers by the event's name; each takes the event's JSON
 * @param onState takes true while the server is connected, else false; the browser connects again by itself
 * @returns a function that ends it
 */
export function listen(path, handlers, onState = () => {}) {
  const source = new EventSource(path);
  source.onopen = () => onState(true);
  source.onerror = () => onState(false);
  for (const [name, handler] of Object.entries(handlers)) {
    source.addEventListener(name, event => handler(JSON.parse(event.data)));
  }
  return () => source.close();
}

/**
 * Loads something for a component, again whenever an input changes.
 *
 * @param load takes an AbortSignal, and gives a promise
 * @returns value and error (either may be null), whether it is loading, and a function that loads again
 */
export function useLoad(load, inputs) {
  const [state, setState] = useState({ value: null, error: null, loading: true });
  const current = useRef(null);
  const reload = useCallback(() => {
    current.current?.abort();
    const control = new AbortController();
    current.current = control;
    setState(before => ({ ...before, loading: true }));
    load(control.signal).then(
      value => control.signal.aborted || setState({ value, error: null, loading: false }),
      error => control.signal.aborted || setState({ value: null, error, loading: false }));
  }, inputs);
  useEffect(() => {
    reload();
    return () => current.current.abort();
  }, [reload]);
  return { ...state, reload };
}
