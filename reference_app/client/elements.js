/** The few things that are done to the document; what is there already is not written again. */

/**
 * @param {Document} document
 * @param {string} id
 * @throws {Error} if the page has no such element
 */
export function element(document, id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element with id "${id}"`);
  return found;
}

/**
 * @param {Document} document
 * @param {string} id
 * @param {string} words
 */
export function text(document, id, words) {
  const found = element(document, id);
  if (found.textContent !== words) found.textContent = words;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string} value
 */
export function attribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/**
 * @param {HTMLElement} element
 * @param {boolean} hidden
 */
export function hide(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

/**
 * A list's entry: when, and what.
 *
 * @param {Document} document
 * @param {string} time as it is read
 * @param {number} ms the same, Unix time
 * @param {string} words
 */
export function entry(document, time, ms, words) {
  const item = document.createElement('li');
  const when = document.createElement('time');
  when.textContent = time;
  when.dateTime = new Date(ms).toISOString();
  const what = document.createElement('span');
  what.textContent = words;
  item.append(when, what);
  return item;
}
