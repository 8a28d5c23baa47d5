import { Button, Group, Skeleton, Stack, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { api, type Customer } from "@svara/contracts";
import { IconAddressBook, IconSearch, IconSearchOff } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { formatMoment } from "../../format/moment.ts";
import { formatPhone } from "../../format/phone-number.ts";
import { Empty } from "../../kit/empty.tsx";
import { PageHeader } from "../../kit/page-header.tsx";
import { PhoneLink } from "../../kit/phone-link.tsx";
import { QueryProblem } from "../../kit/query-problem.tsx";
import { useServices } from "../../services.ts";
import { CustomerCodes } from "./customer-codes.tsx";
import { CustomerDrawer } from "./customer-drawer.tsx";
import { PeopleTabs } from "./people-tabs.tsx";

const PAGE_SIZE = 50;
const SEARCH_AFTER_MS = 300;

/** Who contacts the centre, with the codes that routing may ask for; `?open=` with an id opens one. */
export function CustomersPage() {
  const { t } = useTranslation();
  const { client } = useServices();
  const [params, setParams] = useSearchParams();
  const search = params.get("search") ?? "";
  const openId = params.get("open");
  const set = (change: Readonly<Record<string, string | null>>): void => {
    const next = new URLSearchParams(params);
    for (const [key, value] of Object.entries(change)) {
      if (value) next.set(key, value);
      else next.delete(key);
    }
    setParams(next, { replace: true });
  };
  const list = useInfiniteQuery({
    queryKey: ["customers", "list", search],
    queryFn: ({ pageParam }) =>
      client.call(api.customers.list, {
        query: {
          limit: PAGE_SIZE,
          ...(search === "" ? {} : { search }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: (previous) => previous,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="md" maw={1600} mx="auto">
      <PeopleTabs current="customers" />
      <PageHeader title={t("shell.customers")} description={t("customers.description")} />
      <SearchField value={search} onChange={(text) => set({ search: text })} />
      {list.isError && <QueryProblem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={420} radius="lg" aria-busy="true" />}
      {list.isSuccess && items.length === 0 && (
        <div className="sv-surface">
          {search === "" ? (
            <Empty icon={IconAddressBook} title={t("customers.none_title")} text={t("customers.none_text")} />
          ) : (
            <Empty
              icon={IconSearchOff}
              title={t("common.nothing_found")}
              text={t("customers.nothing_found_text")}
            />
          )}
        </div>
      )}
      {items.length > 0 && (
        <>
          <div className="sv-surface" style={{ overflow: "hidden" }}>
            <CustomerTable items={items} onOpen={({ id }) => set({ open: id })} />
          </div>
          <Group justify="center" mih={40}>
            {list.hasNextPage ? (
              <Button
                variant="default"
                onClick={() => void list.fetchNextPage()}
                loading={list.isFetchingNextPage}
              >
                {t("common.more")}
              </Button>
            ) : (
              <Text size="xs" c="dimmed">
                {t("customers.count", { count: items.length })}
              </Text>
            )}
          </Group>
        </>
      )}
      {openId !== null && <CustomerDrawer key={openId} id={openId} onClose={() => set({ open: null })} />}
    </Stack>
  );
}

function SearchField(props: { readonly value: string; readonly onChange: (text: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(props.value);
  const apply = useDebouncedCallback(props.onChange, SEARCH_AFTER_MS);
  return (
    <TextInput
      maw={460}
      leftSection={<IconSearch size={17} />}
      aria-label={t("customers.search")}
      placeholder={t("customers.search")}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        apply(event.currentTarget.value);
      }}
    />
  );
}

interface TableProps {
  readonly items: readonly Customer[];
  readonly onOpen: (customer: Customer) => void;
}

function CustomerTable({ items, onOpen }: TableProps) {
  const { t, i18n } = useTranslation();
  const { serverClock } = useServices();
  const last = (customer: Customer): string =>
    customer.lastContactAt === null
      ? "–"
      : formatMoment(customer.lastContactAt, serverClock.now(), i18n.language);
  return (
    <>
      <Table visibleFrom="md" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("fields.customer")}</Table.Th>
            <Table.Th>{t("fields.number")}</Table.Th>
            <Table.Th>{t("customers.type")}</Table.Th>
            <Table.Th>{t("customers.segment")}</Table.Th>
            <Table.Th>{t("customers.value")}</Table.Th>
            <Table.Th ta="right">{t("customers.contacts")}</Table.Th>
            <Table.Th ta="right">{t("customers.last_contact")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((customer) => (
            <Table.Tr
              key={customer.id}
              className="sv-rowlink"
              tabIndex={0}
              data-row
              onClick={() => onOpen(customer)}
              onKeyDown={(event) => event.key === "Enter" && onOpen(customer)}
            >
              <Table.Td maw={320}>
                <Text size="sm" fw={560} truncate c={customer.name === null ? "dimmed" : undefined}>
                  {customer.name ?? t("customers.unnamed")}
                </Text>
                <Text size="xs" c="dimmed" truncate>
                  {[`${t("customers.number")} ${customer.shortNumber}`, customer.company]
                    .filter(Boolean)
                    .join(" · ")}
                </Text>
              </Table.Td>
              <Table.Td className="sv-num">
                <FirstIdentifier customer={customer} />
              </Table.Td>
              <Table.Td>{customer.type === null ? "–" : t(`customer_type.${customer.type}`)}</Table.Td>
              <Table.Td>{customer.segment ?? "–"}</Table.Td>
              <Table.Td>{customer.value ?? "–"}</Table.Td>
              <Table.Td ta="right" className="sv-num">
                {customer.contactCount}
              </Table.Td>
              <Table.Td ta="right" className="sv-num" style={{ whiteSpace: "nowrap" }}>
                {last(customer)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Stack hiddenFrom="md" gap={0}>
        {items.map((customer) => (
          <button
            key={customer.id}
            type="button"
            className="sv-rowlink"
            data-row
            style={{
              all: "unset",
              cursor: "pointer",
              padding: "0.75rem 1rem",
              borderBottom: "1px solid var(--sv-line)",
            }}
            onClick={() => onOpen(customer)}
          >
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm" fw={560} truncate c={customer.name === null ? "dimmed" : undefined}>
                {customer.name ?? t("customers.unnamed")}
              </Text>
              <Text size="xs" c="dimmed" className="sv-num" style={{ whiteSpace: "nowrap" }}>
                {last(customer)}
              </Text>
            </Group>
            <Group gap="xs" mt={2}>
              <Text size="xs" c="dimmed" className="sv-num">
                {firstIdentifier(customer)}
              </Text>
              <CustomerCodes customer={customer} />
            </Group>
          </button>
        ))}
      </Stack>
    </>
  );
}

/** A number is called by a click. */
function FirstIdentifier({ customer }: { readonly customer: Customer }) {
  const [first] = customer.identifiers;
  if (first?.kind === "phone") return <PhoneLink number={first.value} />;
  return firstIdentifier(customer);
}

function firstIdentifier({ identifiers }: Customer): string {
  const [first] = identifiers;
  if (!first) return "–";
  return first.kind === "phone" ? formatPhone(first.value) : first.value;
}
