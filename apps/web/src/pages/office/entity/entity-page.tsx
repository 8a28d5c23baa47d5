import { Button, Skeleton, Stack, TextInput } from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import type { ConfigurationKind, Permission } from "@svara/contracts";
import { type Icon, IconPlus, IconSearch } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { useMay } from "../../../api/rights.ts";
import { Empty } from "../../../kit/empty.tsx";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { type DraftOf, type EntityOf, type EntityRoutes, useEntities, useEntityChanges } from "./crud.ts";
import { EntityDrawer } from "./entity-drawer.tsx";
import { type Column, EntityTable } from "./entity-table.tsx";

interface ListProps<R extends EntityRoutes> {
  readonly kind: ConfigurationKind;
  readonly routes: R;
  readonly edit: Permission;
  readonly icon: Icon;
  readonly words: EntityWords;
  readonly columns: readonly Column<EntityOf<R>>[];
  readonly nameOf: (entity: EntityOf<R>) => string;
  /** Head of the first column; "Name" when absent. */
  readonly nameLabel?: string;
  /** Stands in for the create button where a draft alone does not make one. */
  readonly createAction?: ReactNode;
  /** Stands on a page that has its own heading. */
  readonly nested?: boolean;
}

/** A kind whose form is a page of its own. */
interface PagedProps<R extends EntityRoutes> extends ListProps<R> {
  /** Goes to the page of a thing, or to that of a new one. */
  readonly openAt: (entity: EntityOf<R> | undefined) => void;
}

/** A kind whose form is in a drawer. */
interface DrawerProps<R extends EntityRoutes> extends ListProps<R> {
  readonly openAt?: never;
  /** A draft to begin with. */
  readonly blank: () => DraftOf<R>;
  readonly toDraft: (entity: EntityOf<R>) => DraftOf<R>;
  readonly fields: (form: UseFormReturnType<DraftOf<R>>, entity: EntityOf<R> | undefined) => ReactNode;
  /** What follows the form of a thing that exists, such as a new password. */
  readonly extra?: (entity: EntityOf<R>) => ReactNode;
  readonly onSaved?: (saved: EntityOf<R>, created: boolean) => void;
  /** Things that cannot be changed, such as preset roles. */
  readonly locked?: (entity: EntityOf<R>) => boolean;
  readonly wide?: boolean;
  /** False where each has one and it stays; true when absent. */
  readonly removable?: boolean;
}

export type EntityPageProps<R extends EntityRoutes> = PagedProps<R> | DrawerProps<R>;

export interface EntityWords {
  readonly title: string;
  readonly description: string;
  /** "Create a queue" */
  readonly create: string;
  readonly emptyTitle: string;
  readonly emptyText: string;
}

type Opened<E> = { readonly kind: "new" } | { readonly kind: "old"; readonly entity: E };

/**
 * One kind of configured thing: its list, its form in a drawer or on a page of its own, undo after each change. `?open=` with
 * the id of a thing opens its drawer.
 */
export function EntityPage<R extends EntityRoutes>(props: EntityPageProps<R>) {
  const { t } = useTranslation();
  const { kind, routes, words, nameOf } = props;
  const mayEdit = useMay(props.edit);
  const list = useEntities(kind, routes);
  const [search, setSearch] = useState("");
  const [opened, setOpened] = useState<Opened<EntityOf<R>>>();
  const [query, setQuery] = useSearchParams();
  const wantedId = query.get("open");
  useEffect(() => {
    const entity = list.data?.find(({ id }) => id === wantedId);
    if (wantedId === null || !entity) return;
    setOpened({ kind: "old", entity });
    setQuery({}, { replace: true });
  }, [wantedId, list.data, setQuery]);
  const { openAt } = props;
  const open = (entity: EntityOf<R> | undefined): void => {
    if (openAt) openAt(entity);
    else setOpened(entity ? { kind: "old", entity } : { kind: "new" });
  };
  const all = [...(list.data ?? [])].sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  const wanted = search.trim().toLocaleLowerCase();
  const shown = wanted === "" ? all : all.filter((each) => nameOf(each).toLocaleLowerCase().includes(wanted));
  const create =
    props.createAction ??
    (mayEdit && (
      <Button leftSection={<IconPlus size={17} />} onClick={() => open(undefined)} data-testid="create">
        {words.create}
      </Button>
    ));
  return (
    <Stack gap="md">
      <PageHeader
        title={props.nested ? <span style={{ fontSize: "1.1875rem" }}>{words.title}</span> : words.title}
        description={words.description}
        actions={all.length > 0 ? create : undefined}
      />
      {list.isError && <QueryProblem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={240} radius="lg" aria-busy="true" />}
      {list.isSuccess && all.length === 0 && (
        <div className="sv-surface">
          <Empty icon={props.icon} title={words.emptyTitle} text={words.emptyText} action={create} />
        </div>
      )}
      {all.length > 8 && (
        <TextInput
          maw={320}
          leftSection={<IconSearch size={17} />}
          aria-label={t("common.search")}
          placeholder={t("common.search")}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {all.length > 0 && (
        <EntityTable
          rows={shown}
          columns={props.columns}
          nameOf={nameOf}
          nameLabel={props.nameLabel ?? t("fields.name")}
          onOpen={open}
        />
      )}
      {opened && !openAt && (
        <EntityEditor
          key={opened.kind === "old" ? opened.entity.id : "new"}
          {...(props as DrawerProps<R>)}
          mayEdit={mayEdit}
          entity={opened.kind === "old" ? opened.entity : undefined}
          onClose={() => setOpened(undefined)}
        />
      )}
    </Stack>
  );
}

function EntityEditor<R extends EntityRoutes>(
  props: DrawerProps<R> & {
    readonly entity: EntityOf<R> | undefined;
    readonly mayEdit: boolean;
    readonly onClose: () => void;
  },
) {
  const { entity, onClose, words, nameOf } = props;
  const { save, remove } = useEntityChanges(props.kind, props.routes);
  const form = useForm<DraftOf<R>>({ initialValues: entity ? props.toDraft(entity) : props.blank() });
  const locked = !props.mayEdit || (entity !== undefined && (props.locked?.(entity) ?? false));
  return (
    <EntityDrawer
      title={entity ? nameOf(entity) : words.create}
      form={form}
      locked={locked}
      {...(props.wide === undefined ? {} : { wide: props.wide })}
      saving={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={async (draft) => {
        const saved = await save.mutateAsync({ draft, entity });
        props.onSaved?.(saved, entity === undefined);
        onClose();
      }}
      {...(entity && !locked && props.removable !== false
        ? {
            onRemove: async () => {
              await remove.mutateAsync(entity);
              onClose();
            },
          }
        : {})}
      after={entity && props.mayEdit ? props.extra?.(entity) : undefined}
    >
      {props.fields(form, entity)}
    </EntityDrawer>
  );
}
