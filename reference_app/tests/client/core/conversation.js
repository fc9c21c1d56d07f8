/**
 * A conversation with the client without any real time: inputs in, effects out, timers by a clock that a test moves.
 *
 * @import { Effect, Input } from '../../../client/core/state.js'
 * @import { Rung } from '../../../client/core/ladder.js'
 * @import { Timer } from '../../../client/messages.js'
 *
 * @typedef {Extract<Effect, {type: 'open'}>} Opened
 */

import assert from 'node:assert/strict';

import { step } from '../../../client/core/client.js';
import { options } from '../../../client/core/options.js';
import { initial } from '../../../client/core/state.js';
import { timer } from '../../../client/timer.js';

export const EPOCH = 'abc1';
const IDLE = { phase: 'idle', duration_ms: 60_000, remaining_ms: 60_000 };

/**
 * @param {Record<string, unknown>} fields
 * @returns {Record<string, unknown> & {seq: number}}
 */
function envelope(fields) {
  return { v: 1, epoch: EPOCH, seq: 0, server_ms: 0, ...fields };
}

/**
 * @param {number} seq
 * @param {Record<string, unknown>} [more]
 */
export function snapshot(seq, more = {}) {
  const seqs = Array.from({ length: seq }, (_, i) => i + 1);
  const events = seqs.map((each) => ({ seq: each, name: 'noted', at_ms: 0, text: `note ${each}` }));
  const game = { round: 1, score: { home: 0, away: 0 } };
  return envelope({ kind: 'snapshot', seq, timer: IDLE, game, events, oldest_seq: Math.min(seq, 1), ...more });
}

/**
 * @param {number} seq
 * @param {Record<string, unknown>} [more]
 */
export function event(seq, more = {}) {
  return envelope({ kind: 'event', seq, name: 'noted', at_ms: 0, text: `note ${seq}`, ...more });
}

/**
 * @param {number} seq
 * @param {Record<string, unknown>} [more]
 */
export function tick(seq, more = {}) {
  return envelope({ kind: 'tick', seq, timer: IDLE, ...more });
}

/**
 * @param {string} id
 * @param {Record<string, unknown>} [more]
 */
export function result(id, more = {}) {
  return envelope({ kind: 'result', id, ok: true, event_seq: 1, ...more });
}

export class Conversation {
  now = 1_000_000;
  random = 0.5;
  /** @type {Effect[]} since the last look */
  effects = [];
  /** @type {Effect[]} from the beginning */
  history = [];
  /** @type {Map<string, {at: number, token: number}>} */
  #timers = new Map();

  /** @param {{supported?: Rung[], overrides?: Parameters<typeof options>[1]}} [settings] */
  constructor({ supported = ['websocket', 'eventsource'], overrides = {} } = {}) {
    this.state = initial({ options: options(1, overrides), client: 'c1', supported, shown: timer.initial });
  }

  /** @param {Input} input */
  feed(input) {
    const { state, effects } = step(this.state, input, { app: timer, now: this.now, random: () => this.random });
    this.state = state;
    this.effects.push(...effects);
    this.history.push(...effects);
    for (const effect of effects) {
      if (effect.type === 'timer') this.#timers.set(effect.name, { at: this.now + effect.ms, token: effect.token });
      else if (effect.type === 'cancel') this.#timers.delete(effect.name);
    }
    return this;
  }

  /**
   * Lets time pass, and timers fire when they are due.
   *
   * @param {number} ms
   */
  wait(ms) {
    const end = this.now + ms;
    for (let next = this.#due(end); next !== undefined; next = this.#due(end)) {
      const [name, { at, token }] = next;
      this.#timers.delete(name);
      this.now = Math.max(this.now, at);
      this.feed({ type: 'timer', name: /** @type {import('../../../client/core/state.js').TimerName} */ (name), token });
    }
    this.now = end;
    return this;
  }

  /**
   * Holds the page up: time passes, and no timer fires.
   *
   * @param {number} ms
   */
  freeze(ms) {
    this.now += ms;
    return this;
  }

  /** @param {number} end */
  #due(end) {
    const due = [...this.#timers].filter(([, { at }]) => at <= end);
    return due.sort(([, a], [, b]) => a.at - b.at)[0];
  }

  /** What was asked for since the last look. */
  take() {
    return this.effects.splice(0);
  }

  /** The connections opened since the last look, oldest first. @returns {Opened[]} */
  opened() {
    return this.take().filter((effect) => effect.type === 'open');
  }

  /** The one connection opened since the last look. @returns {Opened} */
  theOpened() {
    const opened = this.opened();
    assert.equal(opened.length, 1, `opened ${JSON.stringify(opened)}`);
    return /** @type {Opened} */ (opened[0]);
  }

  /**
   * @param {number} generation
   * @param {...unknown} messages
   */
  says(generation, ...messages) {
    for (const message of messages) {
      const data = typeof message === 'string' ? message : JSON.stringify(message);
      this.feed({ type: 'received', generation, data });
    }
    return this;
  }

  /**
   * A request is answered, and is over with that.
   *
   * @param {number} generation
   * @param {...unknown} messages
   */
  answers(generation, ...messages) {
    this.feed({ type: 'received', generation, data: JSON.stringify({ messages }) });
    return this.feed({ type: 'closed', generation, reason: 'done', status: 200 });
  }

  /**
   * @param {number} generation
   * @param {Partial<import('../../../client/core/state.js').Closed>} [end]
   */
  closes(generation, end = {}) {
    return this.feed({ type: 'closed', generation, reason: 'lost', code: 1006, ...end });
  }

  /** A client that is live on the best rung it has. @returns {number} the link's generation */
  live(seq = 0) {
    this.feed({ type: 'start' });
    const { generation } = this.theOpened();
    this.says(generation, snapshot(seq));
    return generation;
  }

  /**
   * Has the present link fail until the client asks whether the network is there.
   *
   * @returns {Opened} the check
   */
  spend() {
    for (let i = 0; i < 60; i += 1) {
      const [opened] = this.opened();
      if (opened !== undefined && param(opened, 'for') === 'check') return opened;
      if (opened !== undefined) this.closes(opened.generation);
      else this.wait(100);
    }
    throw new assert.AssertionError({ message: 'the budget was never spent' });
  }

  /** A client that has stepped down to EventSource and is live there. */
  liveOnEventSource(seq = 0) {
    this.feed({ type: 'start' });
    this.answers(this.spend().generation, snapshot(seq));
    const { generation } = this.theOpened();
    this.says(generation, snapshot(seq));
    this.take();
    return generation;
  }

  /** What is shown, in short. */
  get shown() {
    const { cursor, shown } = this.state;
    return { seq: cursor.seq, events: shown.events.map(({ seq }) => seq) };
  }
}

/**
 * @param {Opened | undefined} opened
 * @param {string} name
 */
export function param(opened, name) {
  return new URL(opened?.url ?? '', 'http://app/').searchParams.get(name);
}

/**
 * @param {readonly Effect[]} effects
 * @returns {unknown[]} the messages sent
 */
export function sent(effects) {
  return effects.flatMap((effect) => (effect.type === 'send' ? [JSON.parse(effect.data)] : []));
}

/**
 * @param {readonly Effect[]} effects
 * @returns {number[]} the generations closed
 */
export function closed(effects) {
  return effects.flatMap((effect) => (effect.type === 'close' ? [effect.generation] : []));
}
