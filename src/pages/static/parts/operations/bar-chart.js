import { number } from '../../app/i18n.js';
import { html } from '../../library.js';

const ROW = 30;

/** Where bars begin, and how wide the widest is, in percent: labels stand before them, numbers behind. */
const BEGIN = 42;
const WIDEST = 46;

/**
 * Bars beside each other's labels. As a picture it has a name that says all numbers.
 *
 * @param {{ title: string, kind: string, bars: readonly { label: string, value: number, kind: string }[] }} props
 */
export function BarChart({ title, kind, bars }) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const spoken = `${title}: ${bars.map(({ label, value }) => `${label} ${number(value)}`).join(', ')}`;
  return html`<figure class="chart">
    <figcaption>${title}</figcaption>
    <svg role="img" aria-label=${spoken} width="100%" height=${bars.length * ROW} data-chart=${kind}>
      ${bars.map(({ label, value, kind: bar }, index) => {
        const width = (value / most) * WIDEST;
        const middle = index * ROW + ROW / 2;
        return html`<g class=${`bar ${bar}`}>
          <text x="0" y=${middle} dominant-baseline="central">${label}</text>
          <rect x=${`${BEGIN}%`} y=${index * ROW + 5} width=${`${width}%`} height=${ROW - 10} rx="4" />
          <text x=${`${BEGIN + width}%`} dx="8" y=${middle} dominant-baseline="central" class="value">${number(value)}</text>
        </g>`;
      })}
    </svg>
  </figure>`;
}
