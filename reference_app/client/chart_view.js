/**
 * The four charts on the page: which figure is drawn where and how, and what it says to who can't see it.
 *
 * @import { Course, Sample } from './figures_over_time.js'
 * @import { Language } from './language.js'
 */

import { bars, line } from './charts.js';
import { SAMPLES_KEPT } from './figures_over_time.js';

const BOX = { width: 120, height: 28, slots: SAMPLES_KEPT }; // the viewBox in index.html
const FEW = 4; // a single reconnection does not look like the worst there can be
const QUICK = 20; // ms; nor does a latency that nobody feels

/**
 * @typedef {object} Chart
 * @property {string} id of the svg element
 * @property {keyof Sample} figure
 * @property {(values: (number | null)[]) => string} draw
 * @property {(values: number[], time: string, language: Language) => string} tell
 */

/** @type {readonly Chart[]} */
const CHARTS = [
  {
    id: 'sse-success-rate-chart',
    figure: 'successRate',
    draw: (values) => line(values, 1, BOX),
    tell: (values, time, language) => range(values, time, language, (value) => language.percent(value)),
  },
  { id: 'reconnections-chart', figure: 'reconnections', draw: drawCounts, tell: total },
  { id: 'stream-errors-chart', figure: 'streamErrors', draw: drawCounts, tell: total },
  {
    id: 'update-latency-chart',
    figure: 'latency',
    draw: (values) => line(values, Math.max(QUICK, ...present(values)), BOX),
    tell: (values, time, language) => range(values, time, language, (value) => language.milliseconds(value)),
  },
];

/**
 * @param {Course} course
 * @param {number} every ms between samples
 * @param {Language} language
 * @returns {{id: string, path: string, words: string}[]}
 */
export function charted({ samples }, every, language) {
  const time = language.duration(samples.length * every);
  return CHARTS.map(({ id, figure, draw, tell }) => {
    const values = samples.map((sample) => sample[figure]);
    const known = present(values);
    const words = known.length === 0 ? language.say('chart_empty') : tell(known, time, language);
    return { id, path: draw(values), words };
  });
}

/** @param {(number | null)[]} values */
function drawCounts(values) {
  return bars(values, Math.max(FEW, ...present(values)), BOX);
}

/** @param {(number | null)[]} values */
function present(values) {
  return values.filter((value) => value !== null);
}

/**
 * @param {number[]} values not empty
 * @param {string} time
 * @param {Language} language
 * @param {(value: number) => string} written
 */
function range(values, time, language, written) {
  return language.say('chart_range', { time, least: written(Math.min(...values)), most: written(Math.max(...values)) });
}

/**
 * @param {number[]} values
 * @param {string} time
 * @param {Language} language
 */
function total(values, time, language) {
  return language.say('chart_total', { time, total: values.reduce((sum, n) => sum + n, 0) });
}
