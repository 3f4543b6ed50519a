import type { Logger } from '../../src/logger.js';

const ignore = (): void => undefined;

/** A logger for tests that have nothing to say about logging. */
export const silent: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
