import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { websocket } from '../../../../client/core/transports/websocket.js';
import { Listener } from './listener.js';

class FakeSocket {
  static OPEN = 1;
  /** @type {FakeSocket[]} */
  static made = [];
  readyState = 1;
  /** @type {unknown[]} */
  sent = [];
  /** @type {unknown[]} */
  closed = [];
  /** @type {((event: object) => void) | null} */
  onmessage = null;
  /** @type {((event: object) => void) | null} */
  onclose = null;

  /** @param {URL} url */
  constructor(url) {
    this.url = url.href;
    FakeSocket.made.push(this);
  }

  /** @param {unknown} data */
  send(data) {
    this.sent.push(data);
  }

  /** @param {unknown} code */
  close(code) {
    this.closed.push(code);
  }
}

const real = globalThis.WebSocket;
beforeEach(() => {
  FakeSocket.made = [];
  globalThis.WebSocket = /** @type {any} */ (FakeSocket);
});
afterEach(() => {
  globalThis.WebSocket = real;
});

function opened() {
  const listener = new Listener();
  const pipe = websocket.open('https://host/timer/ws?x=1', listener);
  const [socket] = FakeSocket.made;
  return { listener, pipe, socket: socket ?? assert.fail('no socket was made') };
}

test('speaks wss where the page speaks https', () => {
  assert.equal(opened().socket.url, 'wss://host/timer/ws?x=1');
});

test('delivers messages as they are', () => {
  const { socket, listener } = opened();

  socket.onmessage?.({ data: 'hello' });

  assert.deepEqual(listener.messages, ['hello']);
});

for (const [code, reason] of /** @type {[number, string][]} */ ([[1012, 'closed'], [4401, 'closed'], [1006, 'lost']])) {
  test(`close code ${code} is told as ${reason}`, () => {
    const { socket, listener } = opened();

    socket.onclose?.({ code, reason: 'why' });

    assert.deepEqual(listener.ends, [{ reason, code, text: 'why' }]);
  });
}

test('says nothing any more once it is closed, and waits for nothing', () => {
  const { socket, pipe } = opened();

  pipe.close();

  assert.deepEqual([socket.onmessage, socket.onclose, socket.closed], [null, null, [1000]]);
});

test('sends only on an open socket', () => {
  const { socket, pipe } = opened();
  pipe.send?.('a');
  socket.readyState = 2;
  pipe.send?.('b');

  assert.deepEqual(socket.sent, ['a']);
});

test('is not there in a browser without it', () => {
  assert.deepEqual([websocket.isSupported(globalThis), websocket.isSupported({})], [true, false]);
});
