import { isFields, objectsAt } from "../json.ts";
import { slackLimits } from "../limits.ts";
import { Checker, type SlackBlockFault } from "./checker.ts";
import { checkTextObject } from "./objects.ts";
import { checkBlocks } from "./validate.ts";

const common = ["type", "blocks", "private_metadata", "callback_id", "external_id"];
const modalOnly = ["title", "submit", "close", "clear_on_close", "notify_on_close"];

/**
 * Lists what Slack would refuse in a modal or Home tab; an empty list means that it may be opened.
 * Pointers start at `/view`.
 */
export function validateSlackView(view: unknown): readonly SlackBlockFault[] {
  if (!isFields(view)) return [{ pointer: "/view", message: "must provide an object" }];
  if (view.type !== "modal" && view.type !== "home") {
    return [{ pointer: "/view/type", message: "must be a valid enum value (modal, home)" }];
  }
  const checker = new Checker(view.type);
  const at = "/view";
  const limits = slackLimits.view;
  checker.object(view, at, view.type === "modal" ? [...common, ...modalOnly] : common);
  checker.text(view, "private_metadata", at, {
    min: 0,
    max: limits.privateMetadata,
    optional: true,
  });
  checker.text(view, "callback_id", at, { min: 0, max: slackLimits.id, optional: true });
  checker.text(view, "external_id", at, { min: 0, max: slackLimits.id, optional: true });
  checkBlocks(checker, view.blocks, `${at}/blocks`);
  if (view.type === "home") return checker.faults;

  checkTextObject(checker, view, "title", at, { max: limits.title, plain: true });
  checkTextObject(checker, view, "submit", at, { max: limits.submit, plain: true, optional: true });
  checkTextObject(checker, view, "close", at, { max: limits.close, plain: true, optional: true });
  checker.flag(view, "clear_on_close", at);
  checker.flag(view, "notify_on_close", at);
  const hasInput = objectsAt(view, "blocks").some((block) => block.type === "input");
  if (hasInput && view.submit === undefined) {
    checker.fault(at, "missing required field: submit");
  }
  return checker.faults;
}
