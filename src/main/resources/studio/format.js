// Numbers as people read them.

/** A number of some digits after the point, or a dash where there is none. */
export const fixed = (value, digits = 3) => (Number.isFinite(value) ? value.toFixed(digits) : "–");

/** A number with about three digits that say something. */
export function short(value) {
  if (!Number.isFinite(value)) {
    return "–";
  }
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e6)) {
    return value.toExponential(2);
  }
  return size >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** Seconds as 45 s, 12 min, 3 h 20 min or 2 d 4 h. */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) {
    return "–";
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 2) {
    return `${Math.round(seconds)} s`;
  } else if (minutes < 60) {
    return `${minutes} min`;
  } else if (minutes < 24 * 60) {
    return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  }
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Seconds since a start as 1:40 or 2:05:00: neighbours on an axis never look alike. */
export function clock(seconds) {
  const two = number => String(number).padStart(2, "0");
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  const tail = two(whole % 60);
  return minutes < 60 ? `${minutes}:${tail}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${tail}`;
}

/** A time of the server in the reader's time zone: 2026-01-31 14:05. */
export function when(iso) {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) {
    return "–";
  }
  const two = number => String(number).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
