import { Modal, Skeleton, Stack, Text } from "@mantine/core";
import { api } from "@svara/contracts";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { formatFull } from "../../../format/moment.ts";
import { useServices } from "../../../services.ts";

/** What was published when, by whom. */
export function VersionsDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const versions = useQuery({
    queryKey: ["plan", "roster", id, "versions"],
    queryFn: () => client.call(api.planRosters.versions, { params: { id } }),
  });
  return (
    <Modal opened onClose={onClose} title={t("plan.roster.versions")}>
      {versions.isPending && <Skeleton height={80} />}
      <Stack gap="sm">
        {versions.data?.items.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("plan.roster.never_published")}
          </Text>
        )}
        {versions.data?.items.map(({ version, at, by, note, shifts }) => (
          <div key={version}>
            <Text size="sm" fw={560}>
              {t("plan.roster.published", { version })}
            </Text>
            <Text size="xs" c="dimmed">
              {formatFull(at, i18n.language)} · {by || t("plan.requests.by_rules")} ·{" "}
              {t("plan.roster.shifts_count", { count: shifts })}
            </Text>
            {note !== "" && <Text size="sm">{note}</Text>}
          </div>
        ))}
      </Stack>
    </Modal>
  );
}
