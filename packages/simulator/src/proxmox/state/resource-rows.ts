import { z } from "zod";
import { describeProblems } from "../problems.ts";

/** An entry of an answer of `GET /cluster/resources`, as far as a cluster can be made from it. */
export interface ResourceRow {
  readonly type: "qemu" | "lxc" | "node" | "storage" | "pool" | "sdn" | "network";
  readonly node?: string | undefined;
  readonly vmid?: number | undefined;
  readonly storage?: string | undefined;
  readonly pool?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly template?: boolean | undefined;
  readonly shared?: boolean | undefined;
  readonly plugintype?: string | undefined;
  readonly content?: string | undefined;
  readonly tags?: string | undefined;
  readonly lock?: string | undefined;
  readonly hastate?: string | undefined;
  readonly maxcpu?: number | undefined;
  readonly cpu?: number | undefined;
  readonly maxmem?: number | undefined;
  readonly mem?: number | undefined;
  readonly memhost?: number | undefined;
  readonly maxdisk?: number | undefined;
  readonly disk?: number | undefined;
  readonly uptime?: number | undefined;
  readonly netin?: number | undefined;
  readonly netout?: number | undefined;
  readonly diskread?: number | undefined;
  readonly diskwrite?: number | undefined;
}

const text = z.string().optional();
const amount = z.coerce.number().nonnegative().optional();
const flag = z.union([z.boolean(), z.coerce.number().transform((value) => value === 1)]).optional();

const row: z.ZodType<ResourceRow> = z
  .object({
    type: z.enum(["qemu", "lxc", "node", "storage", "pool", "sdn", "network"]),
    node: text,
    vmid: z.coerce.number().int().min(100).optional(),
    storage: text,
    pool: text,
    name: text,
    status: text,
    template: flag,
    shared: flag,
    plugintype: text,
    content: text,
    tags: text,
    lock: text,
    hastate: text,
    maxcpu: amount,
    cpu: amount,
    maxmem: amount,
    mem: amount,
    memhost: amount,
    maxdisk: amount,
    disk: amount,
    uptime: amount,
    netin: amount,
    netout: amount,
    diskread: amount,
    diskwrite: amount,
  })
  .refine((entry) => entry.vmid !== undefined || !["qemu", "lxc"].includes(entry.type), {
    message: "a guest has a vmid",
  })
  .refine((entry) => entry.node !== undefined || ["pool", "sdn"].includes(entry.type), {
    message: "it does not say which node it is on",
  });

/** Checks recorded entries, bare or as `{ "data": [...] }`. Throws RangeError with every problem and its path. */
export function parseResourceRows(value: unknown): readonly ResourceRow[] {
  const isWrapped = typeof value === "object" && value !== null && "data" in value;
  const result = z.array(row).safeParse(isWrapped ? value.data : value);
  if (!result.success) {
    throw new RangeError(
      `This is no answer of GET /cluster/resources:\n${describeProblems(result.error)}`,
    );
  }
  if (!result.data.some((entry) => entry.type === "node")) {
    throw new RangeError("The answer of GET /cluster/resources holds no entry of type node.");
  }
  return result.data;
}
