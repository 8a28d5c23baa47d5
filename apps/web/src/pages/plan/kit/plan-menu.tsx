import { Button, Menu, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconDots, IconDownload, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { notifyDone, notifyProblem } from "../../../api/notify.tsx";
import { problemText } from "../../../api/problem-text.ts";

/** What can be done with a plan as a whole: its file, and its end, which is asked about first. */
export function PlanMenu(props: {
  /** Address of the CSV. */
  readonly file: string;
  readonly name: string;
  /** Absent: may not be deleted. */
  readonly remove: (() => Promise<unknown>) | undefined;
  /** Where one is after it is gone. */
  readonly backTo: string;
}) {
  const { t } = useTranslation();
  const { name, remove, backTo } = props;
  const ask = useDeletion(name, backTo);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" px="xs" aria-label={t("common.actions")}>
          <IconDots size={17} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={props.file} download leftSection={<IconDownload size={16} />}>
          {t("plan.kit.download_csv")}
        </Menu.Item>
        {remove && (
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => ask(remove)}>
            {t("common.delete")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Asks before something of the plan is deleted for good, then does it and goes back. */
export function useDeletion(name: string, backTo: string): (remove: () => Promise<unknown>) => void {
  const { t, i18n } = useTranslation();
  const [, go] = useLocation();
  const cache = useQueryClient();
  const run = async (remove: () => Promise<unknown>): Promise<void> => {
    try {
      await remove();
      await cache.invalidateQueries({ queryKey: ["plan"] });
      notifyDone(t("plan.kit.deleted", { name }));
      go(backTo);
    } catch (error) {
      notifyProblem(problemText(error, i18n));
    }
  };
  return (remove) =>
    modals.openConfirmModal({
      title: t("plan.kit.delete_title", { name }),
      children: <Text size="sm">{t("plan.kit.delete_text")}</Text>,
      labels: { confirm: t("common.delete"), cancel: t("common.cancel") },
      confirmProps: { color: "red" },
      onConfirm: () => void run(remove),
    });
}
