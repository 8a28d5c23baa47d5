import { Checkbox, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

const TIERS = [1, 2, 3, 4] as const;
type Tier = (typeof TIERS)[number];

/** Lines of support to choose from. */
export function TierChoice(props: {
  readonly label: string;
  readonly description?: string;
  readonly value: readonly Tier[];
  readonly onChange: (tiers: Tier[]) => void;
  readonly error?: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Checkbox.Group
      label={props.label}
      description={props.description}
      error={props.error}
      value={props.value.map(String)}
      onChange={(chosen) => props.onChange(TIERS.filter((tier) => chosen.includes(String(tier))))}
    >
      <Group gap="md" mt={6}>
        {TIERS.map((tier) => (
          <Checkbox key={tier} value={String(tier)} label={t(`tier.n${tier}`)} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
