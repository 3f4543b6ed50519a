/**
 * Whether a failure is for good, and the address's own: it takes no mail, whoever sends it. A server that gave up after days of
 * trying says failed with a status of class 4. Senders who are not liked (X.1.7, X.1.8), a full mailbox (X.2.2), a mail that is too
 * large (X.2.3), a system in trouble (X.3), time that ran out (X.4.7), and a refusal for what the mail says (X.6) or who sends it (X.7)
 * say nothing about the next one.
 *
 * @param code RFC 3463, where there is one
 */
export function isAddressAtFault(code: string | undefined, diagnostic: string | undefined): boolean {
  if (code === undefined) return /^5\d\d\b/.test(diagnostic ?? '');
  return code.startsWith('5.') && !/^5\.(?:1\.[78]$|2\.[23]$|3\.|4\.7$|6\.|7\.)/.test(code);
}
