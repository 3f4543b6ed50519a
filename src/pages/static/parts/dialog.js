import { html, useEffect, useRef } from '../library.js';

/**
 * The browser's own dialog: keeps the focus inside, closes by Escape, gives the focus back.
 *
 * @param {{ title: string, close: () => void, children?: import('../library.js').Child }} props
 */
export function Dialog({ title, close, children }) {
  const ref = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    ref.current?.showModal();
  }, []);
  return html`<dialog ref=${ref} aria-labelledby="dialog-title" onClose=${close}>
    <h2 id="dialog-title">${title}</h2>
    ${children}
  </dialog>`;
}
