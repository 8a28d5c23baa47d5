import { fileURLToPath } from "node:url";
import type { Sound } from "@svara/conversation";
import { type Language, type MusicRef, musicPath, type PromptRef, promptPath } from "@svara/flows";
import type { PromptId } from "@svara/kernel";
import type { PlaybackItem } from "@svara/telephony";

/** Folder of the audio that ships with Svara. */
const SHIPPED = new URL("../../../../packages/flows/prompts/", import.meta.url);

/** Finds the files of what callers hear. */
export class Sounds {
  readonly #uploaded: (id: PromptId) => string | undefined;

  /** `uploaded` gives the absolute path of a prompt that the centre uploaded. */
  constructor(uploaded: (id: PromptId) => string | undefined) {
    this.#uploaded = uploaded;
  }

  prompts(prompts: readonly PromptRef[]): PlaybackItem[] {
    return prompts.flatMap((prompt) => {
      const path =
        prompt.kind === "system"
          ? shipped(promptPath(prompt.language, prompt.name))
          : this.#uploaded(prompt.promptId);
      return path === undefined ? [] : [file(path)];
    });
  }

  music(music: MusicRef): PlaybackItem[] {
    const own = music.kind === "uploaded" ? this.#uploaded(music.promptId) : undefined;
    return [file(own ?? shipped(musicPath("default")))];
  }

  #announcement(promptId: PromptId | undefined): PlaybackItem[] {
    const path = promptId === undefined ? undefined : this.#uploaded(promptId);
    return path === undefined ? [] : [file(path)];
  }

  /** `more`: what an announcement says, and whether a beep goes before it. */
  sound(
    sound: Sound,
    language: Language,
    more: { readonly announcement?: PromptId; readonly beep?: boolean } = {},
  ): PlaybackItem[] {
    switch (sound) {
      case "music":
        return [file(shipped(musicPath("default")))];
      case "comfort":
        return [file(shipped(musicPath("comfort")))];
      case "ringback":
        return [{ kind: "tone", tone: "ringback" }];
      case "transferring":
        return [file(shipped(promptPath(language, "transferring")))];
      case "technical_fault":
        return [file(shipped(promptPath(language, "technical-fault")))];
      case "beep":
        return [BEEP];
      case "announcement":
        return [...(more.beep ? [BEEP] : []), ...this.#announcement(more.announcement)];
    }
  }
}

const BEEP: PlaybackItem = { kind: "tone", tone: "beep" };

function file(path: string): PlaybackItem {
  return { kind: "file", path };
}

function shipped(relative: string): string {
  return fileURLToPath(new URL(relative, SHIPPED));
}
