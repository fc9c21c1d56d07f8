import assert from 'node:assert/strict';
import { test } from 'node:test';

import { attribute, element, entry, text } from '../../client/elements.js';
import { FakeDocument, FakeElement } from './fake_document.js';

const page = () => /** @type {any} */ (new FakeDocument());

test('names the element that is missing', () => {
  assert.throws(() => element(page(), 'none'), /no element with id "none"/);
});

test('writes only what differs', () => {
  const [document, written] = [page(), /** @type {string[]} */ ([])];
  const phase = document.getElementById('phase');
  Object.defineProperty(phase, 'textContent', { get: () => 'Running', set: (words) => written.push(words) });
  phase.setAttribute = (/** @type {string} */ name) => written.push(name);

  text(document, 'phase', 'Running');
  attribute(phase, 'id', 'phase');
  text(document, 'phase', 'Paused');
  attribute(phase, 'id', 'other');

  assert.deepEqual(written, ['Paused', 'id']);
});

test('an entry says when and what', () => {
  const item = /** @type {FakeElement} */ (/** @type {unknown} */ (entry(page(), '10:32', 0, 'Kick-off')));

  assert.equal(item.text, '10:32 Kick-off');
  assert.equal(/** @type {any} */ (item.children[0]).dateTime, '1970-01-01T00:00:00.000Z');
});
