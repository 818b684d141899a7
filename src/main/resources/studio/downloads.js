// Files that the page makes itself: results, outlines, and parts of a photo.

/** Has the browser save something. */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

/** COCO's results format. */
export const cocoFile = results => new Blob([JSON.stringify(results, null, 1)], { type: "application/json" });

const escaped = text => text.replace(/[&<>"]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

/**
 * The outlines as an SVG picture of the photo's size.
 *
 * @param garments each with path, colour (of CSS) and name
 */
export function svgFile({ width, height }, garments) {
  const lines = garments.map(one => `  <path fill="none" stroke="${one.colour}" stroke-width="2" fill-rule="evenodd" d="${one.path}"><title>${escaped(one.name)}</title></path>`);
  return new Blob([`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n${lines.join("\n")}\n</svg>\n`],
    { type: "image/svg+xml" });
}

/** What lies inside of paths, cut out of the photo to a PNG file of their size; all around it is transparent. */
export function cutOut(photo, paths) {
  const corners = paths.flatMap(one => one.match(/\d+ \d+/g).map(corner => corner.split(" ").map(Number)));
  const least = i => corners.reduce((a, b) => Math.min(a, b[i]), Infinity);
  const most = i => corners.reduce((a, b) => Math.max(a, b[i]), 0);
  const canvas = new OffscreenCanvas(most(0) - least(0), most(1) - least(1));
  const pen = canvas.getContext("2d");
  pen.translate(-least(0), -least(1));
  for (const one of paths) {
    pen.save();
    pen.clip(new Path2D(one), "evenodd");
    pen.drawImage(photo, 0, 0);
    pen.restore();
  }
  return canvas.convertToBlob({ type: "image/png" });
}
