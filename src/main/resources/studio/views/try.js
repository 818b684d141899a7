// A photo of the reader's own: dropped, pasted, chosen or taken by the webcam; its garments are drawn over it.
import { html, useCallback, useEffect, useMemo, useRef, useState } from "../html.js";
import { get, send, useLoad } from "../api.js";
import { colour } from "../chart.js";
import { cocoFile, cutOut, save, svgFile } from "../downloads.js";
import { fixed, plural } from "../format.js";
import { moveFocus, useKeys } from "../keys.js";
import { path, rings } from "../masks.js";
import { Loading, Problem } from "../parts.js";
import { Webcam } from "./webcam.js";

const COLOURS = 8;

let count = 0;

/** The photo as the model saw it: turned by its EXIF mark or not. Null where the browser cannot decode it. */
async function decode(file, { width }) {
  try {
    const turned = await createImageBitmap(file);
    return turned.width === width ? turned : await createImageBitmap(file, { imageOrientation: "none" });
  } catch {
    return null;
  }
}

async function predict(file, signal) {
  const answer = await send("v1/predict", {}, file, signal);
  const garments = answer.results.map((result, i) => ({ result, key: i, name: result.category_name, score: result.score,
    colour: colour(result.category_id % COLOURS), path: path(rings(result.segmentation)) }));
  return { id: count++, name: file.name?.replace(/\.[^.]*$/, "") || "photo", image: answer.image, results: answer.results, milliseconds: answer.milliseconds,
    garments: garments.filter(one => one.path), photo: await decode(file, answer.image) };
}

const cssColour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The photo and outlines; the one that is lit is filled. */
function Picture({ tried, garments, lit, onLit }) {
  const canvas = useRef();
  const { width, height } = tried.image;
  const shapes = useMemo(() => garments.map(one => ({ ...one, shape: new Path2D(one.path) })), [garments]);
  useEffect(() => {
    const draw = () => {
      const pen = canvas.current.getContext("2d");
      const pixel = Math.max(1, width / (canvas.current.clientWidth || width)); // of the screen, in pixels of the photo
      pen.fillStyle = cssColour("--line");
      pen.fillRect(0, 0, width, height);
      if (tried.photo) {
        pen.drawImage(tried.photo, 0, 0);
      }
      pen.lineJoin = "round";
      for (const one of [...shapes].sort((a, b) => (a.key === lit) - (b.key === lit))) {
        if (one.key === lit) {
          pen.globalAlpha = .45;
          pen.fillStyle = cssColour(one.colour);
          pen.fill(one.shape, "evenodd");
          pen.globalAlpha = 1;
        }
        pen.strokeStyle = "#000";
        pen.lineWidth = 4 * pixel;
        pen.stroke(one.shape);
        pen.strokeStyle = cssColour(one.colour);
        pen.lineWidth = (one.key === lit ? 3 : 2) * pixel;
        pen.stroke(one.shape);
      }
    };
    draw();
    addEventListener("themechange", draw);
    return () => removeEventListener("themechange", draw);
  }, [tried, shapes, lit]);
  const point = event => {
    const box = canvas.current.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width * width;
    const y = (event.clientY - box.top) / box.height * height;
    const pen = canvas.current.getContext("2d");
    // the best score first, and of garments one over the other the smaller is meant
    const under = shapes.filter(one => pen.isPointInPath(one.shape, x, y, "evenodd"));
    under.sort((a, b) => a.result.bbox[2] * a.result.bbox[3] - b.result.bbox[2] * b.result.bbox[3]);
    onLit(under.length ? under[0].key : null);
  };
  return html`<canvas ref=${canvas} width=${width} height=${height} role="img" aria-label=${`The photo with ${plural(garments.length, "garment")}`}
    onPointerMove=${point} onPointerDown=${point} onPointerLeave=${() => onLit(null)}></canvas>`;
}

function Garments({ tried, garments, lit, onLit }) {
  const cut = async one => save(await cutOut(tried.photo, [one.path]), `${tried.name}-${one.key + 1}-${one.name.replace(/[^a-z0-9]+/gi, "-")}.png`);
  return html`<ul class="garments" onKeyDown=${event => moveFocus(event, "button.garment")}>${garments.map(one => html`<li key=${one.key} class=${one.key === lit ? "lit" : ""}
      onPointerEnter=${() => onLit(one.key)} onPointerLeave=${() => onLit(null)}>
    <button type="button" class="garment" onFocus=${() => onLit(one.key)} onBlur=${() => onLit(null)} onClick=${() => onLit(one.key)}>
      <span class="swatch" style=${{ background: `var(${one.colour})` }}></span><span class="grow">${one.name}</span><b>${fixed(one.score, 2)}</b></button>
    ${tried.photo ? html`<button type="button" onClick=${() => cut(one)} aria-label=${`PNG of ${one.name}`}>PNG</button>` : null}</li>`)}</ul>`;
}

