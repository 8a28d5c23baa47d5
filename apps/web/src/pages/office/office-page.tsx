import { Center, Loader, NativeSelect, Text } from "@mantine/core";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { mayIn } from "../../api/rights.ts";
import { useSession } from "../../services.ts";
import classes from "./office.module.css";
import { OFFICE_GROUPS, OFFICE_SECTIONS, type OfficeSection } from "./office-sections.ts";

/** The office: sections at the side, on phones in a list above. */
export function OfficePage() {
  const { t } = useTranslation();
  const session = useSession();
  const [location, go] = useLocation();
  const sections = OFFICE_SECTIONS.filter((section) => mayIn(session, section.view));
  const first = sections[0];
  const current = sections.find(
    (section) => location === pathOf(section) || location.startsWith(`${pathOf(section)}/`),
  );
  if (!first) return null;
  return (
    <div className={classes.office}>
      <nav className={classes.side} aria-label={t("shell.office")}>
        <Text fw={620} size="lg" px="sm" mb="sm">
          {t("shell.office")}
        </Text>
        {OFFICE_GROUPS.map((group) => {
          const own = sections.filter((section) => section.group === group);
          if (own.length === 0) return null;
          return (
            <div key={group} className={classes.group}>
              <Text className="sv-caption" px="sm" mb={4}>
                {t(`office.group_${group}`)}
              </Text>
              {own.map((section) => (
                <Link
                  key={section.key}
                  href={pathOf(section)}
                  className={classes.link}
                  data-active={section === current || undefined}
                  aria-current={section === current ? "page" : undefined}
                >
                  <section.icon size={18} stroke={1.7} aria-hidden="true" />
                  {t(`office.${section.key}`)}
                </Link>
              ))}
            </div>
          );
        })}
      </nav>
      <NativeSelect
        className={classes.select}
        aria-label={t("shell.office")}
        value={current?.key ?? ""}
        onChange={(event) => go(`/office/${event.currentTarget.value}`)}
        data={OFFICE_GROUPS.map((group) => ({
          group: t(`office.group_${group}`),
          items: sections
            .filter((section) => section.group === group)
            .map((section) => ({ value: section.key, label: t(`office.${section.key}`) })),
        })).filter(({ items }) => items.length > 0)}
      />
      <div className={classes.page}>
        <Suspense
          fallback={
            <Center mih={300}>
              <Loader type="dots" aria-label={t("common.loading")} />
            </Center>
          }
        >
          <Switch>
            {sections.map((section) => (
              <Route key={section.key} path={`${pathOf(section)}/*?`} component={section.page} />
            ))}
            <Route>
              <Redirect to={pathOf(first)} replace />
            </Route>
          </Switch>
        </Suspense>
      </div>
    </div>
  );
}

function pathOf(section: OfficeSection): string {
  return `/office/${section.key}`;
}
