/**
 * A page that speaks another language than its server is loaded anew by itself, once: the server has the page that
 * fits. If that did not help, the reader is told, and no loop comes of it.
 */

const KEY = 'reloaded_at';
const AGAIN_AFTER = 3_600_000; // ms; until then a second time would be a loop
const SPREAD = 5_000; // ms at scale 1; after a deployment all pages find out at once

/**
 * How long to wait before the page is loaded anew. Writes down that it will be.
 *
 * @param {Pick<Storage, 'getItem' | 'setItem'>} storage that outlives the page, and not the tab
 * @param {{unixNow: number, random: number, scale: number}} when `random` in [0, 1)
 * @returns {number | null} ms; null: not at all, as it was done lately or can't be written down
 */
export function reloadIn(storage, { unixNow, random, scale }) {
  try {
    if (unixNow - Number(storage.getItem(KEY) ?? -Infinity) < AGAIN_AFTER) return null;
    storage.setItem(KEY, String(unixNow));
  } catch {
    return null; // a browser may forbid storage
  }
  return (1 + random) * SPREAD * scale;
}
