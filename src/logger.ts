/** What the parts need of a logger; pino's and Fastify's fit. Addresses, names and tokens never go into it. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
