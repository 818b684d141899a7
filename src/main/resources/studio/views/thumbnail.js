// A small picture of a photo, with outlines over it.
import { html, useEffect, useState } from "../html.js";

const SIDE = 256;

/** Milliseconds before a picture is asked for: what flies by in a fast scroll is not, so that frames stay smooth. */
const PAUSE = 120;

/** Addresses of pictures that the browser has. */
const known = new Set();

/** Whether a picture should be shown by now. */
function useDue(address) {
  const [due, setDue] = useState(known.has(address) ? address : null);
  useEffect(() => {
    const timer = setTimeout(() => setDue(address), known.has(address) ? 0 : PAUSE);
    return () => clearTimeout(timer);
  }, [address]);
  return due === address;
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
  const [problem, setProblem] = useState(null);
  const address = `api/data/${preview ? "preview" : "photos"}/${photo.index}/thumbnail`;
  const due = useDue(address);
  const fail = async () => {
    const answer = await fetch(address).then(a => a.json()).catch(() => ({}));
    setProblem(answer.error ?? "The picture cannot be shown.");
  };
  if (problem) {
    return html`<span class="thumb broken" title=${problem}>${problem}</span>`;
  }
  const size = photo.width ? thumbnailSize(photo) : null;
  return html`<span class="thumb">
    ${due ? html`<img src=${address} alt="" decoding="async" onLoad=${() => known.add(address)} onError=${fail} />` : null}
    ${size && shapes.length ? html`<svg viewBox="0 0 ${size.width} ${size.height}" aria-hidden="true">
      ${shapes.map(shape => html`<path d=${shape.path} fill=${shape.colour} stroke=${shape.colour} transform="translate(.5 .5)"
        class=${shape.dashed ? "dashed" : ""} />`)}</svg>` : null}
  </span>`;
}
