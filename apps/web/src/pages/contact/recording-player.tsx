import { ActionIcon, Button, Group, SegmentedControl, Skeleton, Stack, Text, Tooltip } from "@mantine/core";
import { api, type ContactDetail } from "@svara/contracts";
import {
  IconDownload,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconRewindBackward10,
  IconRewindForward10,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatClock } from "../../format/duration.ts";
import { formatMoment } from "../../format/moment.ts";
import { useServices } from "../../services.ts";
import { Waveform } from "./waveform.tsx";

const SPEEDS = ["0.75", "1", "1.25", "1.5", "2"] as const;
const POINTS = 900;

type Recording = ContactDetail["recordings"][number];

/** Listens to a recording: the customer above, the agent below, seek by click or keyboard. */
export function RecordingPlayer(props: {
  readonly recording: Recording;
  readonly may: ContactDetail["may"];
}) {
  const { t, i18n } = useTranslation();
  const { recording, may } = props;
  const { serverClock } = useServices();
  if (recording.state !== "stored") {
    return (
      <Text size="sm" c="dimmed">
        {t(`contact.recording_${recording.state}`)}
      </Text>
    );
  }
  if (!may.play) {
    return (
      <Text size="sm" c="dimmed">
        {t("contact.recording_not_yours")}
      </Text>
    );
  }
  return (
    <Stack gap="xs">
      <Player recording={recording} mayExport={may.exportRecording} />
      {recording.deleteAt !== null && (
        <Text size="xs" c="dimmed">
          {t("contact.recording_until", {
            when: formatMoment(recording.deleteAt, serverClock.now(), i18n.language),
          })}
        </Text>
      )}
    </Stack>
  );
}

function Player({ recording, mayExport }: { readonly recording: Recording; readonly mayExport: boolean }) {
  const { t } = useTranslation();
  const { client } = useServices();
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [positionMs, setPositionMs] = useState(0);
  const [speed, setSpeed] = useState<string>("1");
  const [failed, setFailed] = useState(false);
  const durationMs = recording.durationMs;
  const waveform = useQuery({
    queryKey: ["recordings", "waveform", recording.id],
    queryFn: () =>
      client.call(api.recordings.waveform, { params: { id: recording.id }, query: { points: POINTS } }),
    staleTime: Number.POSITIVE_INFINITY,
  });

  function seek(toMs: number): void {
    const clamped = Math.min(durationMs, Math.max(0, toMs));
    setPositionMs(clamped);
    if (audio.current) audio.current.currentTime = clamped / 1000;
  }
  function toggle(): void {
    const element = audio.current;
    if (!element) return;
    if (element.paused) void element.play().catch(() => setFailed(true));
    else element.pause();
  }
  return (
    <Stack gap="sm">
      {/* biome-ignore lint/a11y/useMediaCaption: a recording of a call has no captions yet */}
      <audio
        ref={audio}
        preload="none"
        src={client.url(api.recordings.audio, { params: { id: recording.id } })}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setPlaying(false)}
        onTimeUpdate={(event) => setPositionMs(event.currentTarget.currentTime * 1000)}
        onError={() => setFailed(true)}
      />
      {waveform.isPending ? (
        <Skeleton height={128} />
      ) : (
        <Waveform
          channels={waveform.data?.channels ?? []}
          durationMs={durationMs}
          positionMs={positionMs}
          onSeek={seek}
          onToggle={toggle}
          labels={[t("fields.customer"), recording.agent?.name ?? t("fields.agent")]}
        />
      )}
      <Group gap="sm" justify="space-between">
        <Group gap={6}>
          <Tooltip label={playing ? t("contact.pause") : t("contact.play")}>
            <ActionIcon
              size="lg"
              radius="xl"
              variant="filled"
              color="fjord"
              onClick={toggle}
              aria-label={playing ? t("contact.pause") : t("contact.play")}
            >
              {playing ? <IconPlayerPauseFilled size={18} /> : <IconPlayerPlayFilled size={18} />}
            </ActionIcon>
          </Tooltip>
          <ActionIcon size="lg" aria-label={t("contact.back_10")} onClick={() => seek(positionMs - 10_000)}>
            <IconRewindBackward10 size={20} />
          </ActionIcon>
          <ActionIcon
            size="lg"
            aria-label={t("contact.forward_10")}
            onClick={() => seek(positionMs + 10_000)}
          >
            <IconRewindForward10 size={20} />
          </ActionIcon>
          <Text size="sm" className="sv-num">
            {formatClock(positionMs)}{" "}
            <Text span c="dimmed">
              / {formatClock(durationMs)}
            </Text>
          </Text>
        </Group>
        <Group gap="sm">
          <SegmentedControl
            size="xs"
            aria-label={t("contact.speed")}
            value={speed}
            onChange={(value) => {
              setSpeed(value);
              if (audio.current) audio.current.playbackRate = Number(value);
            }}
            data={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
          />
          {mayExport && (
            <Button
              component="a"
              href={client.url(api.recordings.audio, {
                params: { id: recording.id },
                query: { download: "true" },
              })}
              download
              size="xs"
              variant="default"
              leftSection={<IconDownload size={15} />}
            >
              WAV
            </Button>
          )}
        </Group>
      </Group>
      {failed && (
        <Text size="sm" c="red" role="alert">
          {t("contact.play_failed")}
        </Text>
      )}
    </Stack>
  );
}
