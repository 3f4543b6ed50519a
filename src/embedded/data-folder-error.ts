import { EmbeddedError, systemCode } from './embedded-error.js';

/** What the system's codes mean for the person whose data folder it is. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a part of its path is a file',
  ENOSPC: 'the disk is full',
};

/** The data folder cannot be used, for a reason that finishes the sentence. */
export function notWritable(directory: string, reason: string, cause?: unknown): EmbeddedError {
  return new EmbeddedError('data-folder-not-writable', `The data folder ${directory} cannot be used: ${reason}.`, {
    cause,
  });
}

/** Turns what the system says of a folder without rights into a sentence; lets everything else through. */
export function asNotWritable(error: unknown, directory: string): unknown {
  const reason = REASONS[systemCode(error) ?? ''];
  if (!reason) return error;
  const remedy = 'Set DATA_DIR to a folder that this user may write to, or change the rights';
  return notWritable(directory, `${reason}. ${remedy}`, error);
}
