// Dark or light, before the first picture is drawn. Not a module, since modules run too late for that.
"use strict";
(() => {
  const wanted = localStorage.getItem("theme");
  const dark = wanted ? wanted === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
