/** Serves the live page of a run in a process of its own; its parent sends where, and is answered with the address. */
import { startLiveUi } from './live-ui.js';

/** After the run, the page stays for those who look at it, but not for ever. */
const afterRunMs = 60 * 60_000;

process.once('message', async ({ outDirectory }: { readonly outDirectory: string }) => {
  const ui = await startLiveUi(outDirectory, 0);
  process.send?.({ url: ui.server.url });
  const end = () => {
    ui.close();
    process.exit(0);
  };
  process.once('disconnect', async () => {
    // Where nobody looks, nothing of a run outlives it.
    if (ui.server.tabs === 0) return end();
    await ui.refresh().catch(() => undefined);
    if (ui.server.tabs === 0) return end();
    ui.server.onTabs(() => {
      if (ui.server.tabs === 0) end();
    });
    setTimeout(end, afterRunMs);
  });
});
// Ctrl-C is for the run; its page shows how that ends.
process.on('SIGINT', () => undefined);
