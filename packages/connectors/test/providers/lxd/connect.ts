import type { Clock, Logger } from "../../../src/contract/connector.ts";
import { type LxdConnector, type LxdOptionsInput, lxd } from "../../../src/providers/lxd/index.ts";
import { type FakeLxd, type FakeLxdOptions, startFakeLxd } from "./fake-lxd.ts";

/** A connector over a stand-in, and the clock that they share. */
export interface Bench {
  readonly fake: FakeLxd;
  readonly connector: LxdConnector;
  readonly clock: Clock;
  readonly warnings: readonly string[];
  /** Makes a further connector to the stand-in; the bench does not close it. */
  connect(options: ConnectOptions): LxdConnector;
  close(): Promise<void>;
}

/** How a connector differs from the usual one. */
export interface ConnectOptions extends Partial<Omit<LxdOptionsInput, "auth">> {
  readonly key?: string | undefined;
  readonly logger?: Logger | undefined;
}

/** Starts a stand-in and connects to it; sleeping takes no time. */
export async function openBench(
  options: FakeLxdOptions & { readonly connection?: Partial<LxdOptionsInput> | undefined } = {},
): Promise<Bench> {
  const fake = await startFakeLxd(options);
  let nowMs = Date.parse("2026-01-01T00:00:00Z");
  const clock: Clock = {
    now: () => nowMs,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      nowMs += ms;
    },
  };
  const warnings: string[] = [];
  const silent = (): void => {};
  const logger: Logger = {
    debug: silent,
    info: silent,
    warn: (_fields, message) => warnings.push(message),
    error: silent,
  };
  const connect = ({ key, logger: own, ...given }: ConnectOptions): LxdConnector =>
    lxd.connect(
      lxd.options.parse({
        endpoints: [fake.url],
        auth: { type: "certificate", cert: CERTIFICATE, key: key ?? "not needed over http" },
        ...(options.project === undefined ? {} : { project: options.project }),
        ...given,
      }),
      { connection: "lab", clock, random: () => 0.5, logger: own ?? logger },
    );
  const connector = connect(options.connection ?? {});
  return {
    fake,
    connector,
    clock,
    warnings,
    connect,
    close: async () => {
      await connector.close();
      await fake.close();
    },
  };
}

/** SHA-256 of the certificate below. */
export const FINGERPRINT = "1b915ca49e10e857cf548c187b288de78143ecd4039ae8496e2aba39ef84f7ea";

// Made for these tests; nobody has its key.
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBjTCCATOgAwIBAgIUCvBM1uPX178K6kaPPCY7gq4zV3gwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQa2FwcGE0LXVuaXQtdGVzdDAgFw0yNjExMjExMjU2MzZaGA8y
MTI2MTAyODEyNTYzNlowGzEZMBcGA1UEAwwQa2FwcGE0LXVuaXQtdGVzdDBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABHK18gOIc/rYEMNP1/4zaRRv0h83Jvlsx8HO
5L2/fD0bEwMUcCm/KyBTj7l2ILpHqERKD2+2SFo0bgWSr4QgcfOjUzBRMB0GA1Ud
DgQWBBTDr0EjRCxoCpu4VJ55Eia368bK2DAfBgNVHSMEGDAWgBTDr0EjRCxoCpu4
VJ55Eia368bK2DAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQCF
ogn5B/5qx6txCTs1AmfgNR+Uf2lQdjpvArdk4HiquAIgF1UYcd9DE/aFxf8evog2
C6dYugasOXKzlgV0BJ7pY+Y=
-----END CERTIFICATE-----
`;
