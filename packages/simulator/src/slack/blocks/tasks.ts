import type { Fields } from "../json.ts";
import { isFields } from "../json.ts";
import { slackLimits } from "../limits.ts";
import type { Checker, FieldCheck } from "./checker.ts";
import { checkRichText } from "./rich-text.ts";

const taskFields = ["task_id", "title", "details", "output", "sources", "status"];

/** The blocks that show work under way. */
export const taskBlocks: Readonly<Record<string, FieldCheck>> = {
  task_card: { fields: taskFields, check: checkTask },
  plan: { fields: ["title", "tasks"], check: checkPlan },
};

function checkPlan(checker: Checker, plan: Fields, at: string): void {
  checker.text(plan, "title", at);
  const ids = new Set<unknown>();
  const tasks = checker.list(plan, "tasks", at, { min: 0, optional: true });
  for (const [index, value] of tasks.entries()) {
    const here = `${at}/tasks/${index}`;
    const task = checker.object(value, here, ["type", "block_id", ...taskFields]);
    if (task === undefined) continue;
    if (task.type !== undefined && task.type !== "task_card") {
      checker.fault(`${here}/type`, `unsupported type: ${String(task.type)}`);
    }
    checker.blockId(task, here);
    checkTask(checker, task, here);
    if (ids.has(task.task_id)) checker.fault(`${here}/task_id`, "task_id must be unique");
    ids.add(task.task_id);
  }
}

function checkTask(checker: Checker, task: Fields, at: string): void {
  checker.text(task, "task_id", at, { max: slackLimits.id });
  checker.text(task, "title", at);
  checker.choice(task, "status", at, ["pending", "in_progress", "complete", "error"]);
  for (const key of ["details", "output"]) {
    if (task[key] !== undefined) checkSingleText(checker, task[key], `${at}/${key}`);
  }
  const sources = checker.list(task, "sources", at, { min: 0, optional: true });
  for (const [index, value] of sources.entries()) {
    const here = `${at}/sources/${index}`;
    const source = checker.object(value, here, ["type", "url", "text"]);
    if (source === undefined) continue;
    if (source.type !== "url") checker.fault(`${here}/type`, "must be url");
    checker.url(source, "url", here, { max: slackLimits.button.url });
    checker.text(source, "text", here);
  }
}

/** Details and output of a task are one rich_text entity: exactly one element. */
function checkSingleText(checker: Checker, value: unknown, at: string): void {
  checkRichText(checker, value, at);
  if (isFields(value) && Array.isArray(value.elements) && value.elements.length > 1) {
    checker.fault(`${at}/elements`, "no more than 1 items allowed");
  }
}
