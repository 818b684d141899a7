// A large photo: tiles of the size that the screen needs, zoomed and moved, with outlines over them.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../html.js";

export const WHOLE = { zoom: 1, x: .5, y: .5 };
const MOST_ZOOM = 400; // times the whole photo

/** The level of tiles that has a pixel for each of the screen's. */
export function levelFor(photo, pixels) {
  const level = Math.floor(Math.log2(1 / pixels));
  return Math.max(0, Math.min(photo.levels - 1, level));
}

export function levelSize(photo, level) {
  return { height: Math.ceil(photo.height / 2 ** level), width: Math.ceil(photo.width / 2 ** level) };
}

/** Zooms by a factor about a point, given in parts of the photo. */
export function zoomed(view, factor, x = view.x, y = view.y) {
  const zoom = Math.max(1, Math.min(MOST_ZOOM, view.zoom * factor));
  const rest = view.zoom / zoom;
  return bounded({ zoom, x: x + (view.x - x) * rest, y: y + (view.y - y) * rest });
}

const bounded = view => (view.zoom === 1 ? WHOLE
  : { zoom: view.zoom, x: Math.max(0, Math.min(1, view.x)), y: Math.max(0, Math.min(1, view.y)) });

/**
 * @param photo index, name, height, width, levels, tile
 * @param view zoom (1 is the whole photo) and the photo's point in the middle of the window, in parts of its sides
 * @param onView takes another view
 * @param shapes outlines: key, path, colour, dashed, hot; outlineLevel is the level whose pixels their paths count
 * @param onHover takes the key of a shape, or null
 * @param onLevel takes the level that is shown
 */
