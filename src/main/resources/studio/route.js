// The address after # says what is shown: #/VIEW/PART/PART?KEY=VALUE. A link to it can be shared.
import { useEffect, useState } from "./html.js";

/** @returns view, path (a list of the decoded parts after the view) and query (URLSearchParams) */
export function parse(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const [view, ...parts] = path.split("/").map(part => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part; // typed by hand
    }
  });
  return { view, path: parts.filter(part => part), query: new URLSearchParams(query) };
}

/** The address of a view; what is null, undefined or empty in the query is left out. */
export function link(view, path = [], query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const tail = given.length ? `?${new URLSearchParams(given)}` : "";
  return `#/${[view, ...path].map(encodeURIComponent).join("/")}${tail}`;
}

export function go(address) {
  location.hash = address;
}

/** Changes the address without a new entry in the browser's history. */
export function replace(address) {
  history.replaceState(null, "", address);
  dispatchEvent(new Event("hashchange"));
}

/** The current address, parsed. */
export function useRoute() {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const change = () => setHash(location.hash);
    addEventListener("hashchange", change);
    return () => removeEventListener("hashchange", change);
  }, []);
  return parse(hash);
}
