import { closeSync, fsyncSync, openSync } from "node:fs";
import type { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { OTHERS_MODE } from "./private-folder.ts";

type Options = Parameters<NodeFS["init"]>[1];

/** The part of Emscripten's NODEFS that is used here; its own types leave it out. */
interface NodeFsModule {
  readonly NODEFS: {
    realPath(node: unknown): string;
    doSetAttr(place: unknown, node: unknown, attributes: Attributes, ...calls: unknown[]): void;
    readonly node_ops: {
      mknod(parent: unknown, name: string, mode: number, device: number): unknown;
    };
    readonly stream_ops: { fsync?(stream: Stream): number };
  };
}

interface Attributes {
  readonly mode?: number | undefined;
}

interface Stream {
  /** The descriptor of the real file. A folder has none. */
  readonly nfd?: number | undefined;
  readonly node: unknown;
}

/**
 * The folder of the embedded store. As it comes, PGlite syncs nothing: a commit that was acknowledged can be gone
 * after a power loss. Here the one system call that reaches NODEFS, `fsync`, is passed on to the real file. And what is
 * new is for its owner alone, whatever the process lets others do with its other files.
 */
export class DurableNodeFs extends NodeFS {
  /** How often a file or a folder was synced. */
  syncs = 0;
  readonly #onFailedSync: (error: unknown) => void;

  /** Calls back for a sync that failed, from within the database: what it runs in has to end then and there. */
  constructor(folder: string, onFailedSync: (error: unknown) => void) {
    super(folder);
    this.#onFailedSync = onFailedSync;
  }

  override async init(pg: PGlite, options: Options): ReturnType<NodeFS["init"]> {
    const { emscriptenOpts } = await super.init(pg, options);
    const before = [emscriptenOpts.preRun ?? []].flat();
    const hook = (module: unknown): void => this.#hook(module as NodeFsModule);
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...before, hook] } };
  }

  #hook({ NODEFS }: NodeFsModule): void {
    keepOthersOut(NODEFS);
    NODEFS.stream_ops.fsync = (stream) => {
      try {
        if (stream.nfd === undefined) syncFolder(NODEFS.realPath(stream.node));
        else fsyncSync(stream.nfd);
      } catch (error) {
        // After that a further sync says that all is well, of pages that the system has given up: see fsyncgate.
        this.#onFailedSync(error);
        throw error;
      }
      this.syncs += 1;
      return 0;
    };
  }
}

/** Whatever mode a file or a folder is given, when it is made and later, others get nothing. */
function keepOthersOut(NODEFS: NodeFsModule["NODEFS"]): void {
  const { doSetAttr } = NODEFS;
  NODEFS.doSetAttr = (place, node, attributes, ...calls) => {
    const { mode } = attributes;
    const closed = mode === undefined ? attributes : { ...attributes, mode: mode & ~OTHERS_MODE };
    doSetAttr(place, node, closed, ...calls);
  };
  const { mknod } = NODEFS.node_ops;
  NODEFS.node_ops.mknod = (parent, name, mode, device) =>
    mknod(parent, name, mode & ~OTHERS_MODE, device);
}

/** A file that is new, renamed or gone is so for good once its folder is synced. */
function syncFolder(path: string): void {
  // Windows has no such thing: its folders cannot be opened.
  if (process.platform === "win32") return;
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
