/**
 * As much of a document as the page's script touches, with the elements that `index.html` really has.
 */

import { readFileSync } from 'node:fs';

const HTML = readFileSync(new URL('../../client/index.html', import.meta.url), 'utf8');

export class FakeElement extends EventTarget {
  /** @type {Record<string, string>} */
  attributes = {};
  /** @type {Record<string, string>} */
  dataset = {};
  /** @type {FakeElement[]} */
  children = [];
  textContent = '';
  value = '';
  hidden = false;

  /** @param {string} name */
  getAttribute(name) {
    return this.attributes[name] ?? null;
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  /** @param {...FakeElement} children */
  append(...children) {
    this.children.push(...children);
  }

  /** @param {...FakeElement} children */
  prepend(...children) {
    this.children.unshift(...children);
  }

  /** @param {...FakeElement} children */
  replaceChildren(...children) {
    this.children = children;
  }

  get childElementCount() {
    return this.children.length;
  }

  get lastElementChild() {
    return { remove: () => this.children.pop() };
  }

  /** @returns {string} all text in it */
  get text() {
    return [this.textContent, ...this.children.map(({ text }) => text)].filter(Boolean).join(' ');
  }
}

export class FakeDocument extends EventTarget {
  visibilityState = 'visible';
  baseURI = 'http://host/';
  location = { reload() {} };
  #elements = new Map([...HTML.matchAll(/ id="([^"]+)"/g)].map(([, id]) => [id, new FakeElement()]));
  #buttons = [...HTML.matchAll(/<button([^>]*data-command=[^>]*)>/g)].map(([, tag]) => button(tag ?? ''));

  /** @param {string} id */
  getElementById(id) {
    return this.#elements.get(id) ?? null;
  }

  /** @param {string} selector */
  querySelectorAll(selector) {
    const name = selector.match(/\[(.*)\]/)?.[1] ?? '';
    return this.#buttons.filter((element) => element.getAttribute(name) !== null);
  }

  querySelector() {
    const meta = new FakeElement();
    meta.setAttribute('content', HTML.match(/name="time-scale" content="([^"]*)"/)?.[1] ?? '');
    return meta;
  }

  createElement() {
    return new FakeElement();
  }
}

/** @param {string} tag */
function button(tag) {
  const element = new FakeElement();
  for (const [, name, value] of tag.matchAll(/([\w-]+)="([^"]*)"/g)) {
    element.setAttribute(name ?? '', value ?? '');
    if (name?.startsWith('data-')) element.dataset[name.slice(5)] = value ?? '';
  }
  return element;
}
