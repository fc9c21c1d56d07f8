/**
 * The Retry-After header (RFC 9110, section 10.2.3).
 */

/**
 * @param {string | null} header either seconds or an HTTP date
 * @param {number} unixNow the present, Unix ms, for the date form
 * @param {number} cap longest wait granted, ms
 * @returns {number} ms to wait; 0 if there is no header or it can't be read
 */
export function retryAfter(header, unixNow, cap) {
  if (header === null) return 0;
  const text = header.trim();
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - unixNow;
  return Number.isNaN(wait) ? 0 : Math.min(cap, Math.max(0, wait));
}
