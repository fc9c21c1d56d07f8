/**
 * @import { Transport } from './transport.js'
 */

const CLOSED = 2; // EventSource.CLOSED

/**
 * The browser's own reconnection is never used: engines disagree on what ends it for good (WHATWG HTML, section 9.2.3
 * leaves it open), and it would run beside ours.
 *
 * @type {Transport}
 */
export const eventsource = {
  isSupported: (scope) => typeof scope.EventSource === 'function',

  open(url, on) {
    const source = new EventSource(url);
    const close = () => {
      source.onmessage = null;
      source.onerror = null;
      source.close();
    };
    source.onmessage = ({ data }) => on.message(data);
    source.onerror = () => {
      const reason = source.readyState === CLOSED ? 'refused' : 'lost';
      close();
      on.close({ reason });
    };
    return { close };
  },
};
