// Masks in COCO's compressed run lengths, and their outlines along the edges of pixels.

/** Run lengths, zeros first, down the columns: COCO writes five bits a letter, from the fourth on as differences. */
function runs(counts) {
  const found = [];
  for (let at = 0; at < counts.length;) {
    let value = 0;
    let shift = 0;
    let bits;
    do {
      bits = counts.charCodeAt(at++) - 48;
      value |= (bits & 31) << shift;
      shift += 5;
    } while (bits & 32);
    if (bits & 16 && shift < 32) {
      value |= -1 << shift;
    }
    found.push(found.length > 2 ? value + found[found.length - 2] : value);
  }
  return found;
}

/**
 * The pixels of a mask inside its box.
 *
 * @param segmentation size [height, width] and counts
 * @returns left, top, width, height and set(x, y); null for an empty mask
 */
function crop({ size: [height], counts }) {
  const ones = [];
  let at = 0;
  runs(counts).forEach((count, i) => {
    if (i % 2 && count) {
      ones.push([at, count]);
    }
    at += count;
  });
  if (!ones.length) {
    return null;
  }
  let top = height;
  let bottom = 0;
  for (const [from, count] of ones) {
    const whole = Math.floor(from / height) !== Math.floor((from + count - 1) / height);
    top = Math.min(top, whole ? 0 : from % height);
    bottom = Math.max(bottom, whole ? height : (from + count - 1) % height + 1);
  }
  const last = ones[ones.length - 1];
  const left = Math.floor(ones[0][0] / height);
  const width = Math.floor((last[0] + last[1] - 1) / height) + 1 - left;
  const rows = bottom - top;
  const pixels = new Uint8Array(width * rows);
  for (const [from, count] of ones) {
    for (let p = from; p < from + count; p++) {
      pixels[(p % height - top) * width + Math.floor(p / height) - left] = 1;
    }
  }
  return { left, top, width, height: rows, set: (x, y) => x >= 0 && y >= 0 && x < width && y < rows && pixels[y * width + x] === 1 };
}

const DX = [1, 0, -1, 0]; // right, down, left, up: the mask lies at the right hand
const DY = [0, 1, 0, -1];

/**
 * The rings around a mask and around its holes; filled by the even-odd rule they are the mask.
 *
 * @returns lists of corners [x, y] in pixels of the photo
 */
export function rings(segmentation) {
  const mask = crop(segmentation);
  if (!mask) {
    return [];
  }
  const columns = mask.width + 1;
  const edges = new Uint8Array(columns * (mask.height + 1)); // bit d: an edge of direction d begins at this corner
  for (let y = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++) {
      if (mask.set(x, y)) {
        edges[y * columns + x] |= mask.set(x, y - 1) ? 0 : 1;
        edges[y * columns + x + 1] |= mask.set(x + 1, y) ? 0 : 2;
        edges[(y + 1) * columns + x + 1] |= mask.set(x, y + 1) ? 0 : 4;
        edges[(y + 1) * columns + x] |= mask.set(x - 1, y) ? 0 : 8;
      }
    }
  }
  const found = [];
  for (let start = 0; start < edges.length; start++) {
    while (edges[start]) {
      found.push(ring(edges, columns, start).map(at => [mask.left + at % columns, mask.top + Math.floor(at / columns)]));
    }
  }
  return found;
}

/** Walks along edges, which it takes away, and turns right where it can, so that pixels at a corner stay apart. */
function ring(edges, columns, start) {
  const corners = [];
  let at = start;
  let before = -1;
  do {
    const turns = before < 0 ? [0, 1, 2, 3] : [before + 1, before, before + 3].map(d => d % 4);
    const direction = turns.find(d => edges[at] >> d & 1);
    if (direction !== before) {
      corners.push(at);
    }
    edges[at] &= ~(1 << direction);
    at += DY[direction] * columns + DX[direction];
    before = direction;
  } while (at !== start);
  return corners;
}

/** Rings as a path of SVG, which a canvas takes too. */
export const path = found => found.map(corners => `M${corners.map(corner => corner.join(" ")).join("L")}Z`).join("");
