import { go } from '../../frame/router.svelte';
import { errorView, ipc, type ErrorView } from '../../ipc';

/** One step towards bringing something in. Each leads to its own page; a failure stays here to be shown. */
export class Steps {
  busy = $state(false);
  failed = $state.raw<ErrorView>();

  /** Opens the sign-in page of a system. */
  connect(address: string, name: string | null): Promise<void> {
    return this.#try(async () => go('launch', { id: String((await ipc.launchStart(address, name)).id) }));
  }

  /** Opens the sign-in page of a system that is connected. */
  signIn(connection: string): Promise<void> {
    return this.#try(async () => go('launch', { id: String((await ipc.signInAgain(connection)).id) }));
  }

  /** Brings in what is new. */
  bringIn(connection: string): Promise<void> {
    return this.#try(async () => go('pull', { id: (await ipc.pullStart(connection)).id }));
  }

  async #try(step: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failed = undefined;
    try {
      await step();
    } catch (thrown) {
      this.failed = errorView(thrown);
    } finally {
      this.busy = false;
    }
  }
}
