/**
 * Small charts as paths of SVG. Pure. The newest value stands at the right edge; a chart that is not full yet begins
 * further to the right.
 *
 * @typedef {readonly (number | null)[]} Series oldest first; null: there was nothing to measure
 * @typedef {{width: number, height: number, slots: number}} Box `slots`: values that fit in
 */

/**
 * A line, with a hole where there is no value.
 *
 * @param {Series} series
 * @param {number} top the value at the upper edge, more than 0
 * @param {Box} box
 */
export function line(series, top, box) {
  let path = '';
  series.forEach((value, i) => {
    if (value === null) return;
    const begins = i === 0 || series[i - 1] === null;
    path += `${begins ? 'M' : 'L'}${place(i, series, box)},${level(value, top, box)}`;
    if (begins && (series[i + 1] ?? null) === null) path += 'h0'; // one value alone is a dot
  });
  return path;
}

/**
 * A bar for each value above 0.
 *
 * @param {Series} series
 * @param {number} top
 * @param {Box} box
 */
export function bars(series, top, box) {
  const width = box.width / box.slots;
  return series.map((value, i) => {
    if (value === null || value <= 0) return '';
    const left = round(place(i, series, box) - width);
    return `M${left},${box.height}V${level(value, top, box)}h${round(width * 0.8)}V${box.height}z`;
  }).join('');
}

/**
 * @param {number} i
 * @param {Series} series
 * @param {Box} box
 */
function place(i, series, { width, slots }) {
  return round(width - ((series.length - 1 - i) * width) / slots);
}

/**
 * @param {number} value
 * @param {number} top
 * @param {Box} box
 */
function level(value, top, { height }) {
  return round(height - (Math.min(Math.max(value, 0), top) / top) * height);
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
