/**
 * Small checks, from which an app puts together what its messages must hold. A field that no check names is let
 * through.
 *
 * @typedef {'schema' | 'range'} Fault schema: not of that shape; range: of that shape, but out of bounds
 * @typedef {(value: any) => Fault | null} Check null: nothing wrong
 */

const LONGEST_TEXT = 10_000; // UTF-16 units

/** @type {(min: number, max: number) => Check} */
export const integer = (min, max) => (value) => {
  if (typeof value !== 'number') return 'schema';
  return Number.isSafeInteger(value) && value >= min && value <= max ? null : 'range';
};

/** @type {(pattern?: RegExp) => Check} */
export const string = (pattern = /^/) => (value) => {
  if (typeof value !== 'string') return 'schema';
  return value.length <= LONGEST_TEXT && pattern.test(value) ? null : 'range';
};

/** @type {(...values: string[]) => Check} */
export const oneOf = (...values) => (value) => (values.includes(value) ? null : 'schema');

/** @type {(check: Check) => Check} absent, but never null */
export const optional = (check) => (value) => (value === undefined ? null : check(value));

/** @type {(fields: Record<string, Check>) => Check} */
export const object = (fields) => (value) =>
  isRecord(value) ? first(Object.entries(fields), ([name, check]) => check(value[name])) : 'schema';

/** @type {(check: Check) => Check} */
export const list = (check) => (value) => (Array.isArray(value) ? first(value, check) : 'schema');

/** @type {(...checks: Check[]) => Check} */
export const all = (...checks) => (value) => first(checks, (check) => check(value));

/** @type {(rule: (value: any) => boolean) => Check} to come after a check of the shape */
export const holds = (rule) => (value) => (rule(value) ? null : 'range');

/** @type {Check} */
export const anything = () => null;

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The first fault; what comes after it is not looked at.
 *
 * @template Item
 * @param {readonly Item[]} items
 * @param {(item: Item) => Fault | null} fault
 */
function first(items, fault) {
  for (const item of items) {
    const found = fault(item);
    if (found !== null) return found;
  }
  return null;
}
