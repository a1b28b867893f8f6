/** The one door from the window to the wallet. */
export { errorView, Failure, ipc, onFailure } from './client';
export type * from './types';
