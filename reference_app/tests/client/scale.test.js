import assert from 'node:assert/strict';
import { test } from 'node:test';

import { scaleFrom } from '../../client/scale.js';

/** @type {[string | null | undefined, number][]} */
const TEXTS = [['0.1', 0.1], ['1', 1], ['__TIME_SCALE__', 1], ['0', 1], ['', 1], [null, 1], [undefined, 1]];

for (const [text, scale] of TEXTS) {
  test(`the page's scale ${JSON.stringify(text)} is taken as ${scale}`, () => {
    assert.equal(scaleFrom(text), scale);
  });
}
