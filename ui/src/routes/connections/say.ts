import type { ConnectionView } from '../../ipc';
import { format, t } from '../../words';

/** When a connection was last brought in to the end. */
export function lastBroughtIn(connection: ConnectionView): string {
  const at = connection.lastPull;
  if (at === null) return t('connect.last.never');
  return format.sameDay(new Date(at), new Date()) ? t('connect.last.today', { time: format.time(at) }) : t('connect.last.on', { date: format.date(at) });
}

/** What is wrong with an address that was typed; nothing when it can be tried. */
export function addressProblem(address: string): string | undefined {
  if (address.trim() === '') return t('connect.address.missing');
  const loopback = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(address.trim());
  return /^https:\/\/[^\s/]+\S*$/.test(address.trim()) || loopback ? undefined : t('connect.address.wrong');
}

/** The host of an address, for a person to read. */
export function hostOf(address: string): string {
  return /^https?:\/\/([^/?#]+)/i.exec(address)?.[1] ?? address;
}

/** Whether there is a next step with it: what came through the inbox has no server, and a mandate that is over opens none. */
export function goesOn(connection: ConnectionView): boolean {
  if (connection.mandate) return connection.state === 'ready';
  return !hostOf(connection.address).endsWith('.inbox.invalid');
}
