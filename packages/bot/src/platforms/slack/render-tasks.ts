import { percent } from "../../view/format.ts";
import type { TaskState, TasksBlock } from "../../view/model.ts";
import { clean, TASK_WORDS, taskText } from "../../view/text.ts";
import { chunk, type Rendered, type RenderSituation, richBlock, type SlackBlock } from "./block.ts";
import { LIMITS } from "./limits.ts";
import { clamp } from "./mrkdwn.ts";

const STATUS: Readonly<Record<TaskState, string>> = {
  waiting: "pending",
  running: "in_progress",
  done: "complete",
  failed: "error",
  skipped: "pending",
  unknown: "error",
};

/** Draws a list of work as Slack's plan, or as lines where that is not known. The state is always in words too. */
export function renderTasks(block: TasksBlock, situation: RenderSituation): Rendered {
  const title = `${clean(block.title)} · ${bar(block.progress)} ${percent(block.progress)}`;
  if (!situation.claim("plan")) {
    const lines = [title, ...block.tasks.map((task) => clean(taskText(task)))];
    const parts = chunk(lines, LIMITS.sectionText);
    return { blocks: parts.flatMap((text) => richBlock([{ type: "text", text }])) };
  }
  const plan: SlackBlock = {
    type: "plan",
    title: clamp(title, LIMITS.taskText),
    tasks: block.tasks.map((task, index) => {
      const { state, about, detail } = task;
      const head = clean(about === undefined ? task.title : `${task.title} ${about}`);
      const words = clean(
        detail === undefined ? TASK_WORDS[state] : `${TASK_WORDS[state]}, ${detail}`,
      );
      return {
        type: "task_card",
        task_id: `task-${index}`,
        title: clamp(head || "–", LIMITS.taskText),
        status: STATUS[state],
        details: {
          type: "rich_text",
          elements: [
            {
              type: "rich_text_section",
              elements: [{ type: "text", text: clamp(words, LIMITS.sectionText) }],
            },
          ],
        },
      };
    }),
  };
  return { blocks: [plan] };
}

function bar(fraction: number): string {
  const width = 12;
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return "▓".repeat(filled) + "░".repeat(width - filled);
}
