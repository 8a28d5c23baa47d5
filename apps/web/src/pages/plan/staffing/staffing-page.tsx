import { useTranslation } from "react-i18next";
import { PageHeader } from "../../../kit/page-header.tsx";

export function StaffingPage() {
  const { t } = useTranslation();
  return <PageHeader title={t("plan.sections.staffing")} />;
}
