import { Group, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { formatClock } from "../../format/duration.ts";
import { columnPeaks } from "./column-peaks.ts";
import classes from "./contact.module.css";

const HEIGHT = 128;
const BAR = 3;
const GAP = 1;

/** Two mirrored halves: the left channel grows up, the right one down. A slider for the keyboard. */
export function Waveform(props: {
  readonly channels: readonly (readonly number[])[];
  readonly durationMs: number;
  readonly positionMs: number;
  readonly labels: readonly [string, string];
  readonly onSeek: (toMs: number) => void;
  readonly onToggle: () => void;
}) {
  const { t } = useTranslation();
  const { channels, durationMs, positionMs, labels, onSeek, onToggle } = props;
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const share = durationMs === 0 ? 0 : positionMs / durationMs;

  useEffect(() => {
    const canvas = canvasRef.current;
    if (canvas && width > 0) draw(canvas, width, channels, share);
  }, [width, channels, share]);

  function onKey(event: React.KeyboardEvent): void {
    const step = event.shiftKey ? 30_000 : 5_000;
    switch (event.key) {
      case "ArrowLeft":
        onSeek(positionMs - step);
        break;
      case "ArrowRight":
        onSeek(positionMs + step);
        break;
      case "Home":
        onSeek(0);
        break;
      case "End":
        onSeek(durationMs);
        break;
      case " ":
      case "Enter":
        onToggle();
        break;
      default:
        return;
    }
    event.preventDefault();
  }
  return (
    <div ref={sizeRef}>
      <canvas
        ref={canvasRef}
        className={classes.wave}
        height={HEIGHT}
        role="slider"
        tabIndex={0}
        aria-label={t("contact.position")}
        aria-valuemin={0}
        aria-valuemax={Math.round(durationMs / 1000)}
        aria-valuenow={Math.round(positionMs / 1000)}
        aria-valuetext={`${formatClock(positionMs)} / ${formatClock(durationMs)}`}
        onKeyDown={onKey}
        onPointerDown={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          onSeek(((event.clientX - box.left) / box.width) * durationMs);
        }}
      />
      <Group justify="space-between" mt={4}>
        <Legend color="var(--sv-state-ringing)" label={labels[0]} where="↑" />
        <Legend color="var(--sv-state-talking)" label={labels[1]} where="↓" />
      </Group>
    </div>
  );
}

function Legend({
  color,
  label,
  where,
}: {
  readonly color: string;
  readonly label: string;
  readonly where: string;
}) {
  return (
    <Group gap={6}>
      <span aria-hidden="true" style={{ width: 10, height: 10, borderRadius: 3, background: color }} />
      <Text size="xs" c="dimmed">
        {label} <span aria-hidden="true">{where}</span>
      </Text>
    </Group>
  );
}

function draw(
  canvas: HTMLCanvasElement,
  width: number,
  channels: readonly (readonly number[])[],
  share: number,
): void {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(HEIGHT * scale);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  context.fillStyle = color("--sv-sunken");
  context.fillRect(0, 0, width, HEIGHT);
  const columns = Math.max(1, Math.floor(width / (BAR + GAP)));
  const middle = HEIGHT / 2;
  const inks = [color("--sv-state-ringing"), color("--sv-state-talking")];
  for (const [index, channel] of channels.slice(0, 2).entries()) {
    const peaks = columnPeaks(channel, columns);
    context.fillStyle = inks[index] ?? "";
    for (const [column, peak] of peaks.entries()) {
      context.globalAlpha = column / columns <= share ? 1 : 0.42;
      const height = Math.max(1, peak * (middle - 6));
      context.fillRect(column * (BAR + GAP), index === 0 ? middle - height - 0.5 : middle + 0.5, BAR, height);
    }
  }
  context.globalAlpha = 1;
  context.fillStyle = color("--mantine-color-text");
  context.fillRect(Math.min(width - 2, share * width), 0, 2, HEIGHT);
}
