import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useCallback, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

/**
 * Asks before what was entered is lost: at a link of the page by a question of ours, at the end of the tab by the browser's.
 * `allow` lets the next way out pass.
 */
export function useLeaveGuard(dirty: boolean): { readonly allow: () => void } {
  const { t } = useTranslation();
  const guards = useRef(dirty);
  guards.current = dirty;
  useEffect(() => {
    const onClick = (event: MouseEvent): void => {
      const link = (event.target as Element | null)?.closest?.("a[href]");
      if (!guards.current || !(link instanceof HTMLAnchorElement) || link.target === "_blank") return;
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      modals.openConfirmModal({
        title: t("office.discard_title"),
        children: <Text size="sm">{t("office.discard_text")}</Text>,
        labels: { confirm: t("office.discard"), cancel: t("office.keep_editing") },
        onConfirm: () => {
          guards.current = false;
          link.click();
        },
      });
    };
    const onUnload = (event: BeforeUnloadEvent): void => {
      if (guards.current) event.preventDefault();
    };
    document.addEventListener("click", onClick, true);
    window.addEventListener("beforeunload", onUnload);
    return () => {
      document.removeEventListener("click", onClick, true);
      window.removeEventListener("beforeunload", onUnload);
    };
  }, [t]);
  const allow = useCallback(() => {
    guards.current = false;
  }, []);
  return { allow };
}
