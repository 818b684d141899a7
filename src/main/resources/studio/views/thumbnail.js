// A small picture of a photo, with outlines over it.
import { html, useEffect, useState } from "../html.js";

const SIDE = 256;

/** Milliseconds without a scroll after which a page stands still. */
const PAUSE = 100;

/** What the page's last scroll was: when it came, where it went, and pixels per millisecond. */
let scroll = { time: 0, y: 0, speed: 0 };
addEventListener("scroll", () => {
  const time = performance.now();
  if (time > scroll.time) {
    scroll = { time, y: scrollY, speed: Math.abs(scrollY - scroll.y) / (time - scroll.time) };
  }
}, { passive: true });

/** Whether photos pass by too fast to be looked at: a screen in less than three seconds. */
const isFast = () => performance.now() - scroll.time < PAUSE && scroll.speed > innerHeight / 3000;

/** False while photos pass by, a place being kept for each; they are drawn when the page slows down, so that its frames stay smooth. */
function useDrawn() {
  const [drawn, setDrawn] = useState(!isFast());
  useEffect(() => {
    if (!drawn) {
      const timer = setInterval(() => isFast() || setDrawn(true), PAUSE);
      return () => clearInterval(timer);
    }
  }, [drawn]);
  return drawn;
}

/** Pixels of the thumbnail that the server makes of a photo, which the outlines count. */
export function thumbnailSize({ height, width }) {
  const scale = Math.min(1, SIDE / Math.max(height, width));
  return { height: Math.max(1, Math.round(height * scale)), width: Math.max(1, Math.round(width * scale)) };
}

/**
 * @param photo index, name, and height and width where they are known
 * @param shapes outlines: path, colour, and dashed
 */
export function Thumbnail({ photo, preview, shapes = [] }) {
  const drawn = useDrawn();
  const [problem, setProblem] = useState(null);
  const address = `api/data/${preview ? "preview" : "photos"}/${photo.index}/thumbnail`;
  const fail = async () => {
    const answer = await fetch(address).then(a => a.json()).catch(() => ({}));
    setProblem(answer.error ?? "The picture cannot be shown.");
  };
  if (problem) {
    return html`<span class="thumb broken" title=${problem}>${problem}</span>`;
  }
  const size = photo.width ? thumbnailSize(photo) : null;
  return html`<span class="thumb">
    ${drawn ? html`<img src=${address} alt="" decoding="async" onError=${fail} />` : null}
    ${drawn && size && shapes.length ? html`<svg viewBox="0 0 ${size.width} ${size.height}" aria-hidden="true">
      ${shapes.map(shape => html`<path d=${shape.path} fill=${shape.colour} stroke=${shape.colour} transform="translate(.5 .5)"
        class=${shape.dashed ? "dashed" : ""} />`)}</svg>` : null}
  </span>`;
}
