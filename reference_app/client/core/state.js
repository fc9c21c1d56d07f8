/**
 * All that the client knows, and what passes in and out of it. Data only.
 *
 * @import { Round } from './backoff.js'
 * @import { Clock } from './clock.js'
 * @import { Cursor } from './cursor.js'
 * @import { Bodies, News } from './envelope.js'
 * @import { Rung } from './ladder.js'
 * @import { Metrics } from './metrics.js'
 * @import { Options } from './options.js'
 *
 * @typedef {object} Link a connection; its generation is its name, and what an older generation says is ignored
 * @property {number} generation
 * @property {Rung} rung
 * @property {number | null} liveSince when it delivered its first valid message
 * @property {number} heardAt when it last delivered one
 * @property {number} askedAt start of the request, for polling: of the present one
 * @property {readonly number[]} malformedAt
 * @property {number} spread window for coming back, as the server's goodbye said; 0 if it said nothing
 * @property {{echo: number, sentAt: number} | null} ping the one that is not answered yet
 *
 * @typedef {{generation: number, askedAt: number}} Request
 *
 * @typedef {object} Catchup an open gap
 * @property {readonly News[]} buffer events from beyond the gap
 * @property {boolean} whole only a snapshot will do
 * @property {number} asks
 * @property {Request | null} request the one under way beside an EventSource
 *
 * @typedef {'pending' | 'done' | 'failed' | 'unknown'} CommandState
 * @typedef {object} Command
 * @property {string} id the same for life
 * @property {string} name
 * @property {Record<string, unknown>} args
 * @property {CommandState} state
 * @property {number} issuedAt
 * @property {number} sends how often it was sent
 * @property {number | null} sentOn generation of the WebSocket that it was last sent on
 * @property {number | null} post generation of the request that carries it now
 * @property {string} [why] `too_many`, `not_sent`, `no_answer`, `refused`, or what the server said
 *
 * @typedef {'connecting' | 'live' | 'terminal' | 'closed'} Connection
 *
 * @typedef {'starting' | 'falling_back' | 'connected' | 'received' | 'failed' | 'malformed' | 'retrying' | 'spent' |
 *   'climbed' | 'unreachable' | 'paused' | 'resyncing' | 'stopped'} LineName what there is to say of the connection
 * @typedef {{line: LineName, rung: Rung, to: Rung, details: Record<string, unknown>}} Said `to`: the rung it changes to
 */

/**
 * What an app supplies: where its server is, what its messages hold, and what they do to what is shown.
 *
 * @template [Shown=any]
 * @typedef {object} App
 * @property {Readonly<Record<Rung | 'commands', string>>} paths of the ways in, relative to the page
 * @property {Bodies} bodies
 * @property {Shown} initial what is shown until the first snapshot
 * @property {(shown: Shown, message: any) => Shown} fold a checked snapshot replaces all, an event changes a part
 * @property {(shown: Shown, tick: any) => boolean} agrees whether a checked heartbeat says the same as what is shown
 */

/**
 * @template [Shown=any]
 * @typedef {object} State
 * @property {Options} options
 * @property {string} client id of this page life
 * @property {readonly Rung[]} supported
 * @property {Connection} connection
 * @property {string | null} terminal why it ended for good: a close code, or `version`
 * @property {number} serial the last generation given out; also the count of attempts
 * @property {number} tokens the last one given to a timer
 * @property {Rung} rung
 * @property {Readonly<Record<Rung, number>>} failures in a row, per rung: what the budgets are compared with
 * @property {number} retries in a row on this rung: what the back-off grows with
 * @property {Link | null} link
 * @property {Link | null} probe
 * @property {number} probes in vain since a link last lasted
 * @property {Request | null} check
 * @property {number} checkedAt
 * @property {Round | null} round in which the next attempt comes, after the server let many go at once; until live
 * @property {number} pausedUntil the server asked for quiet until then
 * @property {boolean} hidden
 * @property {Rung | null} lastLive
 * @property {Cursor} cursor
 * @property {Shown} shown
 * @property {number | null} confirmedAt when a message last agreed with what is shown
 * @property {number | null} doubtSince
 * @property {Catchup | null} catchup
 * @property {number} caughtUpAt when a catch-up was last asked for
 * @property {number} foreignVersions messages of another protocol version in a row
 * @property {Clock} clock
 * @property {readonly Command[]} commands
 * @property {Readonly<Record<string, {token: number, due: number}>>} timers
 * @property {Metrics} metrics
 */

/**
 * @typedef {'start' | 'stop' | 'visible' | 'hidden' | 'online' | 'offline'} Signal of the browser
 * @typedef {{type: 'closed', generation: number, reason: string, code?: number, status?: number, retryAfter?: number}}
 *   Closed `retryAfter` in ms
 * @typedef {{type: Signal} | {type: 'timer', name: TimerName, token: number}
 *   | {type: 'received', generation: number, data: unknown} | Closed
 *   | {type: 'command', id: string, name: string, args: Record<string, unknown>}} Input
 *
 * @typedef {'retry' | 'connect' | 'poll' | 'liveness' | 'wake' | 'offline' | 'check' | 'probe' | 'probed' |
 *   'ping' | 'catchup' | 'ack' | 'expiry'} TimerName
 * @typedef {'live' | 'probe' | 'resync' | 'check'} Purpose
 * @typedef {{type: 'open', generation: number, rung: Rung, url: string}
 *   | {type: 'post', generation: number, url: string, id: string, body: string}
 *   | {type: 'close', generation: number}
 *   | {type: 'send', generation: number, data: string}
 *   | {type: 'timer', name: TimerName, token: number, ms: number}
 *   | {type: 'cancel', name: TimerName}
 *   | {type: 'say', said: Said}
 *   | {type: 'trace', entry: Record<string, unknown>}} Effect
 */

import { UNKNOWN } from './clock.js';
import { NOWHERE } from './cursor.js';
import { RUNGS } from './ladder.js';
import { ZERO } from './metrics.js';

/**
 * The state before the first step.
 *
 * @template Shown
 * @param {{options: Options, client: string, supported: readonly Rung[], shown: Shown}} settings `supported`: what the
 *   browser has; polling needs nothing and is always there
 * @returns {State<Shown>}
 */
export function initial({ options, client, supported, shown }) {
  const rungs = RUNGS.filter((rung) => rung === 'polling' || supported.includes(rung));
  return {
    options,
    client,
    supported: rungs,
    connection: 'closed',
    terminal: null,
    serial: 0,
    tokens: 0,
    rung: rungs[0] ?? 'polling',
    failures: { websocket: 0, eventsource: 0, polling: 0 },
    retries: 0,
    link: null,
    probe: null,
    probes: 0,
    check: null,
    checkedAt: -Infinity,
    round: null,
    pausedUntil: -Infinity,
    hidden: false,
    lastLive: null,
    cursor: NOWHERE,
    shown,
    confirmedAt: null,
    doubtSince: null,
    catchup: null,
    caughtUpAt: -Infinity,
    foreignVersions: 0,
    clock: UNKNOWN,
    commands: [],
    timers: {},
    metrics: ZERO,
  };
}
