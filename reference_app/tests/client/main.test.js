import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeDocument } from './fake_document.js';

test('starts the client in the page, shows it, and leaves nothing behind when disposed of', async () => {
  const document = new FakeDocument();
  const window = Object.assign(new EventTarget(), { setTimeout, clearTimeout, setInterval, clearInterval });
  const quiet = { ...console, info() {}, debug() {}, error() {}, warn() {} };
  const fetch = () => new Promise(() => {});
  Object.defineProperty(globalThis, 'navigator', { value: { languages: ['fr-CA', 'en'] }, configurable: true });
  Object.assign(globalThis, { document, window, fetch, console: quiet, WebSocket: undefined });

  await import('../../client/main.js');

  const page = /** @type {any} */ (window);
  assert.equal(document.getElementById('connection')?.text, 'Connexion en cours …');
  assert.equal(document.documentElement.lang, 'fr-CA');
  assert.match(document.getElementById('log')?.text ?? '', /Connexion par HTTP polling/);
  assert.equal(page.__trace.find((/** @type {any} */ entry) => entry.what === 'attempt').rung, 'polling');
  assert.equal(page.__timerMetrics().reconnect_count, 0);
  page.__timerDispose(); // the test would not end with a timer left
});