export function Viewer({ photo, view, onView, shapes, outlineLevel, onHover = () => {}, onLevel = () => {}, label }) {
  const frame = useRef();
  const [box, setBox] = useState({ width: 0, height: 0 });
  const [problem, setProblem] = useState(null);
  const pointers = useRef(new Map());
  const latest = useRef();
  latest.current = { view, box, photo, onView };

  useLayoutEffect(() => {
    const size = new ResizeObserver(() => setBox({ width: frame.current.clientWidth, height: frame.current.clientHeight }));
    size.observe(frame.current);
    // the browser takes wheel handlers of the framework as those that never stop its own scrolling
    const wheel = event => {
      event.preventDefault();
      const at = place(event);
      latest.current.onView(zoomed(latest.current.view, Math.exp(-event.deltaY * (event.ctrlKey ? .01 : .002)), at.x, at.y));
    };
    frame.current.addEventListener("wheel", wheel, { passive: false });
    return () => size.disconnect();
  }, []);
  useEffect(() => setProblem(null), [photo.index]);

  const fit = Math.min(box.width / photo.width, box.height / photo.height) || 0;
  const scale = fit * view.zoom; // pixels of the screen for one of the photo
  const level = levelFor(photo, Math.max(scale * (globalThis.devicePixelRatio || 1), 1e-6));
  useEffect(() => {
    if (scale > 0) {
      onLevel(level);
    }
  }, [level, scale > 0]);

  /** The photo's point under the pointer, in parts of its sides. */
  function place(event) {
    const { view: now, box: size, photo: shown } = latest.current;
    const edge = frame.current.getBoundingClientRect();
    const pixels = Math.min(size.width / shown.width, size.height / shown.height) * now.zoom;
    return {
      x: now.x + (event.clientX - edge.left - size.width / 2) / (pixels * shown.width),
      y: now.y + (event.clientY - edge.top - size.height / 2) / (pixels * shown.height),
    };
  }

  const down = event => {
    frame.current.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };
  const move = event => {
    const before = pointers.current.get(event.pointerId);
    if (!before) {
      return;
    }
    const now = { x: event.clientX, y: event.clientY };
    const others = [...pointers.current].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    let next = bounded({ zoom: view.zoom,
      x: view.x - (now.x - before.x) / (others.length + 1) / (scale * photo.width),
      y: view.y - (now.y - before.y) / (others.length + 1) / (scale * photo.height) });
    if (others.length === 1) {
      const apart = (a, b) => Math.hypot(a.x - b.x, a.y - b.y) || 1;
      const middle = place({ clientX: (now.x + others[0].x) / 2, clientY: (now.y + others[0].y) / 2 });
      next = zoomed(next, apart(now, others[0]) / apart(before, others[0]), middle.x, middle.y);
    }
    pointers.current.set(event.pointerId, now);
    onView(next);
  };
  const up = event => pointers.current.delete(event.pointerId);

  const left = box.width / 2 - view.x * photo.width * scale;
  const top = box.height / 2 - view.y * photo.height * scale;
  const tiles = scale > 0 ? [...tilesOf(photo, photo.levels - 1, scale, left, top, box),
    ...(level < photo.levels - 1 ? tilesOf(photo, level, scale, left, top, box) : [])] : [];
  const fail = async address => {
    const answer = await fetch(address).then(a => a.json()).catch(() => ({}));
    setProblem(answer.error ?? "The picture cannot be shown.");
  };
  const drawn = levelSize(photo, outlineLevel);
  return html`<div class="viewer" ref=${frame} role="group" aria-label=${label ?? photo.name} onPointerDown=${down} onPointerMove=${move}
      onPointerUp=${up} onPointerCancel=${up} onDblClick=${event => { const at = place(event); onView(zoomed(view, 2, at.x, at.y)); }}>
    ${tiles.map(tile => html`<img key=${tile.address} src=${tile.address} alt="" draggable=${false} onError=${() => fail(tile.address)}
      style=${{ left: `${tile.left}px`, top: `${tile.top}px`, width: `${tile.width}px`, height: `${tile.height}px` }} />`)}
    ${scale > 0 ? html`<svg aria-hidden="true" width=${box.width} height=${box.height}>
      <g transform="translate(${left} ${top}) scale(${scale * photo.width / drawn.width} ${scale * photo.height / drawn.height}) translate(.5 .5)">
        ${shapes.map(shape => html`<path key=${shape.key} d=${shape.path} fill=${shape.colour} stroke=${shape.colour}
          class="${shape.dashed ? "dashed" : ""} ${shape.hot ? "hot" : ""}" data-key=${shape.key}
          onPointerEnter=${() => onHover(shape.key)} onPointerLeave=${() => onHover(null)} />`)}
      </g></svg>` : null}
    ${problem ? html`<p class="problem" role="alert">${problem}</p>` : null}
  </div>`;
}

/** The tiles of a level that can be seen, each with its place on the screen. */
function tilesOf(photo, level, scale, left, top, box) {
  const size = levelSize(photo, level);
  const across = scale * photo.width / size.width;
  const along = scale * photo.height / size.height;
  const first = (edge, pixels) => Math.max(0, Math.floor(-edge / pixels / photo.tile));
  const last = (edge, pixels, length, all) => Math.min(Math.ceil(all / photo.tile) - 1, Math.floor((length - edge) / pixels / photo.tile));
  const tiles = [];
  for (let y = first(top, along); y <= last(top, along, box.height, size.height); y++) {
    for (let x = first(left, across); x <= last(left, across, box.width, size.width); x++) {
      // edges on whole pixels, so that no gap shows between tiles
      const from = Math.round(left + x * photo.tile * across);
      const to = Math.round(left + Math.min(size.width, (x + 1) * photo.tile) * across);
      const above = Math.round(top + y * photo.tile * along);
      const below = Math.round(top + Math.min(size.height, (y + 1) * photo.tile) * along);
      tiles.push({ address: `api/data/photos/${photo.index}/tiles/${level}/${x}/${y}`, left: from, top: above, width: to - from, height: below - above });
    }
  }
  return tiles;
}

/** The keys of a viewer, for useKeys. */
export const viewerKeys = (view, onView) => [
  ["+, =", "zoom in", () => onView(zoomed(view, 1.5))],
  ["-", "zoom out", () => onView(zoomed(view, 1 / 1.5))],
  ["0", "show the whole photo", () => onView(WHOLE)],
];
