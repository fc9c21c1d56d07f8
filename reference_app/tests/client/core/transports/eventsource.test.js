import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { eventsource } from '../../../../client/core/transports/eventsource.js';
import { Listener } from './listener.js';

class FakeSource {
  /** @type {FakeSource[]} */
  static made = [];
  readyState = 1;
  closes = 0;
  /** @type {((event: object) => void) | null} */
  onmessage = null;
  /** @type {(() => void) | null} */
  onerror = null;

  /** @param {string} url */
  constructor(url) {
    this.url = url;
    FakeSource.made.push(this);
  }

  close() {
    this.closes += 1;
  }
}

const scope = /** @type {any} */ (globalThis);
const real = scope.EventSource;
beforeEach(() => {
  FakeSource.made = [];
  scope.EventSource = FakeSource;
});
afterEach(() => {
  scope.EventSource = real;
});

function opened() {
  const listener = new Listener();
  const pipe = eventsource.open('http://host/timer/stream', listener);
  const [source] = FakeSource.made;
  return { listener, pipe, source: source ?? assert.fail('no source was made') };
}

test('delivers the data of each event', () => {
  const { source, listener } = opened();

  source.onmessage?.({ data: 'hello' });

  assert.deepEqual(listener.messages, ['hello']);
});

for (const [readyState, reason] of /** @type {[number, string][]} */ ([[0, 'lost'], [2, 'refused']])) {
  test(`an error in state ${readyState} is the end, told as ${reason}, and the browser does not try again`, () => {
    const { source, listener } = opened();
    source.readyState = readyState;

    source.onerror?.();

    assert.deepEqual(listener.ends, [{ reason }]);
    assert.equal(source.closes, 1);
  });
}

test('says nothing any more once it is closed', () => {
  const { source, pipe } = opened();

  pipe.close();

  assert.deepEqual([source.onmessage, source.onerror, source.closes], [null, null, 1]);
});

test('is not there in a browser without it', () => {
  assert.deepEqual([eventsource.isSupported(globalThis), eventsource.isSupported({})], [true, false]);
});
