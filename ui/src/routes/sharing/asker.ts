import type { RequestView } from '../../ipc';

/** What the one who asks is called: as the owner knows them, else as the program calls itself. */
export function asker(request: RequestView): string {
  return request.contact?.name ?? request.client.name;
}
