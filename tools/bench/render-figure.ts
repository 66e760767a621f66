import type { FigureResult, Measured } from './figure.js';
import { median, summarize } from './statistics.js';

/** One JSON object on one line, for programs. */
export function jsonLine(result: FigureResult): string {
  const { figure, value, unit, peers, floor, ratio } = result;
  const rounded = Object.fromEntries(Object.entries(peers).map(([name, number]) => [name, round(number)]));
  return JSON.stringify({
    figure,
    value: round(value),
    unit,
    peers: rounded,
    floor: floor === null ? null : round(floor),
    ratio: ratio === null ? null : round(ratio),
  });
}

/** One line for people: the median, what it compares with, how the runs spread, the parts, and the remark. */
export function humanLine(result: FigureResult, { samples, parts = {}, remark }: Measured): string {
  const { figure, value, unit, peers, floor, ratio } = result;
  const { count, lowerQuartile, upperQuartile } = summarize(samples);
  const times = ratio === null ? '' : ` (x${readable(ratio)})`;
  const compared = [
    floor === null ? '' : `floor ${readable(floor)}${times}`,
    ...Object.entries(peers).map(([name, number]) => `${name} ${readable(number)}`),
    floor === null && ratio !== null ? `best peer${times}` : '',
  ];
  const spread = `${count} runs, half within ${readable(lowerQuartile)} to ${readable(upperQuartile)}`;
  const rest = Object.entries(parts).map(([name, row]) => `${name} ${readable(median(row))}`);
  const head = `${figure.padEnd(nameWidth)}${`${readable(value)} ${unit}`.padStart(valueWidth)}`;
  const comparison = compared.filter(Boolean).join(', ') || 'nothing to compare with';
  return [`${head}   ${comparison}`, spread, ...rest, ...(remark === undefined ? [] : [remark])].join('; ');
}

const nameWidth = 28;
const valueWidth = 11;

/** Four significant digits; more would be noise. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}

function readable(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
