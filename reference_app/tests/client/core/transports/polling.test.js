import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';

import { polling, post } from '../../../../client/core/transports/polling.js';
import { Listener } from './listener.js';

afterEach(() => mock.restoreAll());

/** @param {() => Promise<Response>} answer */
const answering = (answer) => mock.method(globalThis, 'fetch', answer);

/** A listener that has heard the end of one poll. */
async function polled() {
  const listener = new Listener();
  polling.open('http://host/timer', listener);
  await listener.end;
  return listener;
}

test('delivers the body and is done', async () => {
  answering(async () => new Response('{"messages":[]}'));

  const { messages, ends } = await polled();

  assert.deepEqual([messages, ends], [['{"messages":[]}'], [{ reason: 'done', status: 200 }]]);
});

test('never takes an answer from a cache', async () => {
  const asked = answering(async () => new Response('x'));

  await polled();

  assert.equal(/** @type {any} */ (asked.mock.calls[0]).arguments[1].cache, 'no-store');
});

test('tells an HTTP error with what it asks for, and not its body', async () => {
  answering(async () => new Response('<html>', { status: 503, headers: { 'Retry-After': '5' } }));

  const { messages, ends } = await polled();

  assert.deepEqual([messages, ends], [[], [{ reason: 'status', status: 503, retryAfter: '5' }]]);
});

test('tells a failure of the network as lost', async () => {
  answering(async () => Promise.reject(new TypeError('Failed to fetch')));

  assert.deepEqual((await polled()).ends, [{ reason: 'lost' }]);
});

test('says nothing any more once it is closed', async () => {
  const listener = new Listener();
  const { promise, answer } = pending();
  answering(() => promise);
  const pipe = polling.open('http://host/timer', listener);

  pipe.close();
  answer(new Response('late'));
  await new Promise((resolve) => setImmediate(resolve));

  assert.deepEqual([listener.messages, listener.ends], [[], []]);
});

test('sends a command with its id as the key, and delivers what is said of a refused one', async () => {
  const asked = answering(async () => new Response('{"kind":"error"}', { status: 422 }));
  const listener = new Listener();

  post('http://host/timer/commands', { id: 'a', body: '{"id":"a"}' }, listener);
  await listener.end;

  const { method, headers, body } = /** @type {any} */ (asked.mock.calls[0]).arguments[1];
  assert.deepEqual([method, headers['Idempotency-Key'], body], ['POST', 'a', '{"id":"a"}']);
  assert.deepEqual([listener.messages, listener.ends[0]?.status], [['{"kind":"error"}'], 422]);
});

/** @returns {{promise: Promise<Response>, answer: (response: Response) => void}} */
function pending() {
  /** @type {(response: Response) => void} */
  let answer = () => {};
  const promise = new Promise((/** @type {(response: Response) => void} */ resolve) => {
    answer = resolve;
  });
  return { promise, answer };
}
