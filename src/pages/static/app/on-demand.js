import { html, useEffect, useState } from '../library.js';
import { notice } from '../parts/notices.js';
import { t } from './i18n.js';

/**
 * A component whose module is loaded when it is first drawn: what most visits never open costs none of them anything.
 * What had the focus keeps it until it is there. Where it cannot be loaded that is told, and `close` lets another click
 * try again; what cannot be closed breaks the page, which offers to load it anew.
 *
 * @template Props
 * @param {() => Promise<(props: Props) => import('../library.js').VNode>} load
 * @param {(props: Props) => void} [close]
 */
export function onDemand(load, close) {
  /** @type {((props: Props) => import('../library.js').VNode) | undefined} */
  let Loaded;
  return (/** @type {Props} */ props) => {
    const [error, setError] = useState(/** @type {unknown} */ (undefined));
    const [, redraw] = useState(0);
    useEffect(() => {
      if (Loaded) return;
      let isHere = true;
      load().then(
        (component) => {
          Loaded = component;
          if (isHere) redraw(1);
        },
        (reason) => {
          if (!isHere) return;
          if (!close) return setError(reason);
          notice(t('partMissing'), { bad: true });
          close(props);
        },
      );
      return () => {
        isHere = false;
      };
    }, []);
    if (error) throw error;
    return Loaded ? html`<${Loaded} ...${props} />` : null;
  };
}
