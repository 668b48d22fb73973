import type { SlackDelivery } from "./delivery/envelope.ts";
import { isFields } from "./json.ts";
import type { SlackSimulator } from "./simulator.ts";
import { liveElements } from "./state/elements.ts";
import type { SlackMessage } from "./state/messages.ts";
import type { SlackView } from "./state/views.ts";

/** A person at a keyboard instead of a Slack client. */
export class SlackTerminal {
  readonly #slack: SlackSimulator;
  readonly #shown = new Map<string, number>();
  #user: string;

  constructor(slack: SlackSimulator) {
    this.#slack = slack;
    this.#user = slack.users[0]?.name ?? "";
  }

  /** Does what a line asks for and returns what there is to say about it. Throws Error with one clear message. */
  async obey(line: string): Promise<readonly string[]> {
    const [verb = "", ...words] = line.trim().split(/\s+/);
    const rest = words.join(" ");
    const user = this.#user;
    if (verb === "") return [];
    if (verb === "as") return this.#become(rest);
    if (verb.startsWith("/")) return outcome(await this.#slack.slash(verb, rest, { user }));
    if (verb === "click") return outcome(await this.#slack.click({ text: rest, user }));
    if (verb === "answer") return this.#answer(rest);
    if (verb === "cancel") return this.#cancel();
    if (verb === "mention") return outcome(await this.#slack.mention(rest, { user }));
    if (verb === "home") return this.#openHome(user);
    throw new Error(
      `"${verb}" is nothing a person can do here; type /COMMAND, click TEXT, answer TEXT, cancel, mention TEXT, home, or as NAME.`,
    );
  }

  /** Lists the messages that the person has not seen in their present form. */
  news(): readonly string[] {
    const places = this.#slack.channels.flatMap((channel) => this.#slack.messages(channel.id));
    const direct = this.#slack.messages(this.#user);
    const mine = this.#slack.ephemerals(this.#user);
    return [...places, ...direct, ...mine].filter((message) => this.#isNews(message)).flatMap(show);
  }

  /** Shows a question that the app asks, if it asks the person at the keyboard. */
  question(view: SlackView): readonly string[] {
    return this.#slack.view(this.#user)?.id === view.id ? showForm(view) : [];
  }

  #become(name: string): readonly string[] {
    const known = this.#slack.users.map((user) => user.name);
    if (!known.includes(name)) {
      throw new Error(`Nobody is called "${name}"; there are: ${known.join(", ")}.`);
    }
    this.#user = name;
    return [`You are ${name}.`];
  }

  /** Fills in the first field of the question on top, and submits it. */
  async #answer(text: string): Promise<readonly string[]> {
    const user = this.#user;
    const view = this.#slack.view(user);
    if (view === undefined) throw new Error("No question is open; click a button that asks one.");
    const field = liveElements(view.blocks).find(({ isInput }) => isInput);
    const values = field === undefined ? {} : { [field.blockId]: text };
    const submission = await this.#slack.submitView({ user, values });
    const faults = Object.values(submission.errors);
    return [...outcome(submission), ...faults];
  }

  async #cancel(): Promise<readonly string[]> {
    const user = this.#user;
    if (this.#slack.view(user) === undefined) throw new Error("No question is open.");
    await this.#slack.closeView({ user });
    return ["The question is closed."];
  }

  async #openHome(user: string): Promise<readonly string[]> {
    const said = outcome(await this.#slack.openHome({ user }));
    const isThere = this.#slack.home(user) !== undefined;
    return [...said, isThere ? "The app fills the Home tab." : "The app shows no Home tab."];
  }

  #isNews(message: SlackMessage): boolean {
    const key = `${message.channel} ${message.ts}`;
    const versions = message.history.length;
    if (this.#shown.get(key) === versions) return false;
    this.#shown.set(key, versions);
    return message.isBot;
  }
}

function outcome(delivery: SlackDelivery): readonly string[] {
  return delivery.userSees === undefined || delivery.userSees === "" ? [] : [delivery.userSees];
}

/** A modal as text: its title, what it asks for, and what to type. */
function showForm(view: SlackView): readonly string[] {
  const words = [view.definition.title, ...view.blocks.map((block) => block.label ?? block.text)];
  const texts = words.flatMap((word) => (isFields(word) ? [String(word.text)] : []));
  return ["--- a question", ...texts.map(shownText), "(type answer TEXT, or cancel)"];
}

function show(message: SlackMessage): readonly string[] {
  const mark = message.ephemeralFor === undefined ? "" : " (only visible to you)";
  const edited = message.history.length > 1 ? " (edited)" : "";
  const labels = liveElements(message.blocks).map(({ element }) =>
    isFields(element.text) ? `[${String(element.text.text)}]` : `[${String(element.action_id)}]`,
  );
  return [
    `--- ${message.channel} ${message.ts}${mark}${edited}`,
    ...shownText(message.text).split("\n"),
    ...(labels.length > 0 ? [labels.join(" ")] : []),
  ];
}

/** As a client shows it: on the wire three characters are written in another way. */
function shownText(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
