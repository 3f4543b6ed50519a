/**
 * Does something at once, and again when it is asked for meanwhile: one at a time, with a pause between, however often it is asked for.
 *
 * @param {() => Promise<void>} work which does not fail
 * @param {number} pause milliseconds
 */
export function paced(work, pause) {
  let isWanted = false;
  let isBusy = false;
  return async () => {
    isWanted = true;
    if (isBusy) return;
    isBusy = true;
    while (isWanted) {
      isWanted = false;
      await work();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    isBusy = false;
  };
}
