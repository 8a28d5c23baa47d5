import {
  Checkbox,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Text,
} from "@mantine/core";
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
      <SegmentedControl
        value={value.work}
        onChange={(work) => set({ work: work === "back_office" ? "back_office" : "live" })}
        data={[
          { value: "live", label: t("plan.staffing.work.live") },
          { value: "back_office", label: t("plan.staffing.work.back_office") },
        ]}
        aria-label={t("plan.staffing.work_kind")}
      />
      {value.work === "live" ? (
        <TargetFields value={value.target} onChange={(target) => set({ target })} />
      ) : (
        <BackOfficeFields value={value} onChange={set} />
      )}
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
        {value.work === "live" && (
          <NumberInput
            inputWrapperOrder={["label", "input", "description", "error"]}
            label={t("plan.staffing.patience_s")}
            description={
              value.patienceCurve ? t("plan.staffing.patience_measured") : t("plan.staffing.patience_hint")
            }
            min={1}
            max={604_800}
            value={value.patienceS ?? ""}
            onChange={(next) => {
              const patienceS = next === "" ? null : Math.max(1, Number(next));
              if (patienceS !== value.patienceS) set({ patienceS, patienceCurve: null });
            }}
          />
        )}
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

/** Work that can wait: the promised time, what waits already, and how busy people may be. */
function BackOfficeFields(props: {
  readonly value: StaffingInputs;
  readonly onChange: (change: Partial<StaffingInputs>) => void;
}) {
  const { t } = useTranslation();
  const { value, onChange } = props;
  const { target } = value;
  const promisedS = target.serviceLevel?.thresholdS ?? 86_400;
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {t("plan.staffing.back_office_text")}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
        <NumberInput
          label={t("plan.staffing.promised_h")}
          min={0.25}
          max={168}
          decimalScale={2}
          value={Math.round((promisedS / 3600) * 100) / 100}
          onChange={(next) =>
            onChange({
              target: {
                ...target,
                serviceLevel: {
                  share: target.serviceLevel?.share ?? 0.95,
                  basis: target.serviceLevel?.basis ?? "all",
                  thresholdS: Math.max(900, (Number(next) || 24) * 3600),
                },
              },
            })
          }
        />
        <NumberInput
          label={t("plan.staffing.backlog")}
          min={0}
          max={1_000_000}
          allowDecimal={false}
          value={value.backlog}
          onChange={(next) => onChange({ backlog: Math.max(0, Math.round(Number(next) || 0)) })}
        />
        <NumberInput
          label={t("plan.staffing.occupancy_most")}
          suffix=" %"
          min={5}
          max={100}
          value={(target.maxOccupancy ?? 1) * 100}
          onChange={(next) =>
            onChange({ target: { ...target, maxOccupancy: bounded((Number(next) || 100) / 100, 0.05, 1) } })
          }
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
