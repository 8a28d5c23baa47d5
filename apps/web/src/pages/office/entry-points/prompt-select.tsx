import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useChoices } from "../entity/fields.tsx";
import { promptRoutes } from "../prompts/prompt-routes.ts";

/** The shipped words or music (`default`), one's own prompt, or `none`. */
export function PromptSelect(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly none?: boolean;
  readonly music?: boolean;
}) {
  const { t } = useTranslation();
  const wanted = props.music ? "music" : "announcement";
  const prompts = useChoices("prompt", promptRoutes, (prompt: { kind: string }) => prompt.kind === wanted);
  return (
    <Select
      label={props.label}
      data={[
        ...(props.none ? [{ value: "none", label: t("common.none") }] : []),
        {
          value: "default",
          label: props.music ? t("queues.music_default") : t("entry_points.shipped_words"),
        },
        ...prompts,
      ]}
      value={props.value}
      onChange={(value) => value !== null && props.onChange(value)}
    />
  );
}
