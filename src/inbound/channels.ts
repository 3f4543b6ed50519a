import { dsnChannel } from './dsn/dsn-channel.js';
import type { ReportChannels } from './inbound.js';
import type { InboundSettings } from './settings.js';

/** The ways in that are set up, ready for use. */
export function createChannels({ secret }: InboundSettings): ReportChannels {
  return { ...(secret === undefined ? {} : { dsn: dsnChannel(secret) }) };
}
