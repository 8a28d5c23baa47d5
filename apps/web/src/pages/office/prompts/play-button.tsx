import { ActionIcon, Tooltip } from "@mantine/core";
import { IconPlayerPlayFilled, IconPlayerStopFilled } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyProblem } from "../../../api/notify.tsx";

/** Plays one prompt at a time. */
export interface Player {
  readonly playing: string | undefined;
  toggle(id: string, src: string): void;
}

export function usePlayer(): Player {
  const { t } = useTranslation();
  const audio = useRef<HTMLAudioElement>(undefined);
  const [playing, setPlaying] = useState<string>();
  useEffect(() => () => audio.current?.pause(), []);
  return {
    playing,
    toggle(id, src) {
      audio.current?.pause();
      if (playing === id) return setPlaying(undefined);
      const element = new Audio(src);
      audio.current = element;
      element.addEventListener("ended", () => setPlaying(undefined));
      element.play().then(
        () => setPlaying(id),
        () => notifyProblem(t("prompts.cannot_play")),
      );
    },
  };
}

/** Starts or stops a prompt. */
export function PlayButton(props: {
  readonly id: string;
  readonly name: string;
  readonly src: string;
  readonly player: Player;
}) {
  const { t } = useTranslation();
  const { id, name, src, player } = props;
  const playing = player.playing === id;
  const label = playing ? t("prompts.stop") : t("prompts.listen");
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="light"
        color="fjord"
        radius="xl"
        aria-label={`${label}: ${name}`}
        onClick={(event) => {
          event.stopPropagation();
          player.toggle(id, src);
        }}
      >
        {playing ? <IconPlayerStopFilled size={14} /> : <IconPlayerPlayFilled size={14} />}
      </ActionIcon>
    </Tooltip>
  );
}
