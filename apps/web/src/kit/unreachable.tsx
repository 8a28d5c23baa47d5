import { Button, Center } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Empty } from "./empty.tsx";

/** The server does not answer at all. */
export function Unreachable({ onRetry }: { readonly onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <Center mih="80vh">
      <Empty
        icon={IconPlugConnectedX}
        title={t("unreachable.title")}
        text={t("unreachable.text")}
        action={<Button onClick={onRetry}>{t("common.try_again")}</Button>}
      />
    </Center>
  );
}
