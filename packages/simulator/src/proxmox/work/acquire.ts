import { failure } from "../errors.ts";
import type { Guest } from "../state/types.ts";
import type { TaskHandle } from "../tasks.ts";

const PATIENCE_SECONDS = 10;

/** Waits for the file lock of a guest, which one worker holds at a time. Throws after 10 s. */
export function* acquire(guest: Guest, task: TaskHandle): Generator<number, undefined, undefined> {
  for (let waited = 0; guest.busy; waited += 1) {
    if (waited === 0) task.log("trying to acquire lock...");
    if (waited === PATIENCE_SECONDS) throw lockTimeout(guest);
    yield 1000;
  }
  guest.busy = true;
  task.onEnd(() => {
    guest.busy = false;
  });
  return undefined;
}

function lockTimeout(guest: Guest): Error {
  const file =
    guest.kind === "qemu"
      ? `/var/lock/qemu-server/lock-${guest.vmid}.conf`
      : `/run/lock/lxc/pve-config-${guest.vmid}.lock`;
  return failure(`can't lock file '${file}' - got timeout`);
}
