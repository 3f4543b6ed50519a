const THIS_MACHINE = /^(localhost|127\.[\d.]+|\[::1\])$/;

/**
 * The same page under the name that links begin with, where it was opened by another name of this machine, such as localhost: a
 * session is kept for one name, and whoever signs in by a mailed link would be a stranger under the other. The browser decides, not
 * the service: a proxy may hand a request on under a name that nobody typed, and the browser would be sent round in circles. Names of
 * other machines, and other ports, are left to whoever set them up.
 *
 * @param {string} origin what links begin with
 * @param {{ origin: string, hostname: string, port: string, href: string }} shown
 */
export function underOneName(origin, shown) {
  const { hostname, port } = new URL(origin);
  const isOther = origin !== shown.origin && port === shown.port;
  const isHere = THIS_MACHINE.test(hostname) && THIS_MACHINE.test(shown.hostname);
  return isOther && isHere ? origin + shown.href.slice(shown.origin.length) : undefined;
}
