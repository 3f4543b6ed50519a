/** A zone whose midnight is far from UTC's, and in which no day begins within the hour: what a test does there, it does on one day. */
export function zoneOfOneDay(now = new Date()): string {
  return now.getUTCHours() === 9 ? 'Pacific/Pago_Pago' : 'Pacific/Kiritimati';
}

/** What day it is in a zone, some days later, as `<input type="date">` has it. */
export function dayIn(timeZone: string, later = 0, now = new Date()): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone }).format(now.getTime() + later * 24 * 60 * 60 * 1_000);
}
