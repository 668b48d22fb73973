import { validateSlackView } from "../blocks/view.ts";
import { type Fields, isFields, objectsAt, textAt } from "../json.ts";
import { slackLimits } from "../limits.ts";
import type { SlackSettings } from "../options.ts";
import { Refusal, refuseFaults } from "../refusal.ts";
import { Bell } from "../wait-for.ts";
import { withIds } from "./elements.ts";
import type { SlackIds } from "./ids.ts";

/** An open modal or a published Home tab, in the form in which Slack hands it to the app. */
export interface SlackView {
  readonly id: string;
  readonly userId: string;
  readonly hash: string;
  readonly rootId: string;
  readonly previousId: string | undefined;
  readonly definition: Fields;
  readonly blocks: readonly Fields[];
}

/** Keeps, for each person, the stack of open modals and the Home tab. */
export class ViewStore {
  /** Rings for every modal that comes on top, or is shown otherwise. */
  readonly bell: Bell<SlackView> = new Bell();
  readonly #stacks = new Map<string, readonly SlackView[]>();
  readonly #homes = new Map<string, SlackView>();
  readonly #ids: SlackIds;
  readonly #settings: SlackSettings;

  constructor(ids: SlackIds, settings: SlackSettings) {
    this.#ids = ids;
    this.#settings = settings;
  }

  stack(userId: string): readonly SlackView[] {
    return this.#stacks.get(userId) ?? [];
  }

  top(userId: string): SlackView | undefined {
    return this.stack(userId).at(-1);
  }

  home(userId: string): SlackView | undefined {
    return this.#homes.get(userId);
  }

  find(id: string): SlackView | undefined {
    return this.#all().find((view) => view.id === id);
  }

  /** Opens a modal in place of whatever modals the person had open. */
  open(userId: string, definition: unknown): SlackView {
    const view = this.#make(userId, definition, "modal", undefined);
    this.#stacks.set(userId, [view]);
    this.bell.ring(view);
    return view;
  }

  push(userId: string, definition: unknown): SlackView {
    const stack = this.stack(userId);
    const top = stack.at(-1);
    if (top === undefined) throw new Refusal("not_found");
    if (stack.length >= slackLimits.view.stack) throw new Refusal("push_limit_reached");
    const view = this.#make(userId, definition, "modal", top);
    this.#stacks.set(userId, [...stack, view]);
    this.bell.ring(view);
    return view;
  }

  publish(userId: string, definition: unknown, hash: string | undefined): SlackView {
    const before = this.#homes.get(userId);
    checkHash(before, hash);
    const made = this.#make(userId, definition, "home", undefined);
    const id = before?.id ?? made.id;
    const view = { ...made, id, rootId: id };
    this.#homes.set(userId, view);
    return view;
  }

  /** Replaces what an open view shows. Throws `not_found` and `hash_conflict`. */
  update(
    target: { readonly id?: string | undefined; readonly externalId?: string | undefined },
    definition: unknown,
    hash: string | undefined,
  ): SlackView {
    const before = this.#all().find(
      (view) =>
        view.id === target.id ||
        (target.externalId !== undefined && view.definition.external_id === target.externalId),
    );
    if (before === undefined) throw new Refusal("not_found");
    checkHash(before, hash);
    const type = before.definition.type === "home" ? "home" : "modal";
    const made = this.#make(before.userId, definition, type, undefined, before.id);
    const view = { ...before, definition: made.definition, blocks: made.blocks, hash: made.hash };
    this.#replace(view);
    if (type === "modal") this.bell.ring(view);
    return view;
  }

  close(view: SlackView): void {
    const rest = this.stack(view.userId).filter((one) => one.id !== view.id);
    this.#stacks.set(view.userId, rest);
  }

  clear(userId: string): void {
    this.#stacks.set(userId, []);
  }

  /** The view as payloads and answers carry it. */
  render(view: SlackView, values: Fields = {}): Fields {
    const { app, team } = this.#settings;
    const { definition } = view;
    return {
      id: view.id,
      team_id: team.id,
      type: definition.type,
      blocks: view.blocks,
      private_metadata: textAt(definition, "private_metadata") ?? "",
      callback_id: textAt(definition, "callback_id") ?? "",
      external_id: textAt(definition, "external_id") ?? "",
      title: definition.title ?? null,
      submit: definition.submit ?? null,
      close: definition.close ?? null,
      clear_on_close: definition.clear_on_close === true,
      notify_on_close: definition.notify_on_close === true,
      state: { values },
      hash: view.hash,
      root_view_id: view.rootId,
      previous_view_id: view.previousId ?? null,
      app_id: app.id,
      app_installed_team_id: team.id,
      bot_id: app.botId,
    };
  }

  #all(): readonly SlackView[] {
    return [...[...this.#stacks.values()].flat(), ...this.#homes.values()];
  }

  #replace(view: SlackView): void {
    if (this.#homes.get(view.userId)?.id === view.id) {
      this.#homes.set(view.userId, view);
      return;
    }
    const stack = this.stack(view.userId).map((one) => (one.id === view.id ? view : one));
    this.#stacks.set(view.userId, stack);
  }

  #make(
    userId: string,
    definition: unknown,
    type: "modal" | "home",
    previous: SlackView | undefined,
    replaces?: string,
  ): SlackView {
    const faults = validateSlackView(definition);
    if (faults.length > 0 || !isFields(definition)) throw refuseFaults("invalid_arguments", faults);
    if (definition.type !== type) {
      const message = `must be a valid enum value (${type})`;
      throw refuseFaults("invalid_arguments", [{ pointer: "/view/type", message }]);
    }
    if (JSON.stringify(definition).length > slackLimits.view.bytes) {
      throw new Refusal("view_too_large");
    }
    this.#checkExternalId(definition, replaces);
    const id = this.#ids.id("V");
    return {
      id,
      userId,
      hash: `${this.#ids.number(10)}.${this.#ids.hex(8)}`,
      rootId: previous?.rootId ?? id,
      previousId: previous?.id,
      definition,
      blocks: withIds(objectsAt(definition, "blocks"), this.#ids),
    };
  }

  #checkExternalId(definition: Fields, replaces: string | undefined): void {
    const externalId = textAt(definition, "external_id");
    if (externalId === undefined || externalId === "") return;
    const taken = this.#all().some(
      (view) => view.definition.external_id === externalId && view.id !== replaces,
    );
    if (taken) throw new Refusal("duplicate_external_id");
  }
}

function checkHash(before: SlackView | undefined, hash: string | undefined): void {
  if (hash === undefined || hash === "" || before === undefined) return;
  if (before.hash !== hash) throw new Refusal("hash_conflict");
}
