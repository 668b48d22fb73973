import { notImplemented } from "../errors.ts";
import type { PveVersion } from "../version.ts";
import type { Operation } from "./operation.ts";

/** An operation with what its path says. */
export interface Match {
  readonly operation: Operation;
  readonly pathValues: ReadonlyMap<string, string>;
}

interface Branch {
  readonly fixed: Map<string, Branch>;
  name: string | undefined;
  open: Branch | undefined;
  readonly operations: Map<string, Operation>;
}

/** Finds operations by method and path. */
export class Router {
  readonly #root = createBranch();

  constructor(operations: readonly Operation[], version: PveVersion) {
    for (const operation of operations) {
      if (operation.since && !version.atLeast(operation.since)) continue;
      if (operation.until && version.atLeast(operation.until)) continue;
      this.#add(operation);
    }
  }

  /** Finds the operation for a decoded path. Throws 501 when there is none. */
  find(method: string, path: string): Match {
    const pathValues = new Map<string, string>();
    let branch: Branch | undefined = this.#root;
    for (const segment of path.split("/").filter(Boolean)) {
      const next: Branch | undefined = branch.fixed.get(segment);
      if (!next && branch.open && branch.name) pathValues.set(branch.name, segment);
      branch = next ?? branch.open;
      if (!branch) throw notImplemented(method, path);
    }
    const operation = branch.operations.get(method);
    if (!operation) throw notImplemented(method, path);
    return { operation, pathValues };
  }

  #add(operation: Operation): void {
    let branch = this.#root;
    for (const segment of operation.path.split("/").filter(Boolean)) {
      const name = /^\{(\w+)\}$/.exec(segment)?.[1];
      if (name === undefined) {
        const next: Branch = branch.fixed.get(segment) ?? createBranch();
        branch.fixed.set(segment, next);
        branch = next;
        continue;
      }
      branch.name = name;
      branch.open ??= createBranch();
      branch = branch.open;
    }
    branch.operations.set(operation.method, operation);
  }
}

function createBranch(): Branch {
  return { fixed: new Map(), name: undefined, open: undefined, operations: new Map() };
}
