import { place } from '../app/place.js';
import { html, useLayoutEffect, useRef, useState } from '../library.js';

/**
 * @typedef {object} MenuItem
 * @property {import('../library.js').Child} label
 * @property {() => void} [action]
 * @property {string} [href]
 * @property {boolean} [current]
 * @property {boolean} [danger]
 */

let made = 0;

/**
 * A button that opens a list of things to do. The list is a popover: the browser closes it by Escape or by a click
 * beside it, puts the focus back, and shows it above everything.
 *
 * @param {{ label: string, face: import('../library.js').Child, items: readonly MenuItem[], kind?: string,
 *   above?: import('../library.js').Child }} props
 */
export function Menu({ label, face, items, kind = '', above }) {
  const [id] = useState(() => `menu-${++made}`);
  const [open, setOpen] = useState(false);
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const list = useRef(/** @type {HTMLElement | null} */ (null));

  /** @param {ToggleEvent} event */
  const toggled = ({ newState }) => setOpen(newState === 'open');

  // Drawn by now: what is not there has no size, and takes no focus.
  useLayoutEffect(() => {
    if (!open || !button.current || !list.current) return;
    place(list.current, button.current.getBoundingClientRect());
    entries(list.current)[0]?.focus();
  }, [open]);

  /** @param {MenuItem} item */
  const choose = (item) => {
    list.current?.hidePopover();
    item.action?.();
  };

  return html`
    <button type="button" ref=${button} class=${`menu-button ${kind}`} popovertarget=${id} aria-haspopup="menu"
      aria-expanded=${String(open)} aria-label=${label}>${face}</button>
    <div ref=${list} id=${id} popover="auto" class="menu" onToggle=${toggled} onKeyDown=${moveFocus}>
      ${open && above && html`<div class="menu-above">${above}</div>`}
      <div role="menu" aria-label=${label}>
        ${open && items.map((item) => html`<${Entry} item=${item} choose=${choose} />`)}
      </div>
    </div>
  `;
}

/** @param {{ item: MenuItem, choose: (item: MenuItem) => void }} props */
function Entry({ item, choose }) {
  const shared = {
    role: 'menuitem',
    class: item.danger ? 'danger' : '',
    'aria-current': item.current ? 'true' : undefined,
    onClick: () => choose(item),
  };
  return item.href
    ? html`<a ...${shared} href=${item.href}>${item.label}</a>`
    : html`<button ...${shared} type="button">${item.label}</button>`;
}

/** @param {HTMLElement} list */
function entries(list) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll('[role=menuitem]'))];
}

/** @param {KeyboardEvent} event */
function moveFocus(event) {
  const all = entries(/** @type {HTMLElement} */ (event.currentTarget));
  const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const target = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
  if (target === undefined || all.length === 0) return;
  event.preventDefault();
  all[target % all.length]?.focus();
}
