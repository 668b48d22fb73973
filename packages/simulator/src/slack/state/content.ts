import { Checker, type SlackBlockFault } from "../blocks/checker.ts";
import { checkBlocks } from "../blocks/validate.ts";
import { type Fields, isFields, objectsAt, parseJson, textAt } from "../json.ts";
import { slackLimits } from "../limits.ts";
import { Refusal, refuseFaults } from "../refusal.ts";
import { withIds } from "./elements.ts";
import type { SlackContent } from "./messages.ts";
import type { Workspace } from "./workspace.ts";

/** What a message is to show, as far as the call says so. */
export interface PartialContent {
  readonly text: string | undefined;
  readonly blocks: readonly Fields[] | undefined;
  readonly attachments: readonly Fields[] | undefined;
}

/** Reads and checks text, blocks and attachments of a call. Throws the refusal that Slack would answer. */
export function readContent(
  workspace: Workspace,
  args: Fields,
  maxText: number = slackLimits.message.text,
): PartialContent {
  const text = readText(args, maxText);
  const markdown = readMarkdown(args);
  const blocks = markdown ?? readBlocks(workspace, args.blocks);
  const attachments = readAttachments(args.attachments);
  return { text: text ?? textAt(args, "markdown_text"), blocks, attachments };
}

/** Reads the content of a message that is new. Throws `no_text` when there is nothing to show. */
export function readNewContent(workspace: Workspace, args: Fields): SlackContent {
  const { text = "", blocks = [], attachments = [] } = readContent(workspace, args);
  if (text === "" && blocks.length === 0 && attachments.length === 0) throw new Refusal("no_text");
  return { text, blocks, attachments };
}

/** Turns an argument that may be JSON text or already a value into the value. */
export function decode(value: unknown): unknown {
  return typeof value === "string" ? parseJson(value) : value;
}

function readText(args: Fields, maxText: number): string | undefined {
  if (args.text === undefined || args.text === null) return undefined;
  const text = String(args.text);
  if (text.length > maxText) throw new Refusal("msg_too_long");
  return text;
}

function readMarkdown(args: Fields): readonly Fields[] | undefined {
  const text = textAt(args, "markdown_text");
  if (text === undefined) return undefined;
  if (args.text !== undefined || args.blocks !== undefined) {
    throw new Refusal("markdown_text_conflict");
  }
  if (text.length > slackLimits.message.markdownText) throw new Refusal("msg_too_long");
  return [{ type: "markdown", text }];
}

function readBlocks(workspace: Workspace, value: unknown): readonly Fields[] | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const blocks = decode(value);
  if (!Array.isArray(blocks)) throw new Refusal("invalid_blocks_format");
  const checker = new Checker("message");
  checkBlocks(checker, blocks, "/blocks");
  const known = blocks.filter(isFields);
  const faults = [...checker.faults, ...findUnusable(workspace, known, "/blocks")];
  if (faults.length > 0) throw refuseFaults("invalid_blocks", faults);
  checkMarkdownTotal(known);
  return withIds(known, workspace.ids);
}

function checkMarkdownTotal(blocks: readonly Fields[]): void {
  const markdown = blocks.filter((block) => block.type === "markdown");
  const total = markdown.reduce((sum, block) => sum + (textAt(block, "text") ?? "").length, 0);
  if (total > slackLimits.message.markdownTotal) throw new Refusal("msg_blocks_too_long");
}

/** Finds what is well formed and still refused: kinds a test rejects, and files that are not there (yet). */
function findUnusable(
  workspace: Workspace,
  blocks: readonly Fields[],
  pointer: string,
): readonly SlackBlockFault[] {
  return blocks.flatMap((block, index) => {
    const at = `${pointer}/${index}`;
    const type = textAt(block, "type") ?? "";
    const faults: SlackBlockFault[] = [];
    if (workspace.faults.rejects(type)) {
      faults.push({ pointer: `${at}/type`, message: `unsupported type: ${type}` });
    }
    if (isFields(block.slack_file) && !isReady(workspace, block.slack_file)) {
      faults.push({ pointer: `${at}/slack_file`, message: "invalid slack file" });
    }
    if (isFields(block.accessory)) {
      faults.push(...findUnusable(workspace, [block.accessory], `${at}/accessory`));
    }
    return [...faults, ...findUnusable(workspace, objectsAt(block, "elements"), `${at}/elements`)];
  });
}

function isReady(workspace: Workspace, reference: Fields): boolean {
  const upload = workspace.uploads.find(textAt(reference, "id") ?? "");
  if (upload?.completedAt === undefined) return false;
  const age = workspace.time.now() - upload.completedAt;
  return age >= workspace.settings.fileProcessingMs;
}

function readAttachments(value: unknown): readonly Fields[] | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const attachments = decode(value);
  if (!Array.isArray(attachments) || !attachments.every(isFields)) {
    throw new Refusal("invalid_attachments");
  }
  if (attachments.length > slackLimits.message.attachments) {
    throw new Refusal("too_many_attachments");
  }
  const checker = new Checker("message");
  for (const [index, attachment] of attachments.entries()) {
    if (attachment.blocks === undefined) continue;
    checkBlocks(checker, attachment.blocks, `/attachments/${index}/blocks`);
  }
  if (checker.faults.length > 0) throw refuseFaults("invalid_attachments", checker.faults);
  return attachments;
}
