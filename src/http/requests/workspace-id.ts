/**
 * The id of the workspace that a command creates: 26 characters of [a-z0-9] that say the command's UUID in another way, so
 * that the command sent again finds the workspace that it made.
 */
export function workspaceIdOf(commandId: string): string {
  return BigInt(`0x${commandId.replaceAll('-', '')}`)
    .toString(36)
    .padStart(26, '0');
}
