import { Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';

import { REPORT_SOURCES, type ReportSource } from '../../domain/membership/events.js';
import { StreamConflict } from '../../event-store/event-store.js';
import { type InboundRequest, UntrustedReport } from '../../inbound/inbound.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';
import type { FailureLimit } from '../security/rate-limits.js';
import type { TypedApp } from '../typed-app.js';

const Told = Type.Object(
  {
    recorded: Type.Integer({ description: 'Reports about mails of this service, new or told before.' }),
    unproven: Type.Integer({
      description: 'Reports that anybody may have made up: the timeline has them, and nothing else was done.',
    }),
    unmatched: Type.Integer({ description: 'Reports about other mails; nothing was done.' }),
  },
  {
    description:
      'What became of the reports. What is no report of a delivery, a bounce, a delay or a complaint counts nowhere.',
  },
);

interface Description {
  readonly summary: string;
  readonly description: string;
  readonly consumes: readonly string[];
}

const DESCRIPTIONS: Readonly<Record<ReportSource, Description>> = {
  dsn: {
    summary: 'A delivery status notification, as a raw message (RFC 3464)',
    description:
      'Signed in the header X-Inbound-Signature: `t=<seconds since 1970>,v1=<HMAC-SHA256, in hex, of those digits, a full stop and the body>`, with the secret INBOUND_SECRET. Good for five minutes.',
    consumes: ['message/rfc822'],
  },
  ses: {
    summary: 'A notification of Amazon SES, over SNS',
    description:
      "Deliveries, bounces, complaints and delays. Proved by the message's own signature, of version 1 or 2.",
    consumes: ['text/plain'],
  },
  sendgrid: {
    summary: 'The event webhook of SendGrid',
    description: 'Proved by X-Twilio-Email-Event-Webhook-Signature.',
    consumes: ['application/json'],
  },
  mailgun: {
    summary: 'The webhook of Mailgun',
    description: "Proved by the body's own signature.",
    consumes: ['application/json'],
  },
  postmark: {
    summary: 'The delivery, bounce and spam complaint webhooks of Postmark',
    description: 'Proved by user name and password of the URL (basic authentication).',
    consumes: ['application/json'],
  },
};

/** Who reports on mails that the mail server took: notifications of bounces, from mail servers and providers. */
export function inboundRoutes(app: TypedApp, dependencies: HttpDependencies, failures: FailureLimit): void {
  const { channels, deliveryReports, metrics, now, config } = dependencies;
  // Whatever they say it is, signatures are over the bytes.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  for (const source of REPORT_SOURCES) {
    app.post(
      `/inbound/${source}`,
      {
        bodyLimit: config.bodyLimit,
        schema: {
          tags: ['Inbound'],
          operationId: `report-${source}`,
          ...DESCRIPTIONS[source],
          body: Type.Unsafe<Buffer>({ description: 'As it is documented by whoever sends it.' }),
          response: { 200: Told },
        },
        config: { problems: ['inbound-not-configured', 'untrusted-report', 'malformed-report', 'report-not-recorded'] },
      },
      async (request) => {
        const channel = channels[source];
        if (!channel) throw new Problem('inbound-not-configured');
        await failures.check(request);
        const time = now();
        const reports = await channel.read(inboundRequest(request, time)).catch(async (error) => {
          if (error instanceof UntrustedReport) await failures.count(request);
          throw error;
        });
        const context = { correlationId: String(request.id), now: time.toISOString() };
        return deliveryReports
          .recordAll(reports, context, (report, outcome) => metrics.report(report, outcome))
          .catch(retriedLater);
      },
    );
  }
}

/** A provider sends again what a server failed at; 4xx, as a conflict has elsewhere, some of them take for the last word. */
function retriedLater(error: unknown): never {
  throw error instanceof StreamConflict ? new Problem('report-not-recorded', undefined, { cause: error }) : error;
}

function inboundRequest({ headers, body }: FastifyRequest, now: Date): InboundRequest {
  return { headers, body: Buffer.isBuffer(body) ? body : Buffer.alloc(0), now };
}
