/**
 * What the browser tells of itself, as input for the client.
 *
 * @import { Signal } from './state.js'
 */

/**
 * @param {Window} window
 * @param {Document} document
 * @param {(signal: Signal) => void} tell
 * @returns {() => void} stops listening
 */
export function listen(window, document, tell) {
  const controller = new AbortController();
  const options = { signal: controller.signal };
  document.addEventListener('visibilitychange', () => tell(document.visibilityState), options);
  window.addEventListener('online', () => tell('online'), options);
  window.addEventListener('offline', () => tell('offline'), options);
  window.addEventListener('pagehide', () => tell('stop'), options);
  // back from the back/forward cache: the page lives on, its connections don't
  window.addEventListener('pageshow', (event) => event.persisted && tell('start'), options);
  return () => controller.abort();
}
