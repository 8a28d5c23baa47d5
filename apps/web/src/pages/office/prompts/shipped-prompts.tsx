import { Group, Stack, Text, Title } from "@mantine/core";
import { api } from "@svara/contracts";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES } from "../../../i18n/i18n.ts";
import { useServices } from "../../../services.ts";
import { PlayButton, type Player } from "./play-button.tsx";

/** What comes with Svara, to be listened to; shown in the reader's language and without one. */
export function ShippedPrompts({ player }: { readonly player: Player }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const shipped = useQuery({
    queryKey: ["shipped-prompts"],
    queryFn: () => client.call(api.prompts.shipped, {}),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const items = (shipped.data?.items ?? []).filter(
    (item) => !item.path.includes("/number/") && (item.language === null || item.language === i18n.language),
  );
  if (items.length === 0) return null;
  return (
    <section aria-labelledby="shipped-prompts">
      <Title order={2} id="shipped-prompts">
        {t("prompts.shipped")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t("prompts.shipped_text")}
      </Text>
      <Stack gap={0} className="sv-surface">
        {items.map((item) => (
          <Group key={item.path} px="md" py={8} gap="sm" style={{ borderBottom: "1px solid var(--sv-line)" }}>
            <PlayButton
              id={item.path}
              name={readable(item.name)}
              src={client.url(api.prompts.shippedAudio, { query: { path: item.path } })}
              player={player}
            />
            <Text size="sm" fw={560} style={{ flex: 1 }}>
              {readable(item.name)}
            </Text>
            <Text size="xs" c="dimmed">
              {t(`prompts.${item.kind}`)}
              {item.language && ` · ${LANGUAGE_NAMES[item.language]}`}
            </Text>
          </Group>
        ))}
      </Stack>
    </section>
  );
}

/** `recording-notice` as words: these names are file names. */
function readable(name: string): string {
  const words = name.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
