import { place } from '../app/place.js';
import { html, useRef, useState } from '../library.js';

let made = 0;

/**
 * A word that says more on demand.
 *
 * @param {{ face: import('../library.js').Child, kind?: string, children?: import('../library.js').Child }} props
 */
export function Popover({ face, kind = '', children }) {
  const [id] = useState(() => `popover-${++made}`);
  const [open, setOpen] = useState(false);
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  /** @param {ToggleEvent} event */
  const toggled = ({ newState }) => {
    setOpen(newState === 'open');
    if (newState === 'open' && box.current && button.current)
      place(box.current, button.current.getBoundingClientRect());
  };
  return html`
    <button type="button" ref=${button} class=${`more ${kind}`} popovertarget=${id} aria-expanded=${String(open)}>${face}</button>
    <div ref=${box} id=${id} popover="auto" class="menu bubble" onToggle=${toggled}>${children}</div>
  `;
}
