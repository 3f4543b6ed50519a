import { html, useEffect, useRef, useState } from '../library.js';

/** Milliseconds without a key until what was typed is searched for. */
const PAUSE = 180;

/**
 * A field that searches as one types.
 *
 * @param {{ label: string, value: string, search: (text: string) => void }} props
 */
export function Search({ label, value, search }) {
  const [typed, setTyped] = useState(value);
  const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
  const searched = useRef(value);
  useEffect(() => {
    // What was searched for from here has been typed on since: only what others ask for replaces it.
    if (value === searched.current) return;
    clearTimeout(timer.current);
    searched.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  /** @param {InputEvent} event */
  const input = (event) => {
    const text = /** @type {HTMLInputElement} */ (event.currentTarget).value;
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      searched.current = text;
      search(text);
    }, PAUSE);
  };
  return html`<input type="search" class="search" maxlength="100" aria-label=${label}
    placeholder=${label} value=${typed} onInput=${input} />`;
}
