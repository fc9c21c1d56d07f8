import assert from 'node:assert/strict';
import { test } from 'node:test';

import { listen } from '../../../client/core/signals.js';

/** A window, its document, and the signals heard from them. */
function listening() {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const window = new EventTarget();
  /** @type {string[]} */
  const heard = [];
  const stop = listen(/** @type {any} */ (window), /** @type {any} */ (document), (signal) => heard.push(signal));
  return { window, document, heard, stop };
}

for (const [event, signal] of [['online', 'online'], ['offline', 'offline'], ['pagehide', 'stop']]) {
  test(`${event} is told as ${signal}`, () => {
    const { window, heard } = listening();

    window.dispatchEvent(new Event(event ?? ''));

    assert.deepEqual(heard, [signal]);
  });
}

test('a change of visibility is told as what it changed to', () => {
  const { document, heard } = listening();

  document.visibilityState = 'hidden';
  document.dispatchEvent(new Event('visibilitychange'));

  assert.deepEqual(heard, ['hidden']);
});

for (const [persisted, signals] of /** @type {[boolean, string[]][]} */ ([[true, ['start']], [false, []]])) {
  test(`pageshow is ${persisted ? 'a start' : 'nothing'} when the page was ${persisted ? '' : 'not '}kept`, () => {
    const { window, heard } = listening();

    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }));

    assert.deepEqual(heard, signals);
  });
}

test('nothing is told after the listening has stopped', () => {
  const { window, heard, stop } = listening();
  stop();

  window.dispatchEvent(new Event('online'));

  assert.deepEqual(heard, []);
});
