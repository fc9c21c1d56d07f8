/**
 * Commands: one at a time and in order, each with one id for life, over the WebSocket if there is a good one and by a
 * request of its own if not. A command that was sent and not answered is never called failed.
 *
 * @import { ErrorMessage, Result } from './envelope.js'
 * @import { Closed, Command, CommandState } from './state.js'
 * @import { Turn } from './turn.js'
 */


const KEPT = 20; // settled commands, for the page
const REFUSED = [409, 413, 422]; // statuses after which asking again is no use
const BUSY = 'unavailable'; // the one error code that asks to try again

/**
 * @param {Turn} turn
 * @param {{id: string, name: string, args: Record<string, unknown>}} wish
 */
export function issue(turn, { id, name, args }) {
  const { state, now } = turn;
  const waiting = state.commands.filter(isPending).length;
  /** @type {Command} */
  const command = { id, name, args, state: 'pending', issuedAt: now, sends: 0, sentOn: null, post: null };
  state.commands = [...state.commands, command].slice(-(KEPT + state.options.commandLimit));
  if (waiting >= state.options.commandLimit) settle(turn, id, 'failed', 'too_many');
  else if (state.connection === 'terminal') giveUp(turn, command);
  else flush(turn);
}

/**
 * Sends the first pending command, unless it is on its way already.
 *
 * @param {Turn} turn
 */
export function flush(turn) {
  const { state, now } = turn;
  const head = state.commands.find(isPending);
  if (head === undefined) return turn.cancel('ack', 'expiry');
  if (state.timers['expiry'] === undefined) turn.after('expiry', head.issuedAt + state.options.commandExpiry - now);
  const { link } = state;
  if (link === null || link.liveSince === null || isUnderWay(turn, head)) return;
  const trusted = link.rung === 'websocket' && now - link.heardAt <= state.options.staleAfter;
  if (!trusted) return post(turn, head);
  turn.send(link, { kind: 'command', id: head.id, name: head.name, args: head.args });
  sent(turn, head, { sentOn: link.generation });
}

/**
 * Sent and not overdue; what was sent on a link that is gone has to be sent again.
 *
 * @param {Turn} turn
 * @param {Command} command
 */
function isUnderWay({ state }, { post: request, sentOn }) {
  if (request !== null) return true;
  return state.timers['ack'] !== undefined && (sentOn === null || sentOn === state.link?.generation);
}

/**
 * No answer in time: ask again by a request, with the same id.
 *
 * @param {Turn} turn
 */
export function overdue(turn) {
  const head = turn.state.commands.find(isPending);
  if (head !== undefined) post(turn, head);
}

/**
 * @param {Turn} turn
 * @param {Command} command
 */
function post(turn, command) {
  const { state, now } = turn;
  if (now < state.pausedUntil) return turn.after('ack', state.pausedUntil - now);
  if (command.post !== null) turn.close({ generation: command.post });
  const { id, name, args } = command;
  sent(turn, command, { sentOn: null, post: turn.post(id, JSON.stringify({ id, name, args })) });
}

/**
 * @param {Turn} turn
 * @param {Command} command
 * @param {Partial<Command>} how
 */
function sent(turn, command, how) {
  const { state } = turn;
  if (command.sends > 0) turn.tally('commands', 'retried');
  change(turn, command.id, { ...how, sends: command.sends + 1 });
  turn.after('ack', state.options.ack);
}

/**
 * @param {Turn} turn
 * @param {Result | ErrorMessage} message
 */
export function answered(turn, message) {
  const command = turn.state.commands.find(({ id }) => id === message.id);
  if (command === undefined || command.state === 'done' || command.state === 'failed') return;
  if (message.kind === 'result' && message.ok) return settle(turn, command.id, 'done');
  const failure = message.kind === 'result' ? message.error : message;
  if (failure?.code !== BUSY) settle(turn, command.id, 'failed', failure?.message ?? 'refused');
}

/**
 * The request that carried a command is over; if that brought no answer, it is made again soon.
 *
 * @param {Turn} turn
 * @param {Command} command
 * @param {Closed} end
 */
export function postClosed(turn, command, { status }) {
  change(turn, command.id, { post: null });
  if (!isPending(command)) return;
  if (status !== undefined && REFUSED.includes(status)) settle(turn, command.id, 'failed', 'refused');
  else turn.after('ack', turn.state.options.resyncEvery);
}

/** @param {Turn} turn */
export function expire(turn) {
  const { state, now } = turn;
  const oldest = now - state.options.commandExpiry;
  giveUpAll(turn, ({ issuedAt }) => issuedAt <= oldest);
  flush(turn);
}

/**
 * Every command that may have reached a server which remembers nothing of it.
 *
 * @param {Turn} turn
 */
export function forgotten(turn) {
  giveUpAll(turn, ({ sends }) => sends > 0);
}

/**
 * @param {Turn} turn
 * @param {(command: Command) => boolean} [rule] which of those that wait for an answer
 */
export function giveUpAll(turn, rule = () => true) {
  for (const command of turn.state.commands.filter(isPending).filter(rule)) giveUp(turn, command);
}

/**
 * @param {Turn} turn
 * @param {Command} command
 */
function giveUp(turn, { id, sends }) {
  if (sends > 0) settle(turn, id, 'unknown', 'no_answer');
  else settle(turn, id, 'failed', 'not_sent');
}

/**
 * @param {Turn} turn
 * @param {string} id
 * @param {CommandState} to
 * @param {string} [why]
 */
function settle(turn, id, to, why) {
  const { state } = turn;
  const command = state.commands.find((other) => other.id === id);
  if (command === undefined) return;
  if (command.post !== null) turn.close({ generation: command.post });
  if (command.state === 'unknown') turn.tally('commands', 'unknown', -1);
  turn.tally('commands', to);
  change(turn, id, { state: to, post: null, ...(why === undefined ? {} : { why }) });
  turn.trace('command', { id, state: to, why });
  turn.cancel('ack');
  flush(turn);
}

/**
 * @param {Turn} turn
 * @param {string} id
 * @param {Partial<Command>} changes
 */
function change({ state }, id, changes) {
  state.commands = state.commands.map((command) => (command.id === id ? { ...command, ...changes } : command));
}

/** @param {Command} command */
function isPending({ state }) {
  return state === 'pending';
}
