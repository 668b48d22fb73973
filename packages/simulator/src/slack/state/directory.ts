import type { SlackChannel, SlackSettings, SlackUser } from "../options.ts";
import type { SlackIds } from "./ids.ts";

/** A place for messages: a channel, or a person's direct messages with the app. */
export interface Conversation {
  readonly id: string;
  readonly name: string;
  readonly kind: "channel" | "private" | "direct";
  readonly isArchived: boolean;
  readonly hasBot: boolean;
  /** Undefined when everybody is in it. */
  readonly members: readonly string[] | undefined;
}

/** The people and the conversations of the workspace. */
export class Directory {
  readonly users: readonly SlackUser[];
  readonly #conversations = new Map<string, Conversation>();
  readonly #ids: SlackIds;

  constructor(settings: SlackSettings, ids: SlackIds) {
    const { app } = settings;
    this.users = [...settings.users, { id: app.botUserId, name: app.botName, isBot: true }];
    this.#ids = ids;
    for (const channel of settings.channels) {
      this.#conversations.set(channel.id, fromChannel(channel));
    }
  }

  findUser(id: string): SlackUser | undefined {
    return this.users.find((user) => user.id === id);
  }

  /** Finds a person by id or name for a test verb. Throws when there is none. */
  person(reference: string | undefined): SlackUser {
    const found = this.users.find((user) =>
      reference === undefined
        ? user.isBot !== true
        : user.id === reference || user.name === reference,
    );
    if (found === undefined) {
      throw new Error(`Nobody in the simulated workspace is called "${String(reference)}".`);
    }
    return found;
  }

  find(id: string): Conversation | undefined {
    return this.#conversations.get(id);
  }

  /** Finds a conversation by id, name or #name. */
  lookUp(reference: string): Conversation | undefined {
    const name = reference.replace(/^#/, "");
    const all = [...this.#conversations.values()];
    return this.find(reference) ?? all.find((one) => one.kind !== "direct" && one.name === name);
  }

  /** Finds a conversation for a test verb; default the first that the app is in. Throws when there is none. */
  place(reference: string | undefined): Conversation {
    const all = [...this.#conversations.values()];
    const found = reference === undefined ? all.find((one) => one.hasBot) : this.lookUp(reference);
    if (found === undefined) {
      throw new Error(`The simulated workspace has no channel "${String(reference)}".`);
    }
    return found;
  }

  /** The direct messages between a person and the app, opened when they were not. */
  direct(userId: string): Conversation {
    for (const one of this.#conversations.values()) {
      if (one.kind === "direct" && one.members?.includes(userId) === true) return one;
    }
    const opened: Conversation = {
      id: this.#ids.id("D"),
      name: "directmessage",
      kind: "direct",
      isArchived: false,
      hasBot: true,
      members: [userId],
    };
    this.#conversations.set(opened.id, opened);
    return opened;
  }
}

/** Tells whether a person sees a conversation. */
export function isMember(conversation: Conversation, userId: string): boolean {
  return conversation.members === undefined || conversation.members.includes(userId);
}

function fromChannel(channel: SlackChannel): Conversation {
  return {
    id: channel.id,
    name: channel.name,
    kind: channel.isPrivate === true ? "private" : "channel",
    isArchived: channel.isArchived === true,
    hasBot: channel.hasBot !== false,
    members: channel.members,
  };
}
