import assert from 'node:assert/strict';
import { test } from 'node:test';

import { all, anything, holds, integer, list, object, oneOf, optional, string } from '../../../client/core/checks.js';

/** @type {[string, import('../../../client/core/checks.js').Check, unknown, 'schema' | 'range' | null][]} */
const GRID = [
  ['an integer within its bounds', integer(1, 3), 3, null],
  ['an integer beyond its bounds', integer(1, 3), 4, 'range'],
  ['a fraction', integer(1, 3), 1.5, 'range'],
  ['a number as text', integer(1, 3), '2', 'schema'],
  ['any text', string(), 'x', null],
  ['a text without end', string(), 'x'.repeat(10_001), 'range'],
  ['a text that does not match', string(/^a/), 'b', 'range'],
  ['a number for a text', string(), 5, 'schema'],
  ['one of the words', oneOf('a', 'b'), 'b', null],
  ['another word', oneOf('a', 'b'), 'c', 'schema'],
  ['an optional field that is absent', object({ a: optional(string()) }), {}, null],
  ['an optional field that is null', object({ a: optional(string()) }), { a: null }, 'schema'],
  ['an object with more than is known', object({ a: string() }), { a: '', b: 1 }, null],
  ['a field that is absent', object({ a: string() }), {}, 'schema'],
  ['a list for an object', object({}), [], 'schema'],
  ['null for an object', object({}), null, 'schema'],
  ['a list', list(string()), ['a', 'b'], null],
  ['a list with one bad item', list(string()), ['a', 1], 'schema'],
  ['an object for a list', list(string()), {}, 'schema'],
  ['a rule that does not hold', holds((n) => n > 1), 1, 'range'],
  ['the first fault of several', all(string(), holds(() => false)), 1, 'schema'],
  ['anything', anything, undefined, null],
];

for (const [what, check, value, fault] of GRID) {
  test(`${what}: ${fault ?? 'fine'}`, () => {
    assert.equal(check(value), fault);
  });
}
