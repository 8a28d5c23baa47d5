import { Center, Loader } from "@mantine/core";
import { ApiError, api, type Language } from "@svara/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { Redirect, Route, Switch } from "wouter";
import { changeLanguage } from "./i18n/i18n.ts";
import { Unreachable } from "./kit/unreachable.tsx";
import { FirstRunPage } from "./pages/first-run/first-run-page.tsx";
import { PasswordChangePage } from "./pages/sign-in/password-change-page.tsx";
import { SignInPage } from "./pages/sign-in/sign-in-page.tsx";
import { SessionProvider, useServices } from "./services.ts";
import { homeOf } from "./shell/navigation.ts";
import { Shell } from "./shell/shell.tsx";

const DeskPage = lazy(async () => ({ default: (await import("./pages/desk/desk-page.tsx")).DeskPage }));
const FloorPage = lazy(async () => ({ default: (await import("./pages/floor/floor-page.tsx")).FloorPage }));
const ContactsPage = lazy(async () => ({
  default: (await import("./pages/contacts/contacts-page.tsx")).ContactsPage,
}));
const ContactPage = lazy(async () => ({
  default: (await import("./pages/contact/contact-page.tsx")).ContactPage,
}));
const CustomersPage = lazy(async () => ({
  default: (await import("./pages/customers/customers-page.tsx")).CustomersPage,
}));
const InsightPage = lazy(async () => ({
  default: (await import("./pages/insight/insight-page.tsx")).InsightPage,
}));
const PlanPage = lazy(async () => ({ default: (await import("./pages/plan/plan-page.tsx")).PlanPage }));
const OfficePage = lazy(async () => ({
  default: (await import("./pages/office/office-page.tsx")).OfficePage,
}));

/** The gate: first run, sign-in, then the rooms of the house. */
export function App() {
  const { client, csrf, events } = useServices();
  const queries = useQueryClient();
  const session = useQuery({
    queryKey: ["session"],
    queryFn: async () => {
      try {
        return await client.call(api.identity.session, {});
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });
  csrf.current = session.data?.csrf;
  const signedInAs = session.data?.user.id;
  const language = session.data?.user.language;

  useEffect(() => {
    if (signedInAs === undefined) return;
    events.start();
    const ended = events.signedOut.on(() => void queries.invalidateQueries({ queryKey: ["session"] }));
    return () => {
      ended.dispose();
      events.dispose();
    };
  }, [signedInAs, events, queries]);
  useEffect(() => {
    if (language) void changeLanguage(language as Language);
  }, [language]);

  if (session.isPending) return <Waiting />;
  if (session.isError) return <Unreachable onRetry={() => void session.refetch()} />;
  if (session.data === null) {
    return (
      <Switch>
        <Route path="/first-run" component={FirstRunPage} />
        <Route component={SignInPage} />
      </Switch>
    );
  }
  if (session.data.user.mustChangePassword) {
    return (
      <SessionProvider value={session.data}>
        <PasswordChangePage />
      </SessionProvider>
    );
  }
  const home = homeOf(session.data);
  return (
    <SessionProvider value={session.data}>
      <Shell>
        <Suspense fallback={<Waiting />}>
          <Switch>
            <Route path="/desk" component={DeskPage} />
            <Route path="/floor" component={FloorPage} />
            <Route path="/contacts" component={ContactsPage} />
            <Route path="/contacts/:id">{({ id }) => <ContactPage id={id} />}</Route>
            <Route path="/customers" component={CustomersPage} />
            <Route path="/insight" component={InsightPage} />
            <Route path="/plan/*?" component={PlanPage} />
            <Route path="/office/*?" component={OfficePage} />
            <Route>
              <Redirect to={home} replace />
            </Route>
          </Switch>
        </Suspense>
      </Shell>
    </SessionProvider>
  );
}

function Waiting() {
  return (
    <Center mih="60vh">
      <Loader type="dots" aria-label="…" />
    </Center>
  );
}
