import { locale } from './i18n.js';

const UNITS = /** @type {const} */ ([
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]);

/** Some seconds in the greatest unit that fits, in the reader's language. @param {number} seconds */
export function duration(seconds) {
  const [unit, length] = UNITS.find(([, each]) => seconds >= each) ?? UNITS[3];
  const format = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 };
  return new Intl.NumberFormat(locale(), /** @type {Intl.NumberFormatOptions} */ (format)).format(seconds / length);
}

/** @param {number} share from 0 to 1 */
export function percent(share) {
  // What is not quite done must not look done.
  const floored = Math.floor(share * 1000) / 1000;
  return new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 1 }).format(floored);
}
