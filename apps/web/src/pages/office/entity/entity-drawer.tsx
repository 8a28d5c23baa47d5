import { Alert, Button, Divider, Drawer, Group, Stack, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { modals } from "@mantine/modals";
import { IconAlertTriangle, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { fieldProblems, problemText } from "../../../api/problem-text.ts";

/** A form in a drawer: what the server refuses appears at the field that it named. */
export function EntityDrawer<D>(props: {
  readonly title: string;
  readonly form: UseFormReturnType<D>;
  readonly locked: boolean;
  readonly wide?: boolean;
  readonly saving: boolean;
  readonly error: unknown;
  readonly onClose: () => void;
  readonly onSubmit: (draft: D) => Promise<void>;
  readonly onRemove?: () => Promise<void>;
  readonly after?: ReactNode;
  readonly children: ReactNode;
}) {
  const { t, i18n } = useTranslation();
  const { form, locked, onRemove, title } = props;

  async function submit(draft: D): Promise<void> {
    try {
      await props.onSubmit(draft);
    } catch (error) {
      form.setErrors(fieldProblems(error, i18n));
      document
        .querySelector<HTMLElement>(
          "[data-entity-form] [data-invalid], [data-entity-form] [aria-invalid=true]",
        )
        ?.focus();
    }
  }
  function close(): void {
    if (!form.isDirty() || locked) return props.onClose();
    modals.openConfirmModal({
      title: t("office.discard_title"),
      children: <Text size="sm">{t("office.discard_text")}</Text>,
      labels: { confirm: t("office.discard"), cancel: t("office.keep_editing") },
      onConfirm: props.onClose,
    });
  }
  function confirmRemove(): void {
    modals.openConfirmModal({
      title: t("office.remove_title", { name: title }),
      children: <Text size="sm">{t("office.remove_text")}</Text>,
      labels: { confirm: t("common.remove"), cancel: t("common.cancel") },
      confirmProps: { color: "red" },
      onConfirm: () => void onRemove?.(),
    });
  }
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size={props.wide ? 680 : 480}
      title={
        <Text fw={620} size="lg" component="span">
          {title}
        </Text>
      }
    >
      <form data-entity-form onSubmit={form.onSubmit((draft) => void submit(draft))} noValidate>
        <Stack gap="md" pb="md">
          {props.error !== null && props.error !== undefined && (
            <Alert color="red" icon={<IconAlertTriangle />} role="alert">
              {problemText(props.error, i18n)}
            </Alert>
          )}
          {locked && (
            <Text size="sm" c="dimmed">
              {t("office.locked")}
            </Text>
          )}
          <fieldset disabled={locked} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
            <Stack gap="md">{props.children}</Stack>
          </fieldset>
          <Group justify="space-between" mt="sm">
            {onRemove ? (
              <Button
                variant="subtle"
                color="red"
                leftSection={<IconTrash size={16} />}
                onClick={confirmRemove}
              >
                {t("common.remove")}
              </Button>
            ) : (
              <span />
            )}
            <Group gap="xs">
              <Button variant="default" onClick={close}>
                {locked ? t("common.close") : t("common.cancel")}
              </Button>
              {!locked && (
                <Button type="submit" loading={props.saving} data-testid="save">
                  {t("common.save")}
                </Button>
              )}
            </Group>
          </Group>
        </Stack>
      </form>
      {props.after !== undefined && (
        <>
          <Divider my="md" />
          {props.after}
        </>
      )}
    </Drawer>
  );
}
