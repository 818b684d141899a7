// A chart of lines over a common axis, drawn by uPlot, with a legend that shows values and hides lines.
import uPlot from "./vendor/uplot.js";
import { html, useEffect, useMemo, useRef, useState } from "./html.js";
import { short } from "./format.js";

/** The size of a chart in a place of some width. */
const size = width => ({ width, height: Math.min(360, Math.max(190, Math.round(width * 0.45))) });

const COLOURS = 8;

const variable = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The variable of the stylesheet for the colour of a line. */
export const colour = index => `--line-${index % COLOURS}`;

/**
 * The moving average that TensorBoard uses: each value weighs a share of all values before it.
 *
 * @param weight of the past, in 0..1; 0 changes nothing
 */
export function smooth(values, weight) {
  let sum = 0;
  let count = 0;
  return values.map(value => {
    if (value === null || weight === 0) {
      return value;
    }
    sum = sum * weight + (1 - weight) * value;
    count += 1;
    return sum / (1 - weight ** count);
  });
}

/** The index of the value that is nearest to a place, since lines need not have one everywhere. */
function nearest(chart, series, at) {
  const values = chart.data[series];
  for (let away = 0; away < values.length; away++) {
    for (const index of [at - away, at + away]) {
      if (values[index] !== null && values[index] !== undefined) {
        return index;
      }
    }
  }
  return null;
}

/** The limits of the vertical axis; lines that are all level lie in the middle, or on the ground at 0. */
function range(chart, least, most) {
  if (least === null) {
    return [0, 1];
  }
  return least === most ? (least === 0 ? [0, 1] : [least - Math.abs(least) / 10, most + Math.abs(most) / 10])
    : uPlot.rangeNum(least, most, 0.1, true);
}

function options(lines, xText, width, onCursor) {
  const soft = variable("--soft");
  const grid = { stroke: variable("--line"), width: 1 };
  const axis = { stroke: soft, grid, ticks: grid, font: "11px system-ui, sans-serif" };
  return {
    ...size(width),
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: "curves" }, dataIdx: nearest, points: { size: 6 }, drag: { x: true, y: false } },
    scales: { x: { time: false }, y: { range } },
    axes: [
      { ...axis, size: 28, values: (chart, ticks) => ticks.map(xText), space: 50 },
      { ...axis, size: 52, values: (chart, ticks) => ticks.map(tick => (tick === null ? "" : String(+tick.toPrecision(6)))) },
    ],
    series: [{}, ...lines.map(line => ({
      label: line.label,
      stroke: variable(colour(line.colour)),
      width: 1.5,
      dash: line.dashed ? [5, 4] : undefined,
      spanGaps: true,
      points: { size: 5, fill: variable(colour(line.colour)) },
    }))],
    hooks: { setCursor: [chart => onCursor(chart.cursor.left < 0 ? null : [...chart.cursor.idxs])] },
  };
}

/**
 * A chart.
 *
 * @param lines each with label, name (in the legend), colour (a number), dashed, and x and y of equal length; y may hold null
 * @param xText a value of the axis → text
 * @param text a value → text in the legend
 */
export function Chart({ title, lines, xText = String, text = short }) {
  const box = useRef();
  const chart = useRef(null);
  const [at, setAt] = useState(null);
  const [hidden, setHidden] = useState(() => new Set());
  const [theme, setTheme] = useState(0);
  const shape = JSON.stringify(lines.map(line => [line.label, line.colour, line.dashed]));
  const data = useMemo(() => uPlot.join(lines.map(line => [line.x, line.y])), [lines]);

  useEffect(() => {
    const change = () => setTheme(before => before + 1);
    addEventListener("themechange", change);
    return () => removeEventListener("themechange", change);
  }, []);
  useEffect(() => {
    const place = box.current;
    const made = new uPlot(options(lines, xText, place.clientWidth, setAt), data, place);
    lines.forEach((line, i) => made.setSeries(i + 1, { show: !hidden.has(line.label) }));
    chart.current = made;
    const watcher = new ResizeObserver(() => made.setSize(size(place.clientWidth)));
    watcher.observe(place);
    return () => {
      watcher.disconnect();
      made.destroy();
    };
  }, [shape, theme, xText]);
  useEffect(() => {
    // a run that trains must not undo what the user has zoomed into
    const { scales, data: [x] } = chart.current;
    if (chart.current.data === data) {
      return; // it was made with them
    }
    if (x.length && (scales.x.min > x[0] || scales.x.max < x[x.length - 1])) {
      chart.current.setData(data, false);
      chart.current.redraw(true);
    } else {
      chart.current.setData(data);
    }
  }, [data]);

  const toggle = line => {
    const next = new Set(hidden);
    const shown = next.delete(line.label) || !next.add(line.label);
    setHidden(next);
    chart.current.setSeries(lines.indexOf(line) + 1, { show: shown });
  };
  const value = (line, i) => {
    const values = data[i + 1] ?? [];
    const index = at?.[i + 1] ?? nearest({ data }, i + 1, values.length - 1);
    return text(values[index]);
  };
  return html`<section class="card chart" aria-label=${title}>
    <h2>${title}</h2>
    <div ref=${box} role="img" aria-label=${`Curves: ${title}`}></div>
    <div class="legend">${lines.map((line, i) => html`<button type="button" key=${line.label} aria-pressed=${!hidden.has(line.label)}
        title="Show or hide" onClick=${() => toggle(line)}>
      <span class=${`line ${line.dashed ? "dashed" : ""}`} style=${{ borderColor: `var(${colour(line.colour)})` }}></span>
      ${line.name} <b>${value(line, i)}</b></button>`)}</div>
  </section>`;
}
