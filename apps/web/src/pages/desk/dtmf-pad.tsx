import { Button, SimpleGrid, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

const KEYS: readonly (readonly [tone: string, letters: string])[] = [
  ["1", ""],
  ["2", "ABC"],
  ["3", "DEF"],
  ["4", "GHI"],
  ["5", "JKL"],
  ["6", "MNO"],
  ["7", "PQRS"],
  ["8", "TUV"],
  ["9", "WXYZ"],
  ["*", ""],
  ["0", "+"],
  ["#", ""],
];

/** Twelve keys; the keyboard's own digits work as well while the pad has focus. */
export function DtmfPad({
  onTone,
  size = "md",
}: {
  readonly onTone: (tone: string) => void;
  readonly size?: "sm" | "md";
}) {
  const { t } = useTranslation();
  const height = size === "md" ? 48 : 42;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys inside are buttons; this only lets digits be typed
    <div
      onKeyDown={(event) => {
        if (/^[0-9*#]$/.test(event.key)) onTone(event.key);
      }}
    >
      <SimpleGrid cols={3} spacing={6} verticalSpacing={6} role="group" aria-label={t("desk.keypad")}>
        {KEYS.map(([tone, letters]) => (
          <Button
            key={tone}
            variant="default"
            h={height}
            miw={64}
            px={0}
            onClick={() => onTone(tone)}
            aria-label={tone}
          >
            <span style={{ display: "grid", lineHeight: 1.1 }}>
              <span className="sv-num" style={{ fontSize: "1.0625rem" }}>
                {tone}
              </span>
              <Text
                component="span"
                c="dimmed"
                style={{ fontSize: "0.5625rem", letterSpacing: "0.08em", height: 10 }}
              >
                {letters}
              </Text>
            </span>
          </Button>
        ))}
      </SimpleGrid>
    </div>
  );
}
