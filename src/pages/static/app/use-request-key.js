import { useRef } from '../library.js';
import { newKey } from './api.js';

/**
 * The idempotency key of a request: the same for the same body, so that a click after a lost answer does nothing twice,
 * and tells what became of it.
 *
 * @returns {{ keyOf(body: unknown): string, answered(): void }} `answered` lets the same body be a new request
 */
export function useRequestKey() {
  const sent = useRef({ text: '', key: '' });
  return {
    keyOf(body) {
      const text = JSON.stringify(body);
      if (sent.current.text !== text) sent.current = { text, key: newKey() };
      return sent.current.key;
    },
    answered() {
      sent.current = { text: '', key: '' };
    },
  };
}
