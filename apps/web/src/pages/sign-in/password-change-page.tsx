import { useTranslation } from "react-i18next";
import { FrontDoor } from "./front-door.tsx";
import { PasswordForm } from "./password-form.tsx";

/** Stands in the way until a password that somebody else has set is replaced by the person's own. */
export function PasswordChangePage() {
  const { t } = useTranslation();
  return (
    <FrontDoor title={t("password.must_title")} text={t("password.must_text")}>
      <PasswordForm onDone={() => undefined} />
    </FrontDoor>
  );
}
