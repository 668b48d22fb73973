import { type Hide, hiding, type Logger } from "@kappa4/connectors";
import type { Caller } from "./actions/actor.ts";
import { checkCaller } from "./actions/check-caller.ts";
import { bindClient } from "./actions/client.ts";
import type { Self } from "./actions/self.ts";
import { createNoteSigner } from "./audit/index.ts";
import { systemClock } from "./clock.ts";
import {
  type Kappa4Config,
  type Kappa4ConfigInput,
  parseConfig,
  storeSettings,
} from "./config/index.ts";
import { Connections } from "./connections.ts";
import { Core } from "./core.ts";
import { EngineThread } from "./engine-thread.ts";
import type { BoundKappa4, CreateKappa4Options, Kappa4 } from "./kappa4.ts";
import { LogRing } from "./logs/ring.ts";
import { actions, actionsByName } from "./register.ts";
import { reloaded, withoutSecrets } from "./reload.ts";
import { Metrics } from "./telemetry/metrics.ts";

/** A secret this long is nobody's word; a shorter one could be found by trying which words are hidden. */
const LONG = 16;

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** This process; what is read again of its configuration, also its connections go by. */
function selfOf(
  settings: Kappa4Config,
  { readAgain }: CreateKappa4Options,
  { startedAt, logs }: Pick<Self, "startedAt" | "logs">,
  systems: Connections,
  hide: Hide,
): Self {
  let current = settings;
  const read = async (): Promise<Kappa4Config> => {
    try {
      return await parseConfig((await readAgain?.()) ?? current);
    } catch (error) {
      throw withoutSecrets(error, hide);
    }
  };
  return {
    startedAt,
    logs,
    get config() {
      return current;
    },
    reload:
      readAgain &&
      (async () => {
        const news = reloaded(current, await read());
        const take = (): void => {
          current = news.config;
          systems.take(current);
        };
        return { ...news, take };
      }),
  };
}

/** Puts a Kappa4 together: the only place where rooms meet. See `createKappa4`. */
export async function assembleKappa4(
  config: Kappa4ConfigInput,
  options: CreateKappa4Options,
): Promise<Kappa4> {
  const settings = await parseConfig(config);
  const { clock = systemClock, random = Math.random, via = "sdk" } = options;
  const { onProgress, onStoreLost: onLost } = options;
  const store = { ...storeSettings(settings.store, undefined), onProgress, onLost };
  const secrets = { settings, store };
  const hide = hiding(secrets);
  const logs = new LogRing(clock, options.logger ?? silent, hide);
  const { logger } = logs;
  const systems = new Connections(settings, { clock, random, logger });
  const running = { startedAt: new Date(clock.now()), logs };
  const self = selfOf(settings, options, running, systems, hide);
  const engine = new EngineThread();
  const metrics = new Metrics();
  const { approvals: policy, audit } = settings;
  const signer = audit && createNoteSigner(audit.name ?? "kappa4", audit.privateKey);
  const core = new Core({
    clock,
    logger,
    systems,
    engine,
    self,
    store,
    policy,
    signer,
    work: options.work,
    actions: actionsByName,
    hide: hiding(secrets, LONG),
  });
  const bind = (caller: Caller): BoundKappa4 =>
    bindClient(actions, caller, (...call) => core.pipeline.call(...call));
  const close = async (): Promise<void> => {
    await core.close();
    metrics.close();
    await Promise.all([systems.close(), engine.close()]);
  };
  return {
    ...bind({ actor: { kind: "local" }, via }),
    connections: systems.names,
    as: (caller) => bind(checkCaller(caller)),
    connector: (connection) => systems.get(connection),
    async start() {
      await core.work();
    },
    metrics: () => metrics.text(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
