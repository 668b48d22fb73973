import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SlackSimulator, startSlack } from "../../src/index.ts";
import { webClient } from "./support/apps.ts";

const channel = "C0OPERATION";

describe("file uploads", () => {
  let slack: SlackSimulator;

  beforeEach(async () => {
    slack = await startSlack({ fileProcessingMs: 2_000 });
  });

  afterEach(() => slack.close());

  it("take the three steps of Slack's own client and share the file as a message", async () => {
    const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 13, 10, 45, 45]);
    const client = webClient(slack);
    const parent = await client.chat.postMessage({ channel, text: "Plan" });
    const sent = await client.files.uploadV2({
      channel_id: channel,
      thread_ts: parent.ts ?? "",
      filename: "load.png",
      title: "Load",
      alt_text: "pve-01 91 %",
      initial_comment: "Load per node",
      file: bytes,
    });
    const [upload] = slack.uploads();
    expect(sent).toMatchObject({
      ok: true,
      files: [{ files: [{ id: upload?.id, title: "Load" }] }],
    });
    expect(upload).toMatchObject({
      filename: "load.png",
      altText: "pve-01 91 %",
      channel,
      threadTs: parent.ts,
    });
    expect(upload?.bytes?.equals(bytes)).toBe(true);
    expect(slack.messages("operations").at(-1)).toMatchObject({
      text: "Load per node",
      threadTs: parent.ts,
      files: [{ id: upload?.id, name: "load.png" }],
    });
  });

  it("can be shown in blocks once they have been processed", async () => {
    const client = webClient(slack);
    await client.files.uploadV2({ filename: "load.png", file: Buffer.from("png") });
    const id = slack.uploads()[0]?.id ?? "";
    const blocks = [{ type: "image" as const, alt_text: "Load", slack_file: { id } }];
    const post = () => client.chat.postMessage({ channel, text: "x", blocks });
    await expect(post()).rejects.toMatchObject({
      data: { errors: ["invalid slack file [json-pointer:/blocks/0/slack_file]"] },
    });
    slack.advance(2_000);
    expect(await post()).toMatchObject({ ok: true });
  });

  it("refuse bytes that were not announced, and files that never came", async () => {
    const { files } = webClient(slack);
    const place = await files.getUploadURLExternal({ filename: "a.txt", length: 3 });
    const response = await fetch(place.upload_url ?? "", { method: "POST", body: "four" });
    expect(response.status).toBe(400);
    const id = place.file_id ?? "";
    const complete = files.completeUploadExternal({ files: [{ id, title: "A" }] });
    await expect(complete).rejects.toThrow("file_not_found");
    const long = { filename: "a.png", length: 3, alt_text: "x".repeat(1001) };
    await expect(files.getUploadURLExternal(long)).rejects.toThrow("alt_txt_too_large");
  });
});
