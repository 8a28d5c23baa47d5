import { Route, Switch } from "wouter";
import { ForecastDetailPage } from "./forecast-detail-page.tsx";
import { ForecastOverview } from "./forecast-overview.tsx";

/** What will come: forecasts, the history they learn from, and the days that are not like others. */
export function ForecastPage() {
  return (
    <Switch>
      <Route path="/plan/forecast/:id">{({ id }) => <ForecastDetailPage key={id} id={id} />}</Route>
      <Route>
        <ForecastOverview />
      </Route>
    </Switch>
  );
}
