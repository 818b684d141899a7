// The frame around the views: navigation, theme, keys.
import { html, render, useEffect, useState } from "./html.js";
import { get, useLoad } from "./api.js";
import { allKeys, useKeys } from "./keys.js";
import { Dialog, Loading, Problem } from "./parts.js";
import { go, link, useRoute } from "./route.js";

// Each view is a module of its own, loaded when it is opened first. Its default export is a component that takes
// `route` (see route.js) and `studio` (what the server was started with).
const VIEWS = [
  { name: "runs", title: "Runs", key: "r", load: () => import("./views/runs.js") },
  { name: "data", title: "Data", key: "d", load: () => import("./views/data.js") },
  { name: "results", title: "Results", key: "e", load: () => import("./views/results.js") },
  { name: "try", title: "Try", key: "t", load: () => import("./views/try.js") },
];

function useTheme() {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme);
  const turn = () => {
    const next = theme === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    localStorage.setItem("theme", next);
    setTheme(next);
    dispatchEvent(new Event("themechange"));
  };
  return [theme, turn];
}

function KeyList({ onClose }) {
  return html`<${Dialog} title="Keys" onClose=${onClose}>
    <table class="keys"><tbody>${allKeys().map(({ keys, what }) => html`<tr>
      <th scope="row">${keys.split(", ").map((key, i) => html`${i ? " or " : ""}<kbd>${key}</kbd>`)}</th><td>${what}</td></tr>`)}
    </tbody></table>
  <//>`;
}

function View({ view, route, studio }) {
  const module = useLoad(() => view.load(), [view.name]);
  useEffect(() => {
    document.title = `${view.title} – Selvage studio`;
  }, [view.name]);
  if (module.error) {
    return html`<${Problem} error=${module.error} />`;
  }
  return module.value ? html`<${module.value.default} route=${route} studio=${studio} />` : html`<${Loading} what=${view.title} />`;
}

function App() {
  const route = useRoute();
  const [theme, turnTheme] = useTheme();
  const [listing, setListing] = useState(false);
  const studio = useLoad(signal => get("api/studio", {}, signal), []);
  const view = VIEWS.find(one => one.name === route.view) ?? VIEWS[0];
  useKeys([
    ...VIEWS.map(one => [`g ${one.key}`, `show ${one.title}`, () => go(link(one.name))]),
    ["t", "dark or light", turnTheme],
    ["?", "show these keys", () => setListing(true)],
  ], [theme]);
  return html`
    <a class="skip" href="#main" onClick=${event => { event.preventDefault(); document.getElementById("main").focus(); }}>Skip to the content</a>
    <header class="top">
      <a class="brand" href="#/"><img src="icon.svg" alt="" width="22" height="22" />Selvage<span> studio</span></a>
      <nav aria-label="Views">${VIEWS.map(one => html`<a href=${link(one.name)} aria-current=${one === view ? "page" : null}>${one.title}</a>`)}</nav>
      <button type="button" onClick=${turnTheme} aria-label=${theme === "dark" ? "Light theme" : "Dark theme"} title="t">${theme === "dark" ? "☀" : "☾"}</button>
      <button type="button" onClick=${() => setListing(true)} aria-label="Keys" title="?">?</button>
    </header>
    <main id="main" tabindex="-1">
      <${Problem} error=${studio.error} />
      ${studio.value ? html`<${View} key=${view.name} view=${view} route=${route} studio=${studio.value} />` : null}
    </main>
    ${listing ? html`<${KeyList} onClose=${() => setListing(false)} />` : null}`;
}

const root = document.getElementById("app");
root.replaceChildren();
render(html`<${App} />`, root);
