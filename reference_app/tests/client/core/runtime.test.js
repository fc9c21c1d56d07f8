import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { options } from '../../../client/core/options.js';
import { Runtime } from '../../../client/core/runtime.js';
import { initial } from '../../../client/core/state.js';
import { timer } from '../../../client/timer.js';
import { snapshot } from './conversation.js';

/**
 * @import { Mock } from 'node:test'
 * @import { On } from '../../../client/core/transports/transport.js'
 *
 * @typedef {{url: string, on: On, close: Mock<() => void>, send: Mock<(data: string) => void>}} FakePipe
 */

/** A runtime in a world of fakes, and what reaches that world. */
function running({ refuses = false } = {}) {
  /** @type {FakePipe[]} */
  const pipes = [];
  /** @type {Map<number, () => void>} */
  const timers = new Map();
  const changed = mock.fn();
  const say = mock.fn();
  /** @type {import('../../../client/core/transports/transport.js').Transport['open']} */
  const open = (url, on) => {
    if (refuses) throw new DOMException('not allowed here', 'SecurityError');
    const pipe = { url, on, close: mock.fn(() => {}), send: mock.fn(() => {}) };
    pipes.push(pipe);
    return pipe;
  };
  const world = {
    now: () => 1000,
    unixNow: () => 1000,
    random: () => 0.5,
    setTimeout: (/** @type {() => void} */ callback) => {
      timers.set(timers.size + 1, callback);
      return timers.size;
    },
    clearTimeout: (/** @type {number} */ handle) => void timers.delete(handle),
    transports: { websocket: { open }, eventsource: { open }, polling: { open } },
    post: (/** @type {string} */ url, /** @type {unknown} */ _command, /** @type {On} */ on) => open(url, on),
  };
  const state = initial({ options: options(), client: 'c', supported: ['websocket'], shown: timer.initial });
  const runtime = new Runtime(state, { app: timer, world, base: 'https://host/app/', on: { change: changed, say } });
  /** @param {number} [i] */
  const pipe = (i = 0) => pipes[i] ?? assert.fail(`there is no pipe ${i}`);
  return { runtime, pipe, pipes, timers, say, changed };
}

test('opens what the client asks for, relative to the page', () => {
  const { runtime, pipe } = running();

  runtime.feed({ type: 'start' });

  assert.equal(pipe().url, 'https://host/app/timer/ws?client=c&attempt=1&for=live');
});

test('feeds what a connection delivers to the client, and sends what the client says', () => {
  const { runtime, pipe } = running();
  runtime.feed({ type: 'start' });

  pipe().on.message(JSON.stringify(snapshot(2)));
  runtime.feed({ type: 'command', id: 'a', name: 'start', args: {} });

  assert.equal(runtime.state.cursor.seq, 2);
  assert.match(String(pipe().send.mock.calls.at(-1)?.arguments[0]), /"id":"a"/);
});

test('takes a refusal to open for a failure like any other', () => {
  const { runtime } = running({ refuses: true });

  runtime.feed({ type: 'start' });

  assert.equal(runtime.state.failures.websocket, 1);
});

test('finishes one step before it begins the next', () => {
  const { runtime, pipe, changed } = running();
  runtime.feed({ type: 'start' });
  const serials = /** @type {number[]} */ ([]);
  changed.mock.mockImplementation(() => {
    serials.push(runtime.state.serial);
    if (serials.length === 1) pipe().on.close({ reason: 'lost' });
  });

  runtime.feed({ type: 'hidden' });

  assert.equal(runtime.state.link, null);
  assert.equal(serials.length, 2);
});

test('reads Retry-After of an answer that asks to wait', () => {
  const { runtime, pipe } = running();
  runtime.feed({ type: 'start' });

  pipe().on.close({ reason: 'status', status: 503, retryAfter: '7' });

  assert.equal(runtime.state.pausedUntil, 8000);
});

test('reads how long to wait from the reason of a 4429', () => {
  const { runtime, pipe } = running();
  runtime.feed({ type: 'start' });

  pipe().on.close({ reason: 'closed', code: 4429, text: '7' });

  assert.equal(runtime.state.pausedUntil, 8000);
});

test('does not read Retry-After of any other answer', () => {
  const { runtime, pipe } = running();
  runtime.feed({ type: 'start' });

  pipe().on.close({ reason: 'status', status: 500, retryAfter: '7' });

  assert.equal(runtime.state.pausedUntil, -Infinity);
});

test('passes on what there is to say', () => {
  const { runtime, say } = running();

  runtime.feed({ type: 'start' });

  assert.deepEqual(say.mock.calls[0]?.arguments, [{ line: 'starting', rung: 'websocket', to: 'websocket', details: {} }]);
});

test('keeps a bounded trace', () => {
  const { runtime } = running();
  runtime.feed({ type: 'start' });
  for (let i = 0; i < 6000; i += 1) runtime.feed({ type: 'closed', generation: 999, reason: 'lost' });

  assert.equal(runtime.trace.length, 5000);
});

test('holds nothing after it was disposed of', () => {
  const { runtime, pipe, timers } = running();
  runtime.feed({ type: 'start' });
  pipe().on.message(JSON.stringify(snapshot(0)));

  runtime.dispose();

  assert.deepEqual(runtime.held, { pipes: 0, timers: 0 });
  assert.equal(timers.size, 0);
  assert.equal(pipe().close.mock.callCount(), 1);
});

test('holds no more after many reconnections than after one', () => {
  const { runtime, pipes, pipe, timers } = running();
  runtime.feed({ type: 'start' });
  for (let i = 0; i < 40; i += 1) {
    pipe(pipes.length - 1).on.message(JSON.stringify(snapshot(0)));
    pipe(pipes.length - 1).on.close({ reason: 'lost' });
    for (const fire of [...timers.values()]) fire();
  }

  assert.ok(runtime.held.pipes <= 1 && runtime.held.timers <= 4, JSON.stringify(runtime.held));
});
