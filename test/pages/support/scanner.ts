/** All that a script can do to a page short of a person's hand. */
export const SCANNER = `(async () => {
  for (const input of document.querySelectorAll('input')) {
    input.value = 'Scanner';
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    for (const type of ['keydown', 'keypress', 'keyup'])
      input.dispatchEvent(new KeyboardEvent(type, { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true }));
  }
  for (const element of document.querySelectorAll('main button, main a, main [role=button]')) {
    if (element.tagName === 'A') continue;
    element.focus();
    for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
      element.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true }));
    element.click();
    element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    element.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  }
  for (const form of document.querySelectorAll('main form')) {
    form.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
    form.requestSubmit();
  }
})()`;
