import { ActionIcon, Button, Menu, Stack, Text } from "@mantine/core";
import {
  type Icon,
  IconAdjustments,
  IconArrowsSort,
  IconBraces,
  IconCertificate,
  IconClockHour9,
  IconHourglass,
  IconPlus,
  IconStopwatch,
  IconTrendingUp,
  IconUsersPlus,
  IconX,
} from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { ChangeRowFields } from "./change-row-fields.tsx";
import { CHANGE_KINDS, type ChangeKind, type ChangeRow, faultOf, newRow } from "./change-rows.ts";
import type { PlanNames } from "./use-plan-names.ts";
import classes from "./what-if.module.css";

const ICONS: Readonly<Record<ChangeKind, Icon>> = {
  volume: IconTrendingUp,
  handling: IconStopwatch,
  staff: IconUsersPlus,
  skill: IconCertificate,
  queue: IconAdjustments,
  order: IconArrowsSort,
  hours: IconClockHour9,
  patience: IconHourglass,
  rules: IconBraces,
};
/** Of these there can be one only. */
const SINGLE: readonly ChangeKind[] = ["order", "rules"];

/** What is otherwise on the day: a row for each change, and a menu to add one. */
export function ChangeEditor(props: {
  readonly rows: readonly ChangeRow[];
  readonly names: PlanNames;
  /** Faults are told once the form was sent. */
  readonly showsFaults: boolean;
  readonly onChange: (rows: readonly ChangeRow[]) => void;
}) {
  const { rows, names, showsFaults, onChange } = props;
  const { t } = useTranslation();
  const next = useRef(rows.length);
  const isThere = (kind: ChangeKind): boolean => rows.some((row) => row.kind === kind);
  return (
    <Stack gap="sm">
      {rows.map((row) => {
        const RowIcon = ICONS[row.kind];
        const fault = showsFaults ? faultOf(row) : undefined;
        const name = t(`plan.what_if.kind.${row.kind}`);
        return (
          <fieldset key={row.key} className={classes.change}>
            <legend className={classes.legend}>
              <RowIcon size={16} stroke={1.7} aria-hidden="true" />
              {name}
            </legend>
            <ActionIcon
              className={classes.remove}
              aria-label={t("plan.what_if.remove_change", { change: name })}
              onClick={() => onChange(rows.filter((other) => other.key !== row.key))}
            >
              <IconX size={15} />
            </ActionIcon>
            <Text size="xs" c="dimmed" mb={6}>
              {t(`plan.what_if.kind_hint.${row.kind}`)}
            </Text>
            <ChangeRowFields
              row={row}
              names={names}
              onChange={(changed) => onChange(rows.map((other) => (other.key === row.key ? changed : other)))}
            />
            {fault && (
              <Text size="xs" c="red" mt={6} role="alert">
                {t(`plan.what_if.fault.${fault}`)}
              </Text>
            )}
          </fieldset>
        );
      })}
      <Menu position="bottom-start" width={300}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconPlus size={16} />} style={{ alignSelf: "flex-start" }}>
            {t("plan.what_if.add_change")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {CHANGE_KINDS.map((kind) => {
            const KindIcon = ICONS[kind];
            return (
              <Menu.Item
                key={kind}
                leftSection={<KindIcon size={17} stroke={1.7} />}
                disabled={SINGLE.includes(kind) && isThere(kind)}
                onClick={() => onChange([...rows, newRow(kind, next.current++)])}
              >
                {t(`plan.what_if.kind.${kind}`)}
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
    </Stack>
  );
}
