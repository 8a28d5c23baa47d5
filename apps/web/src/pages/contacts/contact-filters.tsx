import { Button, Collapse, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback, useDisclosure } from "@mantine/hooks";
import { api, CONTACT_OUTCOMES } from "@svara/contracts";
import { IconAdjustmentsHorizontal, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../api/rights.ts";
import { useServices, useSession } from "../../services.ts";
import { dispositionName, useDispositions } from "../desk/dispositions.ts";
import { type ContactQuery, withFilter } from "./contact-query.ts";
import { outcomeName } from "./outcome.ts";

const SEARCH_AFTER_MS = 300;

/** The list's filters: words always in sight, the rest opened when wanted. */
export function ContactFilters(props: {
  readonly query: ContactQuery;
  readonly onChange: (params: URLSearchParams) => void;
}) {
  const { t } = useTranslation();
  const { query, onChange } = props;
  const [search, setSearch] = useState(query.search ?? "");
  const active = Object.keys(query).filter((key) => key !== "search").length;
  const [open, { toggle }] = useDisclosure(active > 0);
  const apply = useDebouncedCallback(
    (text: string) => onChange(withFilter(query, { search: text })),
    SEARCH_AFTER_MS,
  );
  useEffect(() => setSearch(query.search ?? ""), [query.search]);
  return (
    <div>
      <Group gap="sm" wrap="nowrap">
        <TextInput
          style={{ flex: 1, maxWidth: 460 }}
          leftSection={<IconSearch size={17} />}
          aria-label={t("contacts.search")}
          placeholder={t("contacts.search")}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            apply(event.currentTarget.value);
          }}
        />
        <Button
          variant={active > 0 ? "light" : "default"}
          leftSection={<IconAdjustmentsHorizontal size={17} />}
          onClick={toggle}
          aria-expanded={open}
        >
          {active > 0 ? t("contacts.filters_active", { count: active }) : t("contacts.filters")}
        </Button>
      </Group>
      <Collapse expanded={open}>
        <MoreFilters {...props} />
      </Collapse>
    </div>
  );
}

function MoreFilters({ query, onChange }: Parameters<typeof ContactFilters>[0]) {
  const { t } = useTranslation();
  const { client } = useServices();
  const { clients } = useSession();
  const seesQueues = useMay("queues.view");
  const seesUsers = useMay("users.view");
  const dispositions = useDispositions();
  const queues = useQuery({
    queryKey: ["config", "queues", "all"],
    queryFn: () => client.call(api.queues.list, { query: { limit: 500, archived: "true" } }),
    enabled: seesQueues,
  });
  const users = useQuery({
    queryKey: ["config", "users", "all"],
    queryFn: () => client.call(api.users.list, { query: { limit: 1000 } }),
    enabled: seesUsers,
  });
  const set = (change: Parameters<typeof withFilter>[1]): void => onChange(withFilter(query, change));
  const filter = (key: keyof ContactQuery, label: string, data: { value: string; label: string }[]) => (
    <Select
      size="xs"
      w={180}
      label={label}
      placeholder={t("common.all")}
      clearable
      searchable={data.length > 8}
      data={data}
      value={query[key] ?? null}
      onChange={(value) => set({ [key]: value })}
    />
  );
  return (
    <Group gap="sm" mt="sm" align="flex-end">
      <TextInput
        size="xs"
        w={150}
        type="date"
        label={t("fields.from")}
        value={query.from ?? ""}
        onChange={(event) => set({ from: event.currentTarget.value })}
      />
      <TextInput
        size="xs"
        w={150}
        type="date"
        label={t("fields.to")}
        value={query.to ?? ""}
        onChange={(event) => set({ to: event.currentTarget.value })}
      />
      {filter(
        "direction",
        t("fields.direction"),
        (["inbound", "outbound", "internal"] as const).map((value) => ({
          value,
          label: t(`direction.${value}`),
        })),
      )}
      {filter(
        "outcome",
        t("fields.outcome"),
        CONTACT_OUTCOMES.map((value) => ({ value, label: outcomeName(value, t) })),
      )}
      {seesQueues &&
        filter(
          "queueId",
          t("fields.queue"),
          (queues.data?.items ?? []).map((each) => ({ value: each.id, label: each.name })),
        )}
      {seesUsers &&
        filter(
          "agentId",
          t("fields.agent"),
          (users.data?.items ?? [])
            .filter((each) => each.agent !== null)
            .map((each) => ({ value: each.id, label: each.displayName })),
        )}
      {filter(
        "dispositionId",
        t("fields.disposition"),
        dispositions.map((each) => ({ value: each.id, label: dispositionName(each, t) })),
      )}
      {clients.length > 1 &&
        filter(
          "clientId",
          t("fields.client"),
          clients.map((each) => ({ value: each.id, label: each.name })),
        )}
    </Group>
  );
}
