"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const report = document.getElementById("report");
  const SVG = "http://www.w3.org/2000/svg";

  // Names come from the data, so text is only ever set as text.
  function make(tag, attributes, ...children) {
    const svg = ["svg", "path", "rect", "line", "text", "circle", "g", "title"].includes(tag);
    const node = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "onclick") {
        node.addEventListener("click", value);
      } else if (value !== undefined && value !== null) {
        node.setAttribute(name, value);
      }
    }
    node.append(...children.filter(child => child !== null && child !== undefined));
    return node;
  }

  function section(title, hint, ...children) {
    const node = make("section", {}, make("h2", {}, title), hint ? make("p", { class: "hint" }, hint) : null, ...children);
    report.append(node);
    return node;
  }

  const number = (value, digits = 3) => (value === undefined ? "–" : value.toFixed(digits));
  const name = c => data.names[c];
  const plural = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

  // ---- photos

  function outlines(photo, entry) {
    const [, truth, find] = entry;
    const whole = truth < 0 && find < 0;
    const svg = make("svg", { viewBox: `0 0 ${photo.w} ${photo.h}`, preserveAspectRatio: "xMidYMid meet", "aria-hidden": "true" });
    const draw = (kind, object, named) => {
      const [, x, y, w, h, path] = object;
      const shape = extra => path
        ? make("path", { d: path, "fill-rule": "evenodd", ...extra })
        : make("rect", { x, y, width: Math.max(w, 1), height: Math.max(h, 1), ...extra });
      if (named) {
        svg.append(shape({ class: "halo" }));
      }
      svg.append(shape({ class: kind + (named ? " area" : whole ? " one-of-many" : " context") }));
    };
    for (const [t, object] of Object.entries(photo.truths)) {
      if (whole || +t === truth || truth < 0) {
        draw("truth", object, +t === truth);
      }
    }
    for (const [d, object] of Object.entries(photo.finds)) {
      if (whole || +d === find) {
        draw("find", object, +d === find);
      }
    }
    return svg;
  }

  function caption(photo, entry) {
    const [, truth, find, overlap] = entry;
    const parts = [];
    if (truth >= 0) {
      parts.push(make("span", { class: "t" }, name(photo.truths[truth][0])));
    }
    if (find >= 0) {
      const object = photo.finds[find];
      parts.push(truth >= 0 ? " → " : "", make("span", { class: "f" }, `${name(object[0])} ${object[6].toFixed(2)}`));
    }
    if (overlap !== undefined) {
      parts.push(`, IoU ${overlap.toFixed(2)}`);
    }
    if (truth < 0 && find < 0) {
      parts.push(photo.score === undefined ? "" : `score ${photo.score.toFixed(2)}, `,
        make("span", { class: "t" }, plural(Object.keys(photo.truths).length, "object")), ", ",
        make("span", { class: "f" }, `${Object.keys(photo.finds).length} found`));
    }
    return parts;
  }

  function picture(photo, entry, attributes) {
    return make("button", { type: "button", ...attributes, "aria-label": photo.name },
      photo.file ? make("img", { src: photo.file, alt: "", loading: "lazy", decoding: "async" }) : null,
      outlines(photo, entry));
  }

  function card(entry, note) {
    const photo = data.photos[entry[0]];
    const show = () => openDialog(photo.name, [
      make("p", { class: "hint" }, ...caption(photo, entry)),
      picture(photo, entry, { class: "picture large" }),
    ]);
    return make("figure", {}, picture(photo, entry, { class: "picture", onclick: show }),
      make("figcaption", {}, note ? make("small", {}, note) : null, ...caption(photo, entry), make("small", {}, photo.name)));
  }

  // Cards, a few at first and more on demand, so that the page stays short.
  function gallery(cards) {
    const first = 20;
    const box = make("div", { class: "gallery" }, ...cards.slice(0, first).map(show => show()));
    if (cards.length <= first) {
      return box;
    }
    const more = make("button", {
      type: "button",
      class: "more",
      onclick: () => {
        box.append(...cards.slice(first).map(show => show()));
        more.remove();
      },
    }, `Show ${cards.length - first} more`);
    return make("div", {}, box, more);
  }

  const legend = () => make("p", { class: "hint" }, make("span", { class: "t" }, "truth"), " is drawn through, ",
    make("span", { class: "f" }, "what was found"), " is dashed.");

  function openDialog(title, children) {
    const dialog = make("dialog", {},
      make("header", {}, make("h2", {}, title), make("button", { type: "button", onclick: () => dialog.close() }, "Close")),
      make("div", { class: "body" }, ...children));
    dialog.addEventListener("click", event => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  function openGroup(title, group) {
    const shown = group.entries.length;
    const hidden = group.count - shown - group.names.length;
    openDialog(`${title}: ${group.count}`, [
      legend(),
      gallery(group.entries.map(entry => () => card(entry))),
      group.names.length ? make("p", { class: "others" },
        shown ? "Also in: " : "In: ", group.names.join(", ") + (hidden > 0 ? ` and ${hidden} more` : "")) : null,
    ]);
  }

  // ---- parts of the page

  function tiles() {
    report.append(make("div", { class: "tiles" }, ...data.tiles.map(tile =>
      make("div", { class: "tile" }, make("b", {}, tile.value), make("span", {}, tile.name)))));
  }

  function errors() {
    const kinds = Object.keys(data.errors);
    if (!kinds.length) {
      return;
    }
    const box = make("div", {});
    const select = make("select", { "aria-label": "class" }, ...Object.keys(data.errors[kinds[0]].costs).map(key =>
      make("option", { value: key }, key === "0" ? "all classes" : name(key))));
    let kind = kinds[0];
    const buttons = kinds.map(one => make("button", {
      type: "button",
      onclick: () => {
        kind = one;
        show();
      },
    }, "by " + one));
    const row = (type, cost, most, group) => make(group ? "button" : "div",
      { class: "error-row", type: group ? "button" : null, onclick: group ? () => openGroup(select.value === "0" ? type.meaning : `${name(select.value)}: ${type.meaning}`, group) : () => {} },
      make("span", {}, type.key, make("small", {}, type.meaning)),
      make("span", { class: "track" }, make("i", { style: `width:${100 * Math.max(0, cost) / most}%` })),
      make("span", { class: "number" }, `${cost.toFixed(2)} points`, make("small", {}, group ? plural(group.count, "time") : "")));
    const show = () => {
      const costs = data.errors[kind].costs[select.value];
      const examples = kind === kinds[0] ? data.errorExamples[select.value] : {};
      const most = Math.max(1, ...costs.main);
      box.replaceChildren(
        ...data.errors[kind].types.map((type, i) => row(type, costs.main[i], most, examples[type.key])),
        make("p", { class: "hint" }, `All wrong detections together: ${number(costs.falsePositives, 2)} points; `
          + `all objects that were not found: ${number(costs.falseNegatives, 2)} points. AP50 is ${number(costs.ap50, 2)}.`));
      buttons.forEach((button, i) => button.setAttribute("aria-pressed", kinds[i] === kind));
    };
    select.addEventListener("change", show);
    section("What goes wrong", "Points of AP50 that mending one type of error alone would give. A bar opens its worst examples; of one class, those of its objects and of what was found as it.",
      make("div", { class: "choice" }, ...(kinds.length > 1 ? buttons : []), select), box);
    show();
  }

  function classes() {
    const columns = [["class", row => name(row.class)], ["objects", row => row.objects],
      ...(data.hasMasks ? [["mask AP", row => row.ap], ["AP50", row => row.ap50], ["box AP", row => row.boxAp]]
        : [["box AP", row => row.boxAp], ["AP50", row => row.ap50]]),
      ["best F1", row => row.f1], ["at score", row => row.score], ["precision", row => row.precision], ["recall", row => row.recall]];
    const body = make("tbody", {});
    let sorted = 1;
    let direction = -1;
    const head = columns.map(([title], i) => make("th", {}, make("button", {
      type: "button",
      onclick: () => {
        direction = sorted === i ? -direction : i === 0 ? 1 : -1;
        sorted = i;
        fill();
      },
    }, title)));
    const fill = () => {
      const value = columns[sorted][1];
      const compare = (a, b) => {
        const [x, y] = [value(a), value(b)];
        if (x === undefined || y === undefined) {
          return (x === undefined) - (y === undefined);
        }
        return direction * (typeof x === "string" ? x.localeCompare(y) : x - y);
      };
      head.forEach((cell, i) => {
        cell.setAttribute("aria-sort", i === sorted ? (direction > 0 ? "ascending" : "descending") : "none");
        cell.firstChild.textContent = columns[i][0] + (i === sorted ? (direction > 0 ? " ▲" : " ▼") : "");
      });
      body.replaceChildren(...[...data.classes].sort(compare).map(row => make("tr", {}, ...columns.map(([title, get], i) => {
        const cell = get(row);
        const text = i < 2 ? String(cell) : number(cell);
        const bar = i === 2 && cell !== undefined ? make("span", { class: "level", style: `width:${60 * Math.max(0, cell)}px` }) : null;
        return make("td", {}, text, bar);
      }))));
    };
    fill();
    section("Classes", "Click a column to sort. Best F1 is that of the score threshold that suits the class best.",
      make("div", { class: "scroll" }, make("table", { class: "sortable" }, make("thead", {}, make("tr", {}, ...head)), body)));
  }

  function plot(title, across, lines, extra) {
    const [w, h, left, top, bottom] = [460, 300, 40, 12, 36];
    const x = value => left + value * (w - left - 20);
    const y = value => top + (1 - value) * (h - top - bottom);
    const svg = make("svg", { class: "plot", viewBox: `0 0 ${w} ${h}`, role: "img", "aria-label": title });
    for (let i = 0; i <= 4; i++) {
      const v = i / 4;
      svg.append(make("line", { class: "grid", x1: x(0), x2: x(1), y1: y(v), y2: y(v) }),
        make("line", { class: "grid", x1: x(v), x2: x(v), y1: y(0), y2: y(1) }),
        make("text", { x: x(0) - 6, y: y(v) + 4, "text-anchor": "end" }, v.toFixed(2)),
        make("text", { x: x(v), y: y(0) + 16, "text-anchor": "middle" }, v.toFixed(2)));
    }
    svg.append(make("text", { x: x(1), y: h - 3, "text-anchor": "end" }, across));
    lines.forEach(([, points], i) => {
      if (points.length) {
        svg.append(make("path", { class: "c" + i, d: "M" + points.map(([a, b]) => `${x(a).toFixed(1)} ${y(b).toFixed(1)}`).join("L") }));
        if (points.length === 1) {
          svg.append(make("circle", { cx: x(points[0][0]), cy: y(points[0][1]), r: 3, class: "c" + i }));
        }
      }
    });
    (extra || []).forEach(node => svg.append(node(x, y)));
    return make("div", {}, make("div", { class: "hint" }, title,
      ...lines.flatMap(([label], i) => (label ? [make("span", { class: "key k" + i }), label] : []))), svg);
  }

  function curves() {
    const keys = Object.keys(data.curves);
    if (!keys.length) {
      return;
    }
    const select = make("select", { "aria-label": "class" }, ...keys.map(key =>
      make("option", { value: key }, key === "0" ? "all classes together" : name(key))));
    const box = make("div", { class: "pair" });
    const show = () => {
      const points = data.curves[select.value];
      box.replaceChildren(
        plot("Precision over recall", "recall", [["", points.map(p => [p[2], p[1]])]]),
        plot("Detections of at least a score", "least score", [
          ["precision", points.map(p => [Math.min(1, Math.max(0, p[0])), p[1]])],
          ["recall", points.map(p => [Math.min(1, Math.max(0, p[0])), p[2]])],
          ["F1", points.map(p => [Math.min(1, Math.max(0, p[0])), p[3]])]]));
    };
    select.addEventListener("change", show);
    section("Curves", "A detection is right from IoU 0.5 on.", make("div", { class: "choice" }, select), box);
    show();
  }

  function confusion() {
    const cells = new Map(data.cells.map(cell => [cell.truth + "/" + cell.find, cell]));
    if (!cells.size) {
      return;
    }
    const present = [...new Set(data.cells.flatMap(cell => [cell.truth, cell.find]))].sort((a, b) => (a || 1e9) - (b || 1e9));
    const sums = new Map();
    data.cells.forEach(cell => sums.set(cell.truth, (sums.get(cell.truth) || 0) + cell.count));
    const rows = present.map(truth => make("tr", {}, make("th", { scope: "row", title: name(truth) }, name(truth)),
      ...present.map(find => {
        const cell = cells.get(truth + "/" + find);
        if (!cell) {
          return make("td", {});
        }
        const share = cell.count / sums.get(truth);
        const text = `${name(truth)} found as ${name(find)}`;
        return make("td", { style: `background:rgba(var(${truth === find ? "--heat" : "--wrong"}),${(0.12 + 0.78 * share).toFixed(2)})` },
          make("button", { type: "button", title: `${text}: ${cell.count}`, "aria-label": `${text}: ${cell.count}`, onclick: () => openGroup(text, cell) },
            cell.count > 9999 ? Math.round(cell.count / 1000) + "k" : String(cell.count)));
      })));
    section("Confusion", `Rows are the truth, columns what was found, with IoU of ${data.iou} or more and scores of ${data.score} or more. `
      + "A cell opens its photos. The colour is the part of its row.",
    make("div", { class: "scroll" }, make("table", { class: "matrix" },
      make("thead", {}, make("tr", {}, make("th", {}, "truth ↓ found →"), ...present.map(c => make("th", { scope: "col", title: name(c) }, make("span", {}, name(c)))))),
      make("tbody", {}, ...rows))));
  }

  function slices() {
    const table = slice => make("table", { class: "plain" },
      make("tr", {}, make("th", {}, slice.title), make("th", {}, slice.unit || ""), make("th", {}, "AP"), make("th", {}, slice.unit ? "AP50" : "")),
      ...slice.rows.map(row => make("tr", {}, make("td", {}, row.name), make("td", {}, row.size === undefined ? "" : String(row.size)),
        make("td", {}, number(row.ap)), make("td", {}, slice.unit ? number(row.ap50) : ""))));
    const bins = data.calibration;
    const bars = bins.filter(bin => bin.count).map(bin => (x, y) => {
      const bar = make("rect", { class: "bar", x: x(bin.from) + 1, width: x(bin.to) - x(bin.from) - 2, y: y(bin.precision), height: y(0) - y(bin.precision), opacity: 0.65 },
        make("title", {}, `scores ${bin.from} to ${bin.to}: ${bin.count}, of which ${(100 * bin.precision).toFixed(0)} % are right`));
      return bar;
    });
    report.append(make("div", { class: "pair" },
      make("section", {}, make("h2", {}, "Where it is good"), make("div", { class: "scroll" }, ...data.slices.map(table))),
      make("section", {}, make("h2", {}, "Are the scores probabilities?"),
        plot("Part of the detections that is right. On the line the scores say the truth.", "score", [["", []], ["", [[0, 0], [1, 1]]]], bars))));
  }

  function suspects() {
    if (!data.suspects.length) {
      return;
    }
    const kinds = [...new Set(data.suspects.map(suspect => suspect.kind))];
    const box = make("div", {});
    const choice = make("div", { class: "choice" });
    const show = kind => {
      const chosen = data.suspects.filter(suspect => suspect.entry.length && (kind === "all" || suspect.kind === kind));
      box.replaceChildren(gallery(chosen.map(suspect => () => card(suspect.entry[0], suspect.kind))));
      for (const button of choice.children) {
        button.setAttribute("aria-pressed", button.textContent === kind);
      }
    };
    ["all", ...kinds].forEach(kind => choice.append(make("button", { type: "button", onclick: () => show(kind) }, kind)));
    section("Likely label errors", `The model is sure, the labels say something else: the first ${data.suspects.length} of ${data.suspectCount}, the likeliest first.`,
      legend(), choice, box);
    show("all");
  }

  function whole(title, hint, list) {
    if (list.length) {
      section(title, hint, legend(), gallery(list.map(entry => () => card(entry))));
    }
  }

  tiles();
  errors();
  classes();
  curves();
  confusion();
  slices();
  suspects();
  whole("Hardest photos", data.hasMasks ? "The lowest scores by Kaggle's measure of 2019." : "The most mistakes.", data.hardest);
  whole("Easiest photos", null, data.easiest);
})();
