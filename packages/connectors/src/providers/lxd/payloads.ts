import { z } from "zod";

// What is read of LXD's and Incus' answers. Unknown fields pass; what one of the two leaves out or sets to null
// is optional here.

type Texts = Readonly<Record<string, string>>;
type Optional<T> = T | null | undefined;

/** The envelope of every answer. */
export interface Envelope {
  readonly type: string;
  readonly operation?: Optional<string>;
  readonly error_code?: Optional<number>;
  readonly error?: Optional<string>;
  readonly metadata?: unknown;
}

/** `GET /1.0`. Strangers get no environment. */
export interface Server {
  readonly auth: string;
  readonly environment?: Optional<{
    readonly server?: Optional<string>;
    readonly server_version?: Optional<string>;
    readonly storage_supported_drivers?: Optional<
      readonly { readonly Name: string; readonly Remote?: Optional<boolean> }[]
    >;
  }>;
}

/** A cluster member. */
export interface Member {
  readonly server_name: string;
  readonly status: string;
  readonly architecture?: Optional<string>;
}

/** An instance; `state` and `backups` come with the full reading only, and not from a member that is away. */
export interface Instance {
  readonly name: string;
  readonly status: string;
  readonly status_code: number;
  readonly type: string;
  readonly architecture?: Optional<string>;
  readonly location?: Optional<string>;
  readonly ephemeral?: Optional<boolean>;
  readonly config: Texts;
  readonly devices?: Optional<Readonly<Record<string, Texts>>>;
  readonly profiles?: Optional<readonly string[]>;
  readonly expanded_config: Texts;
  readonly expanded_devices: Readonly<Record<string, Texts>>;
  readonly backups?: Optional<readonly unknown[]>;
  readonly state?: Optional<{
    readonly cpu?: Optional<{ readonly usage: number }>;
    readonly memory?: Optional<{ readonly usage: number }>;
    readonly disk?: Optional<Readonly<Record<string, { readonly usage: number }>>>;
  }>;
}

/** A storage pool. */
export interface Pool {
  readonly name: string;
  readonly driver: string;
  readonly locations?: Optional<readonly string[]>;
}

/** The space of a pool as one member sees it, in bytes. */
export interface PoolSpace {
  readonly space?: Optional<{ readonly total: number; readonly used: number }>;
}

/** The hardware of a member: cores and bytes. */
export interface Resources {
  readonly cpu: { readonly total: number };
  readonly memory: { readonly total: number; readonly used: number };
}

/** An operation. Numbers in its metadata are text, and may be missing. */
export interface LxdOperation {
  readonly id: string;
  readonly class?: Optional<string>;
  readonly description?: Optional<string>;
  readonly created_at?: Optional<string>;
  readonly status?: Optional<string>;
  readonly status_code: number;
  readonly resources?: Optional<Readonly<Record<string, readonly string[] | null>>>;
  readonly metadata?: Optional<Readonly<Record<string, unknown>>>;
  readonly may_cancel?: Optional<boolean>;
  readonly err?: Optional<string>;
}

/** A certificate that the cluster trusts. */
export interface TrustedCertificate {
  readonly fingerprint: string;
  readonly restricted?: Optional<boolean>;
}

/** A saved state of an instance. */
export interface SavedState {
  readonly name: string;
  readonly created_at?: Optional<string>;
  readonly description?: Optional<string>;
}

/** A project. */
export interface Project {
  readonly config?: Optional<Texts>;
}

const texts = z.record(z.string(), z.string());
const devices = z.record(z.string(), texts);

/** What every answer is wrapped in. */
export const envelopeSchema: z.ZodType<Envelope> = z.looseObject({
  type: z.string(),
  operation: z.string().nullish(),
  error_code: z.number().nullish(),
  error: z.string().nullish(),
  metadata: z.unknown().optional(),
});

