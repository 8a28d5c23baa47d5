import { Checkbox, Group, NumberInput, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { SERVICE_LEVEL_BASES, type StaffingInputs, type StaffingTarget } from "@svara/contracts";
import { useTranslation } from "react-i18next";

/** Targets, shrinkage, handling time and patience of one queue. Targets that are on must all hold. */
export function InputsFields(props: {
  readonly value: StaffingInputs;
  /** Handling time was learnt from contacts. */
  readonly learnt: boolean;
  readonly onChange: (value: StaffingInputs) => void;
}) {
  const { t } = useTranslation();
  const { value, learnt, onChange } = props;
  const set = (change: Partial<StaffingInputs>): void => onChange({ ...value, ...change });
  return (
    <Stack gap="md">
      <TargetFields value={value.target} onChange={(target) => set({ target })} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <NumberInput
          inputWrapperOrder={["label", "input", "description", "error"]}
          label={t("plan.staffing.handle_s")}
          description={learnt ? t("plan.staffing.learnt") : t("plan.staffing.guessed")}
          min={1}
          max={86_400}
          value={value.handleS}
          onChange={(next) => set({ handleS: Math.max(1, Number(next) || 1) })}
        />
        <NumberInput
          inputWrapperOrder={["label", "input", "description", "error"]}
          label={t("plan.staffing.patience_s")}
          description={t("plan.staffing.patience_hint")}
          min={1}
          max={604_800}
          value={value.patienceS ?? ""}
          onChange={(next) => set({ patienceS: next === "" ? null : Math.max(1, Number(next)) })}
        />
        <NumberInput
          inputWrapperOrder={["label", "input", "description", "error"]}
          label={t("plan.staffing.shrinkage")}
          description={t("plan.staffing.shrinkage_hint")}
          suffix=" %"
          min={0}
          max={90}
          value={Math.round(value.shrinkage * 1000) / 10}
          onChange={(next) => set({ shrinkage: Math.min(0.9, Math.max(0, (Number(next) || 0) / 100)) })}
        />
        <NumberInput
          inputWrapperOrder={["label", "input", "description", "error"]}
          label={t("plan.staffing.minimum")}
          description={t("plan.staffing.minimum_hint")}
          min={0}
          max={10_000}
          allowDecimal={false}
          value={value.minimumAgents}
          onChange={(next) => set({ minimumAgents: Math.max(0, Math.round(Number(next) || 0)) })}
        />
      </SimpleGrid>
    </Stack>
  );
}

/** What is to hold; each target can be switched on by itself. */
export function TargetFields(props: {
  readonly value: StaffingTarget;
  readonly onChange: (value: StaffingTarget) => void;
}) {
  const { t } = useTranslation();
  const { value, onChange } = props;
  const set = (change: Partial<StaffingTarget>): void => onChange({ ...value, ...change });
  const { serviceLevel, maxMeanWaitS, maxAbandon, maxOccupancy } = value;
  return (
    <Stack gap="xs">
      <Text size="sm" fw={560}>
        {t("plan.staffing.targets")}
      </Text>
      <Group gap="xs" align="center">
        <Checkbox
          label={t("plan.staffing.service_level")}
          checked={serviceLevel !== null}
          onChange={(event) =>
            set({
              serviceLevel: event.currentTarget.checked
                ? { share: 0.8, thresholdS: 20, basis: "abandonsOut" }
                : null,
            })
          }
          w={210}
        />
        {serviceLevel && (
          <>
            <NumberInput
              size="xs"
              w={84}
              aria-label={t("plan.staffing.share")}
              suffix=" %"
              min={1}
              max={99.9}
              value={Math.round(serviceLevel.share * 1000) / 10}
              onChange={(next) =>
                set({
                  serviceLevel: { ...serviceLevel, share: bounded((Number(next) || 80) / 100, 0.01, 0.999) },
                })
              }
            />
            <NumberInput
              size="xs"
              w={96}
              aria-label={t("plan.staffing.threshold")}
              suffix=" s"
              min={1}
              value={serviceLevel.thresholdS}
              onChange={(next) =>
                set({ serviceLevel: { ...serviceLevel, thresholdS: Math.max(1, Number(next) || 20) } })
              }
            />
            <Select
              size="xs"
              w={210}
              aria-label={t("plan.staffing.basis")}
              data={SERVICE_LEVEL_BASES.map((basis) => ({
                value: basis,
                label: t(`plan.staffing.bases.${basis}`),
              }))}
              value={serviceLevel.basis}
              onChange={(basis) =>
                basis && set({ serviceLevel: { ...serviceLevel, basis: basis as typeof serviceLevel.basis } })
              }
            />
          </>
        )}
      </Group>
      <OneTarget
        label={t("plan.staffing.mean_wait")}
        value={maxMeanWaitS}
        usual={30}
        suffix=" s"
        min={0.1}
        onChange={(next) => set({ maxMeanWaitS: next })}
      />
      <OneTarget
        label={t("plan.staffing.abandon")}
        value={maxAbandon === null ? null : maxAbandon * 100}
        usual={5}
        suffix=" %"
        min={0.01}
        onChange={(next) => set({ maxAbandon: next === null ? null : bounded(next / 100, 0.0001, 0.9999) })}
      />
      <OneTarget
        label={t("plan.staffing.occupancy")}
        value={maxOccupancy === null ? null : maxOccupancy * 100}
        usual={85}
        suffix=" %"
        min={5}
        onChange={(next) => set({ maxOccupancy: next === null ? null : bounded(next / 100, 0.05, 1) })}
      />
    </Stack>
  );
}

function OneTarget(props: {
  readonly label: string;
  readonly value: number | null;
  readonly usual: number;
  readonly suffix: string;
  readonly min: number;
  readonly onChange: (value: number | null) => void;
}) {
  const { label, value, usual, suffix, min, onChange } = props;
  return (
    <Group gap="xs" align="center">
      <Checkbox
        label={label}
        checked={value !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? usual : null)}
        w={210}
      />
      {value !== null && (
        <NumberInput
          size="xs"
          w={96}
          aria-label={label}
          suffix={suffix}
          min={min}
          decimalScale={2}
          value={value}
          onChange={(next) => onChange(Math.max(min, Number(next) || usual))}
        />
      )}
    </Group>
  );
}

function bounded(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
