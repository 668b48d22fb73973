import type { SlackSettings } from "../options.ts";
import { Directory } from "./directory.ts";
import { FaultBook } from "./faults.ts";
import { SlackIds } from "./ids.ts";
import { MessageStore } from "./messages.ts";
import { ResponseUrls } from "./response-urls.ts";
import { SlackTime } from "./time.ts";
import { TriggerStore } from "./triggers.ts";
import { UploadStore } from "./uploads.ts";
import { ViewStore } from "./views.ts";

/** Everything that the simulated workspace knows. */
export interface Workspace {
  readonly settings: SlackSettings;
  readonly time: SlackTime;
  readonly ids: SlackIds;
  readonly directory: Directory;
  readonly messages: MessageStore;
  readonly views: ViewStore;
  readonly triggers: TriggerStore;
  readonly responseUrls: ResponseUrls;
  readonly uploads: UploadStore;
  readonly faults: FaultBook;
  /** Tokens that were valid once. */
  readonly revokedTokens: Set<string>;
  /** The bot token that is valid now. */
  botToken: string;
  /** `http://127.0.0.1:port`, set once the server listens. */
  baseUrl: string;
}

/** Makes a workspace that nothing has happened in yet. */
export function createWorkspace(settings: SlackSettings): Workspace {
  const time = new SlackTime(settings.now);
  const ids = new SlackIds(settings.seed);
  return {
    settings,
    time,
    ids,
    directory: new Directory(settings, ids),
    messages: new MessageStore(),
    views: new ViewStore(ids, settings),
    triggers: new TriggerStore(ids, time),
    responseUrls: new ResponseUrls(ids, time),
    uploads: new UploadStore(ids),
    faults: new FaultBook(),
    revokedTokens: new Set(),
    botToken: settings.botToken,
    baseUrl: "",
  };
}
