import {
  ActionIcon,
  Anchor,
  Button,
  Drawer,
  Group,
  Select,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { api, CUSTOMER_TYPES, type Customer } from "@svara/contracts";
import { IconMail, IconPhone, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { notifyDone, notifyProblem } from "../../api/notify.tsx";
import { fieldProblems, problemText } from "../../api/problem-text.ts";
import { useMay } from "../../api/rights.ts";
import { LANGUAGE_NAMES } from "../../i18n/i18n.ts";
import { PhoneLink } from "../../kit/phone-link.tsx";
import { QueryProblem } from "../../kit/query-problem.tsx";
import { useServices } from "../../services.ts";
import { CODE, type CustomerForm, toDraft, toForm } from "./customer-form.ts";

/** One customer: who they are, how they are known, and the codes for routing. */
export function CustomerDrawer({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { client } = useServices();
  const customer = useQuery({
    queryKey: ["customers", "one", id],
    queryFn: () => client.call(api.customers.get, { params: { id } }),
  });
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="md"
      title={customer.data && t("customers.title", { number: customer.data.shortNumber })}
    >
      {customer.isPending && <Skeleton height={360} aria-busy="true" />}
      {customer.isError && <QueryProblem error={customer.error} onRetry={() => void customer.refetch()} />}
      {customer.data && <Form key={customer.data.updatedAt} customer={customer.data} onClose={onClose} />}
    </Drawer>
  );
}

function Form({ customer, onClose }: { readonly customer: Customer; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const locked = !useMay("customers.edit");
  const wrongCode = (value: string): string | null =>
    value.trim() === "" || CODE.test(value.trim()) ? null : t("customers.code_wrong");
  const form = useForm<CustomerForm>({
    initialValues: toForm(customer),
    validate: { segment: wrongCode, value: wrongCode },
  });
  const save = useMutation({
    mutationFn: (values: CustomerForm) =>
      client.call(api.customers.replace, { params: { id: customer.id }, body: toDraft(values) }),
    meta: { handlesErrors: true },
    onSuccess: async () => {
      notifyDone(t("common.saved"));
      onClose();
      await queries.invalidateQueries({ queryKey: ["customers"] });
    },
    onError: (error) => {
      const fields = fieldProblems(error, i18n);
      form.setErrors(fields);
      if (Object.keys(fields).length === 0) notifyProblem(problemText(error, i18n));
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <fieldset disabled={locked} style={{ all: "unset", display: "block" }}>
        <Stack gap="sm">
          <TextInput label={t("fields.name")} maxLength={120} {...form.getInputProps("name")} />
          <TextInput label={t("customers.company")} maxLength={120} {...form.getInputProps("company")} />
          <SimpleGrid cols={2} spacing="sm">
            <Select
              label={t("customers.type")}
              placeholder="–"
              clearable
              disabled={locked}
              data={CUSTOMER_TYPES.map((type) => ({ value: type, label: t(`customer_type.${type}`) }))}
              {...form.getInputProps("type")}
            />
            <Select
              label={t("fields.language")}
              placeholder="–"
              clearable
              disabled={locked}
              data={Object.entries(LANGUAGE_NAMES).map(([value, label]) => ({ value, label }))}
              {...form.getInputProps("language")}
            />
            <TextInput
              label={t("customers.segment")}
              description={t("customers.segment_hint")}
              {...form.getInputProps("segment")}
            />
            <TextInput
              label={t("customers.value")}
              description={t("customers.value_hint")}
              {...form.getInputProps("value")}
            />
          </SimpleGrid>
          <Identifiers form={form} locked={locked} />
          <Textarea label={t("fields.notes")} maxRows={10} {...form.getInputProps("notes")} />
        </Stack>
      </fieldset>
      <Group justify="space-between" mt="lg">
        <Anchor component={Link} href={`/contacts?customerId=${customer.id}`} size="sm">
          {t("customers.see_contacts")}
        </Anchor>
        {!locked && (
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            {t("common.save")}
          </Button>
        )}
      </Group>
    </form>
  );
}

function Identifiers(props: { readonly form: UseFormReturnType<CustomerForm>; readonly locked: boolean }) {
  const { t } = useTranslation();
  const { form, locked } = props;
  const add = (kind: "phone" | "email"): void => form.insertListItem("identifiers", { kind, value: "" });
  return (
    <fieldset style={{ all: "unset", display: "block" }}>
      <Text component="legend" size="sm" fw={500}>
        {t("customers.identifiers")}
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        {t("customers.identifiers_hint")}
      </Text>
      <Stack gap={6}>
        {form.values.identifiers.map((identifier, index) => (
          <TextInput
            // biome-ignore lint/suspicious/noArrayIndexKey: identifiers have no key but their place
            key={index}
            aria-label={identifier.kind === "phone" ? t("fields.number") : t("fields.email")}
            leftSection={identifier.kind === "phone" ? <IconPhone size={16} /> : <IconMail size={16} />}
            {...(identifier.kind === "phone" && /^\+\d{5,15}$/.test(identifier.value)
              ? { description: <PhoneLink number={identifier.value}>{t("calling.call")}</PhoneLink> }
              : {})}
            inputWrapperOrder={["label", "input", "description", "error"]}
            rightSection={
              !locked && (
                <ActionIcon
                  aria-label={t("common.remove")}
                  onClick={() => form.removeListItem("identifiers", index)}
                >
                  <IconX size={16} />
                </ActionIcon>
              )
            }
            {...form.getInputProps(`identifiers.${index}.value`)}
          />
        ))}
      </Stack>
      {!locked && (
        <Group gap="xs" mt={6}>
          <Button size="compact-xs" variant="subtle" onClick={() => add("phone")}>
            {t("customers.add_phone")}
          </Button>
          <Button size="compact-xs" variant="subtle" onClick={() => add("email")}>
            {t("customers.add_email")}
          </Button>
        </Group>
      )}
    </fieldset>
  );
}
