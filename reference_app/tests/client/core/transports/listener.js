/**
 * Keeps what a transport tells.
 *
 * @import { End } from '../../../../client/core/transports/transport.js'
 */
export class Listener {
  /** @type {unknown[]} */
  messages = [];
  /** @type {End[]} */
  ends = [];
  /** @type {() => void} */
  #ended = () => {};
  /** Settled when the end is told. @type {Promise<void>} */
  end = new Promise((resolve) => {
    this.#ended = resolve;
  });

  /** @param {unknown} data */
  message = (data) => void this.messages.push(data);

  /** @param {End} end */
  close = (end) => {
    this.ends.push(end);
    this.#ended();
  };
}
