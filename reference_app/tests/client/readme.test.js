import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { mock, test } from 'node:test';

/**
 * @import { On } from '../../client/core/transports/transport.js'
 * @typedef {{who: string, text: string}} Line
 */

const CLIENT = new URL('../../client/', import.meta.url);
const README = readFileSync(new URL('README.md', CLIENT), 'utf8');

/** The text of the example, as a module. */
const example = () => {
  const [, code = ''] = /```js\n(.*?)```/s.exec(README) ?? [];
  return code.replaceAll("'./", `'${CLIENT}`);
};

/** A server of chats in memory, to which the example connects. */
class Chat {
  epoch = 'abc1';
  /** @type {Line[]} */
  lines = [];
  /** @type {{url: URL, on: On, sent: any[]}[]} */
  links = [];
  reachable = true;

  /** @param {string} url @param {On} on */
  open = (url, on) => {
    const link = { url: new URL(url), on, sent: /** @type {any[]} */ ([]) };
    this.links.push(link);
    if (this.reachable) queueMicrotask(() => this.#greet(link));
    else queueMicrotask(() => on.close({ reason: 'lost', code: 1006 }));
    return { close() {}, send: (/** @type {string} */ data) => this.#asked(link, JSON.parse(data)) };
  };

  get link() {
    return this.links.at(-1) ?? assert.fail('nobody is connected');
  }

  /** @param {string} who @param {string} text */
  says(who, text) {
    this.lines.push({ who, text });
    return this;
  }

  /** @param {number} seq of the event that everybody is told */
  tells(seq = this.lines.length) {
    this.#send(this.link, { kind: 'event', seq, ...this.lines[seq - 1] });
    return settled();
  }

  /** @param {{url: URL, on: On}} link */
  #greet(link) {
    const seen = Number(link.url.searchParams.get('since')?.split('.')[1] ?? NaN);
    if (Number.isNaN(seen)) return this.#snapshot(link);
    for (let seq = seen + 1; seq <= this.lines.length; seq += 1) {
      this.#send(link, { kind: 'event', seq, ...this.lines[seq - 1] });
    }
    this.#send(link, { kind: 'tick' });
  }

  /** @param {{on: On, sent: any[]}} link @param {{kind: string}} message */
  #asked(link, message) {
    link.sent.push(message);
    if (message.kind === 'resync') this.#snapshot(link);
  }

  /** @param {{on: On}} link */
  #snapshot(link) {
    this.#send(link, { kind: 'snapshot', lines: this.lines });
  }

  /** @param {{on: On}} link @param {object} message */
  #send({ on }, message) {
    on.message(JSON.stringify({ v: 1, epoch: this.epoch, seq: this.lines.length, server_ms: 0, ...message }));
  }
}

const settled = () => new Promise((done) => setImmediate(done));

/** The example, connected to a chat in which one line was said. */
async function following() {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  const chat = new Chat().says('Ann', 'hello');
  const transport = { open: chat.open };
  const world = {
    now: Date.now,
    unixNow: Date.now,
    random: () => 0.5,
    setTimeout,
    clearTimeout,
    transports: { websocket: transport, eventsource: transport, polling: transport },
    post: chat.open,
  };
  const shown = { lines: /** @type {string[]} */ ([]), freshness: '' };
  const document = Object.assign(new EventTarget(), { baseURI: 'https://host/', visibilityState: 'visible' });
  const window = Object.assign(new EventTarget(), { document });
  const show = (/** @type {string[]} */ lines, /** @type {string} */ freshness) => {
    Object.assign(shown, { lines, freshness });
  };
  const { follow } = await import(`data:text/javascript,${encodeURIComponent(example())}`);
  const say = follow(window, show, world);
  await settled();
  return { chat, shown, say };
}

test('the example connects, and shows what was said before', async () => {
  const { chat, shown } = await following();

  assert.equal(chat.link.url.pathname, '/chat/ws');
  assert.deepEqual(shown, { lines: ['Ann: hello'], freshness: 'fresh' });
});

test('the example adds what is said, and once only', async () => {
  const { chat, shown } = await following();

  await chat.says('Bob', 'hi').tells();
  await chat.tells();

  assert.deepEqual(shown.lines, ['Ann: hello', 'Bob: hi']);
});

test('the example says that it is out of date while there is no connection', async () => {
  const { chat, shown } = await following();
  chat.reachable = false;

  chat.link.on.close({ reason: 'lost', code: 1006 });
  mock.timers.tick(10_000);

  assert.equal(shown.freshness, 'offline');
});

test('the example comes back from a drop and misses nothing', async () => {
  const { chat, shown } = await following();

  chat.link.on.close({ reason: 'lost', code: 1006 });
  chat.says('Bob', 'hi').says('Ann', 'how are you?');
  mock.timers.tick(1000);
  await settled();

  assert.equal(chat.link.url.searchParams.get('since'), 'abc1.1');
  assert.deepEqual(shown, { lines: ['Ann: hello', 'Bob: hi', 'Ann: how are you?'], freshness: 'fresh' });
});

test('the example notices that something is missing, and resynchronises', async () => {
  const { chat, shown } = await following();

  await chat.says('Bob', 'lost on its way').says('Bob', 'hi').tells();

  assert.deepEqual(chat.link.sent.filter(({ kind }) => kind === 'resync'), [{ kind: 'resync', since: 'abc1.1' }]);
  assert.deepEqual(shown.lines, ['Ann: hello', 'Bob: lost on its way', 'Bob: hi']);
});

test('the example leaves out what is not as it must be', async () => {
  const { chat, shown } = await following();
  chat.lines.push(/** @type {any} */ ({ who: 5, text: 'hi' }));

  await chat.tells();

  assert.deepEqual(shown.lines, ['Ann: hello']);
});

test('the example sends what is to be said, with an id', async () => {
  const { chat, say } = await following();

  say('hi');

  const { id, ...command } = chat.link.sent.at(-1);
  assert.deepEqual(command, { kind: 'command', name: 'say', args: { text: 'hi' } });
  assert.match(id, /^[0-9a-f]{32}$/);
});

test('the example is as short as it is said to be', () => {
  assert.ok(example().split('\n').filter((each) => each !== '' && !each.startsWith('import')).length <= 30);
});

test('the list of files is theirs', () => {
  const listed = [...README.matchAll(/^\| `([\w/]+\.js)` \|/gm)].map(([, file]) => file);
  const files = readdirSync(new URL('core/', CLIENT), { recursive: true }).map(String);

  assert.deepEqual(listed.sort(), files.filter((file) => file.endsWith('.js')).sort());
});

const BEHAVIOURS = [...README.matchAll(/^\| (\d+) [^|]+ \| `([^`]+)` \| `([^`]+)`: (.+) \|$/gm)];

test('the behaviours are counted', () => {
  assert.deepEqual(BEHAVIOURS.map(([, number]) => Number(number)), Array.from({ length: 32 }, (_, i) => i + 1));
});

for (const [, number, file = '', where = '', title = ''] of BEHAVIOURS) {
  test(`behaviour ${number} has the file and the test that are named`, () => {
    const [source, tests] = [new URL(file, CLIENT), new URL(where, import.meta.url)].map((url) => readFileSync(url, 'utf8'));

    assert.ok(source && tests?.includes(`'${title}'`), title);
  });
}
