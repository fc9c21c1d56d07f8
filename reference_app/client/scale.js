/**
 * The scale written into the page by the server, or 1 where there is none.
 *
 * @param {string | null | undefined} text
 */
export function scaleFrom(text) {
  const scale = Number(text);
  return scale > 0 && Number.isFinite(scale) ? scale : 1;
}
