// A grid of many cells of one size: only what can be seen is in the page, and only that is asked for.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../html.js";
import { Problem } from "../parts.js";

const PAGE = 100;
const GAP = 8;
const ROWS_AHEAD = 2;

/**
 * @param load (offset, limit, signal) → a promise of { count, items }
 * @param cell (item, place) → what is shown; its first link or button takes the focus
 * @param inputs what load depends on
 * @param width least width of a cell in pixels, height its height
 * @param onCount takes how many items there are
 */
export function Grid({ label, load, cell, inputs, width, height, onCount = () => {} }) {
  const frame = useRef();
  const made = useRef({ cell, nodes: new Map() });
  const pages = useRef(new Map());
  const [seen, setSeen] = useState({ columns: 1, first: 0, last: 0, top: 0 });
  const [count, setCount] = useState(null);
  const [error, setError] = useState(null);
  const [, redraw] = useState(0);

  const look = () => {
    const box = frame.current?.getBoundingClientRect();
    if (box) {
      const columns = Math.max(1, Math.floor((box.width + GAP) / (width + GAP)));
      const row = height + GAP;
      const first = Math.max(0, Math.floor(-box.top / row) - ROWS_AHEAD) * columns;
      const last = (Math.ceil((innerHeight - box.top) / row) + ROWS_AHEAD) * columns;
      setSeen(old => (old.columns === columns && old.first === first && old.last === last ? old : { columns, first, last }));
    }
  };
  useLayoutEffect(() => {
    const size = new ResizeObserver(look);
    size.observe(frame.current);
    size.observe(document.body); // what stands above the grid moves it
    addEventListener("scroll", look, { passive: true });
    return () => {
      size.disconnect();
      removeEventListener("scroll", look);
    };
  }, []);

  useEffect(() => {
    const control = new AbortController();
    pages.current = new Map();
    pages.current.control = control;
    setError(null);
    fetchPage(pages.current, 0);
    look();
    return () => control.abort();
  }, inputs);

  const fetchPage = (into, page) => {
    into.set(page, null);
    load(page * PAGE, PAGE, into.control.signal).then(
      answer => {
        if (into === pages.current) {
          into.set(page, answer.items);
          setCount(answer.count);
          onCount(answer.count);
          redraw(n => n + 1);
        }
      },
      problem => into.control.signal.aborted || setError(problem));
  };
  useEffect(() => {
    if (count !== null) {
      for (let page = Math.floor(seen.first / PAGE); page * PAGE < Math.min(seen.last, count); page++) {
        if (!pages.current.has(page)) {
          fetchPage(pages.current, page);
        }
      }
    }
  }, [seen, count]);

  const move = event => {
    const at = Number(event.target.closest("[data-place]")?.dataset.place);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + seen.columns, ArrowUp: at - seen.columns }[event.key];
    const next = frame.current.querySelector(`[data-place="${to}"] :is(a, button)`);
    if (next) {
      event.preventDefault();
      event.stopPropagation();
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    }
  };
  // What is in a cell is made once: scrolling adds rows, and leaves the others as they are.
  if (made.current.cell !== cell) {
    made.current = { cell, nodes: new Map() };
  }
  const { nodes } = made.current;
  const inside = (item, place) => {
    if (nodes.get(place)?.item !== item) {
      nodes.set(place, { item, node: cell(item, place) });
    }
    return nodes.get(place).node;
  };
  nodes.forEach((_, place) => (place < seen.first || place >= seen.last) && nodes.delete(place));
  const cells = [];
  for (let place = seen.first; place < Math.min(seen.last, count ?? 0); place++) {
    const item = pages.current.get(Math.floor(place / PAGE))?.[place % PAGE];
    const x = place % seen.columns;
    const y = Math.floor(place / seen.columns);
    cells.push(html`<li key=${place} data-place=${place} style=${{ top: `${y * (height + GAP)}px`, height: `${height}px`,
      left: `calc(${x} * (100% + ${GAP}px) / ${seen.columns})`, width: `calc((100% + ${GAP}px) / ${seen.columns} - ${GAP}px)` }}>
      ${item ? inside(item, place) : null}</li>`);
  }
  const rows = Math.ceil((count ?? 0) / seen.columns);
  return html`<${Problem} error=${error} />
    <ul class="grid" ref=${frame} aria-label=${label} aria-busy=${count === null} onKeyDown=${move}
      style=${{ height: `${Math.max(0, rows * (height + GAP) - GAP)}px` }}>${cells}</ul>`;
}
