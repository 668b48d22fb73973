import type { Fields } from "../json.ts";
import { slackLimits } from "../limits.ts";
import type { Checker, FieldCheck } from "./checker.ts";
import { checkElement } from "./elements.ts";
import { checkTextObject } from "./objects.ts";

const cardFields = ["hero_image", "icon", "title", "subtitle", "body", "actions"];

/** Cards, alerts and videos: blocks that hold pictures and short texts. */
export const mediaBlocks: Readonly<Record<string, FieldCheck>> = {
  card: { fields: cardFields, check: checkCard },
  carousel: { fields: ["elements"], check: checkCarousel },
  alert: {
    fields: ["text", "level"],
    check: (checker, block, at) => {
      checkTextObject(checker, block, "text", at, { max: slackLimits.textObject });
      checker.choice(block, "level", at, ["default", "info", "warning", "error", "success"]);
    },
  },
  video: {
    fields: [
      ...["video_url", "thumbnail_url", "alt_text", "title", "title_url"],
      ...["author_name", "provider_name", "provider_icon_url", "description"],
    ],
    check: checkVideo,
  },
};

function checkCard(checker: Checker, card: Fields, at: string): void {
  const limits = slackLimits.card;
  const content = [card.hero_image, card.title, card.actions, card.body];
  if (content.every((part) => part === undefined)) {
    checker.fault(at, "must define at least one of `hero_image`, `title`, `actions`, `body`");
  }
  checkTextObject(checker, card, "title", at, { max: limits.title, optional: true });
  checkTextObject(checker, card, "subtitle", at, { max: limits.subtitle, optional: true });
  checkTextObject(checker, card, "body", at, { max: limits.body, optional: true });
  for (const key of ["hero_image", "icon"]) {
    if (card[key] === undefined) continue;
    checkElement(checker, card[key], `${at}/${key}`, ["image"], new Set());
  }
  const ids = new Set<string>();
  const buttons = checker.list(card, "actions", at, { optional: true });
  for (const [index, button] of buttons.entries()) {
    checkElement(checker, button, `${at}/actions/${index}`, ["button"], ids);
  }
}

function checkCarousel(checker: Checker, block: Fields, at: string): void {
  const cards = checker.list(block, "elements", at, { max: slackLimits.carousel });
  for (const [index, value] of cards.entries()) {
    const here = `${at}/elements/${index}`;
    const card = checker.object(value, here, ["type", "block_id", ...cardFields]);
    if (card === undefined) continue;
    if (card.type !== "card")
      checker.fault(`${here}/type`, `unsupported type: ${String(card.type)}`);
    checker.blockId(card, here);
    checkCard(checker, card, here);
  }
}

function checkVideo(checker: Checker, video: Fields, at: string): void {
  const limits = slackLimits.video;
  const url = { max: limits.url };
  checker.url(video, "video_url", at, url);
  checker.url(video, "thumbnail_url", at, url);
  checker.url(video, "title_url", at, { ...url, optional: true });
  checker.url(video, "provider_icon_url", at, { ...url, optional: true });
  checker.text(video, "alt_text", at, { max: limits.altText });
  checker.text(video, "author_name", at, { max: limits.authorName, optional: true });
  checker.text(video, "provider_name", at, { optional: true });
  checkTextObject(checker, video, "title", at, { max: limits.title, plain: true });
  checkTextObject(checker, video, "description", at, {
    max: slackLimits.textObject,
    plain: true,
    optional: true,
  });
}