function Result({ tried }) {
  const [least, setLeast] = useState(0);
  const [lit, setLit] = useState(null);
  const garments = useMemo(() => tried.garments.filter(one => one.score >= least), [tried, least]);
  const milliseconds = tried.milliseconds;
  const total = Object.values(milliseconds).reduce((sum, part) => sum + part, 0);
  const chosen = () => garments.map(one => one.result);
  const svg = () => svgFile(tried.image, garments.map(one => ({ ...one, colour: cssColour(one.colour) })));
  const all = async () => save(await cutOut(tried.photo, garments.map(one => one.path)), `${tried.name}-garments.png`);
  return html`<div class="tried">
    <div class="card"><${Picture} tried=${tried} garments=${garments} lit=${lit} onLit=${setLit} />
      ${tried.photo ? null : html`<p class="soft">The browser cannot show photos of this kind; the outlines are drawn without it.</p>`}</div>
    <div class="card"><div class="bar"><h2 class="grow">${plural(garments.length, "garment")}</h2>
        <label>Least score <input type="range" min="0" max="1" step="0.01" value=${least} onInput=${event => setLeast(Number(event.target.value))} /> ${fixed(least, 2)}</label></div>
      <${Garments} tried=${tried} garments=${garments} lit=${lit} onLit=${setLit} />
      <p class="soft time">${Math.round(total)} ms: ${Object.entries(milliseconds).map(([stage, part]) => `${stage} ${Math.round(part)}`).join(", ")}</p>
      <div class="bar" role="group" aria-label="Downloads">
        <button type="button" onClick=${() => save(cocoFile(chosen()), `${tried.name}.json`)}>COCO JSON</button>
        <button type="button" disabled=${!garments.length} onClick=${() => save(svg(), `${tried.name}.svg`)}>SVG outlines</button>
        <button type="button" disabled=${!garments.length || !tried.photo} onClick=${all}>PNG cut-outs</button></div></div>
  </div>`;
}

function Trial() {
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(null);
  const [error, setError] = useState(null);
  const [filming, setFilming] = useState(false);
  const [over, setOver] = useState(false);
  const control = useRef(null);
  const input = useRef();
  const model = useLoad(signal => get("v1/model", {}, signal), []);

  const take = useCallback(async file => {
    if (!file) {
      return;
    }
    control.current?.abort();
    const mine = new AbortController();
    control.current = mine;
    setBusy(true);
    setError(null);
    try {
      const found = await predict(file, mine.signal);
      if (!mine.signal.aborted) {
        setTried(found);
      }
    } catch (problem) {
      if (!mine.signal.aborted) {
        setError(problem);
      }
    } finally {
      if (!mine.signal.aborted) {
        setBusy(false);
      }
    }
  }, []);
  useEffect(() => {
    const paste = event => take([...event.clipboardData.files][0]);
    addEventListener("paste", paste);
    return () => {
      removeEventListener("paste", paste);
      control.current?.abort();
    };
  }, []);
  const choose = () => input.current.click();
  useKeys([["o", "choose a photo", choose]], []);
  const drop = event => {
    event.preventDefault();
    setOver(false);
    take([...event.dataTransfer.files][0]);
  };
  const drag = event => {
    event.preventDefault();
    setOver(true);
  };
  const about = model.value;
  return html`
    <div class="bar"><h1>Try</h1><span class="soft grow">${about ? `${about.name}, ${plural(about.categories.length, "class", "classes")}, ${about.precision} on ${about.device}` : ""}</span></div>
    <${Problem} error=${model.error} />
    <section class=${`card drop${over ? " over" : ""}`} aria-label="Photo" onDragOver=${drag} onDragLeave=${() => setOver(false)} onDrop=${drop}>
      <p>Drop a photo here, paste one, or</p>
      <button type="button" class="main" title="o" onClick=${choose}>Choose a photo</button>
      <input ref=${input} type="file" class="unseen" accept="image/*" tabindex="-1" aria-label="Photo file" onChange=${event => take(event.target.files[0])} />
      ${navigator.mediaDevices ? html`<button type="button" aria-pressed=${filming} onClick=${() => setFilming(!filming)}>Webcam</button>` : null}
    </section>
    ${filming ? html`<${Webcam} onPicture=${take} />` : null}
    <${Problem} error=${error} />
    ${busy || model.loading ? html`<${Loading} what=${model.loading ? "the model" : "what is in the photo"} />` : null}
    ${tried ? html`<${Result} key=${tried.id} tried=${tried} />` : null}`;
}

export default function View({ studio }) {
  return studio.weights ? html`<${Trial} />` : html`<h1>Try</h1><p class="card">Start the studio with <code>--weights</code> to try a
    model on a photo: <code>studio --weights last</code> takes the latest run.</p>`;
}
