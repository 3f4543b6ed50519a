import { t } from '../app/i18n.js';
import { html, useEffect, useRef, useState } from '../library.js';

let made = 0;

/**
 * A dialog at the side of the window, over all of it on a phone. The browser keeps the focus inside, closes it by Escape,
 * and gives the focus back.
 *
 * @param {{ title: string, close: () => void, head?: import('../library.js').Child,
 *   children?: import('../library.js').Child }} props
 */
export function Drawer({ title, close, head, children }) {
  const [id] = useState(() => `drawer-${++made}`);
  const ref = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const gone = useRef(false);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // Closed by the browser's way back it goes without a word of its own: the focus is given back here.
    return () => {
      gone.current = true;
      dialog?.close();
    };
  }, []);
  /** @param {Event} event on the dialog itself, and not in it: beside it */
  const clicked = ({ target }) => target === ref.current && ref.current?.close();
  return html`<dialog ref=${ref} class="drawer" aria-labelledby=${id} onClose=${() => !gone.current && close()} onClick=${clicked}>
    <div class="drawer-body">
      <header class="drawer-head">
        <div class="names"><h2 id=${id} tabindex="-1" autofocus>${title}</h2>${head}</div>
        <button type="button" class="icon-button" aria-label=${t('close')} onClick=${() => ref.current?.close()}>×</button>
      </header>
      ${children}
    </div>
  </dialog>`;
}
