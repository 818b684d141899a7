// The keyboard: what a key does, and the list of all keys.
import { useLayoutEffect } from "./html.js";

/** All bindings in use: each has keys (as shown), what it does, and run. */
const bindings = new Set();
let waiting = null; // "g", if it was the last key

const typing = target => target.closest("input:not([type=checkbox], [type=radio], [type=range]), select, textarea, [contenteditable]");

addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) {
    return;
  }
  if (document.querySelector("dialog[open]") && event.key !== "?") {
    return;
  }
  const pressed = waiting ? `${waiting} ${event.key}` : event.key;
  waiting = event.key === "g" && !waiting ? "g" : null;
  const found = [...bindings].reverse().find(binding => binding.keys.split(", ").includes(pressed));
  if (found && found.run(event) !== false) {
    event.preventDefault();
  }
});

/** The keys that do something now, for the list. */
export const allKeys = () => [...bindings].map(({ keys, what }) => ({ keys, what }));

/**
 * Binds keys while a component is shown.
 *
 * @param list of [keys, what, run]: keys as KeyboardEvent.key names them, several separated by ", ", two in a row by a
 *     space; run takes the event, and gives false where it leaves the key to the browser
 */
export function useKeys(list, inputs) {
  // together with the page: a key right after a change must not do what it did before
  useLayoutEffect(() => {
    const mine = list.map(([keys, what, run]) => ({ keys, what, run }));
    mine.forEach(binding => bindings.add(binding));
    return () => mine.forEach(binding => bindings.delete(binding));
  }, inputs);
}

/** Moves the focus in a list by the arrow keys, Home and End; to be given to the list as onKeyDown. */
export function moveFocus(event, selector) {
  const items = [...event.currentTarget.querySelectorAll(selector)];
  const at = items.indexOf(event.target.closest(selector));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined && items[to]) {
    items[to].focus();
    event.preventDefault();
  }
}
