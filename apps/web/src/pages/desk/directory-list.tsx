import { Group, Skeleton, Stack, Text, UnstyledButton } from "@mantine/core";
import { api, type DirectoryEntry } from "@svara/contracts";
import { IconBellOff, IconHash, IconPhone, IconRouteSquare, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { formatPhone } from "../../format/phone-number.ts";
import { Pill, StateBadge } from "../../kit/agent-state.tsx";
import { PersonAvatar } from "../../kit/person-avatar.tsx";
import { useServices } from "../../services.ts";
import classes from "./directory-list.module.css";

/** Of every answer of the directory, whatever was searched. */
export const DIRECTORY_KEY = ["desk", "directory"] as const;

/** Colleagues with their state, queues with who waits, favourite numbers. */
export function DirectoryList(props: {
  readonly search: string;
  readonly selected?: string | undefined;
  readonly onPick: (entry: DirectoryEntry) => void;
  readonly height?: number;
  /** Only these; absent: whom one can call. */
  readonly kinds?: readonly DirectoryEntry["kind"][];
}) {
  const { t } = useTranslation();
  const { client } = useServices();
  const search = props.search.trim();
  const entryPoints = props.kinds?.includes("entry_point") ?? false;
  const directory = useQuery({
    queryKey: [...DIRECTORY_KEY, search, entryPoints],
    queryFn: () =>
      client.call(api.desk.directory, {
        query: { ...(search === "" ? {} : { search }), ...(entryPoints ? { entryPoints: "true" } : {}) },
      }),
    refetchInterval: 2_000, // states of colleagues are shown beside their names, and calls are given by them
    placeholderData: (previous) => previous,
  });
  if (directory.isPending) {
    return (
      <Stack gap={6}>
        {[1, 2, 3, 4].map((n) => (
          <Skeleton key={n} height={44} />
        ))}
      </Stack>
    );
  }
  const items = (directory.data?.items ?? []).filter(({ kind }) => props.kinds?.includes(kind) ?? true);
  if (items.length === 0) {
    return (
      <Text size="sm" c="dimmed" py="sm">
        {t("desk.directory_empty")}
      </Text>
    );
  }
  return (
    <div className={classes.list} style={{ maxHeight: props.height ?? 280 }}>
      <Stack gap={2} role="listbox" aria-label={t("desk.directory")}>
        {items.map((entry) => (
          <UnstyledButton
            key={`${entry.kind}-${entry.id}`}
            role="option"
            aria-selected={props.selected === entry.id}
            onClick={() => props.onPick(entry)}
            className="sv-rowlink"
            style={{
              padding: "0.4375rem 0.625rem",
              borderRadius: 8,
              ...(props.selected === entry.id ? { background: "var(--sv-accent-soft)" } : {}),
            }}
          >
            <Entry entry={entry} />
          </UnstyledButton>
        ))}
      </Stack>
    </div>
  );
}

function Entry({ entry }: { readonly entry: DirectoryEntry }) {
  const { t } = useTranslation();
  switch (entry.kind) {
    case "agent":
      return (
        <Row mark={<PersonAvatar name={entry.name} size={30} />} name={entry.name} below={entry.teamName}>
          {entry.doNotDisturb ? (
            <Pill tone="away" icon={IconBellOff}>
              {t("calling.do_not_disturb")}
            </Pill>
          ) : (
            <StateBadge state={entry.state} />
          )}
        </Row>
      );
    case "queue":
      return (
        <Row
          mark={<IconUsersGroup size={22} stroke={1.6} />}
          name={entry.name}
          below={t("desk.queue_available", { count: entry.available })}
        >
          <Text size="xs" c="dimmed" className="sv-num">
            {t("desk.queue_waiting", { count: entry.waiting })}
          </Text>
        </Row>
      );
    case "entry_point":
      return (
        <Row
          mark={<IconRouteSquare size={22} stroke={1.6} />}
          name={entry.name}
          below={t("fields.entry_point")}
        />
      );
    case "number":
      return (
        <Row
          mark={
            entry.number.length > 6 ? (
              <IconPhone size={22} stroke={1.6} />
            ) : (
              <IconHash size={22} stroke={1.6} />
            )
          }
          name={entry.name}
          below={formatPhone(entry.number)}
        />
      );
  }
}

function Row(props: {
  readonly mark: React.ReactNode;
  readonly name: string;
  readonly below?: string | undefined;
  readonly children?: React.ReactNode;
}) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs">
      <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
        <span style={{ width: 30, display: "grid", placeItems: "center", flex: "none" }}>{props.mark}</span>
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={560} truncate>
            {props.name}
          </Text>
          {props.below && (
            <Text size="xs" c="dimmed" truncate>
              {props.below}
            </Text>
          )}
        </div>
      </Group>
      {props.children}
    </Group>
  );
}