/** `GET /1.0`. */
export const serverSchema: z.ZodType<Server> = z.looseObject({
  auth: z.string(),
  environment: z
    .looseObject({
      server: z.string().nullish(),
      server_version: z.string().nullish(),
      storage_supported_drivers: z
        .array(z.looseObject({ Name: z.string(), Remote: z.boolean().nullish() }))
        .nullish(),
    })
    .nullish(),
});

const member = z.looseObject({
  server_name: z.string(),
  status: z.string(),
  architecture: z.string().nullish(),
});
/** `GET /1.0/cluster/members?recursion=1`. */
export const membersSchema: z.ZodType<readonly Member[]> = z.array(member);

/** `GET /1.0/instances/NAME`, with its state where it was asked for. */
export const instanceSchema: z.ZodType<Instance> = z.looseObject({
  name: z.string(),
  status: z.string(),
  status_code: z.number(),
  type: z.string(),
  architecture: z.string().nullish(),
  location: z.string().nullish(),
  ephemeral: z.boolean().nullish(),
  config: texts.nullish().transform((map) => map ?? {}),
  devices: devices.nullish(),
  profiles: z.array(z.string()).nullish(),
  expanded_config: texts.nullish().transform((map) => map ?? {}),
  expanded_devices: devices.nullish().transform((map) => map ?? {}),
  backups: z.array(z.unknown()).nullish(),
  state: z
    .looseObject({
      cpu: z.looseObject({ usage: z.number() }).nullish(),
      memory: z.looseObject({ usage: z.number() }).nullish(),
      disk: z.record(z.string(), z.looseObject({ usage: z.number() })).nullish(),
    })
    .nullish(),
});
/** `GET /1.0/instances?recursion=2`. */
export const instancesSchema: z.ZodType<readonly Instance[]> = z.array(instanceSchema);

const pool = z.looseObject({
  name: z.string(),
  driver: z.string(),
  locations: z.array(z.string()).nullish(),
});
/** `GET /1.0/storage-pools?recursion=1`. */
export const poolsSchema: z.ZodType<readonly Pool[]> = z.array(pool);

/** `GET /1.0/storage-pools/NAME/resources`. */
export const poolSpaceSchema: z.ZodType<PoolSpace> = z.looseObject({
  // A total of 0 is left out of the answer.
  space: z.looseObject({ total: z.number().default(0), used: z.number().default(0) }).nullish(),
});

/** `GET /1.0/resources`. */
export const resourcesSchema: z.ZodType<Resources> = z.looseObject({
  cpu: z.looseObject({ total: z.number() }),
  memory: z.looseObject({ total: z.number(), used: z.number() }),
});

const operation = z.looseObject({
  id: z.string(),
  class: z.string().nullish(),
  description: z.string().nullish(),
  created_at: z.string().nullish(),
  status: z.string().nullish(),
  status_code: z.number(),
  resources: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  may_cancel: z.boolean().nullish(),
  err: z.string().nullish(),
});
/** `GET /1.0/operations/ID`. */
export const operationSchema: z.ZodType<LxdOperation> = operation;
/** `GET /1.0/operations?recursion=1`: operations by state. */
export const operationsSchema: z.ZodType<Readonly<Record<string, readonly LxdOperation[] | null>>> =
  z.record(z.string(), z.array(operation).nullable());

/** `GET /1.0/certificates?recursion=1`. */
export const certificatesSchema: z.ZodType<readonly TrustedCertificate[]> = z.array(
  z.looseObject({ fingerprint: z.string(), restricted: z.boolean().nullish() }),
);

/** `GET /1.0/instances/NAME/snapshots/NAME`. */
export const savedStateSchema: z.ZodType<SavedState> = z.looseObject({
  name: z.string(),
  created_at: z.string().nullish(),
  description: z.string().nullish(),
});
/** `GET /1.0/instances/NAME/snapshots?recursion=1`. */
export const savedStatesSchema: z.ZodType<readonly SavedState[]> = z.array(savedStateSchema);

/** `GET /1.0/projects/NAME`. */
export const projectSchema: z.ZodType<Project> = z.looseObject({ config: texts.nullish() });
