import {
  Alert,
  Button,
  FileInput,
  Group,
  Modal,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { api, LANGUAGES, type Language } from "@svara/contracts";
import { IconMicrophone, IconPlayerStopFilled, IconUpload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldProblems, problemText } from "../../../api/problem-text.ts";
import { formatClock } from "../../../format/duration.ts";
import { LANGUAGE_NAMES } from "../../../i18n/i18n.ts";
import { useNow } from "../../../kit/use-now.ts";
import { useServices } from "../../../services.ts";
import { useChangeTold } from "../entity/crud.ts";
import { useRecorder } from "./use-recorder.ts";

const MAX_BYTES = 10_000_000;

/** A new prompt: a WAV file, or spoken here and now. */
export function PromptDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const told = useChangeTold("prompt");
  const [way, setWay] = useState<"upload" | "record">("upload");
  const [file, setFile] = useState<Blob | null>(null);
  const form = useForm({
    initialValues: {
      name: "",
      kind: "announcement" as "announcement" | "music",
      language: null as Language | null,
    },
  });
  const upload = useMutation({
    mutationFn: ({ name, kind, language }: typeof form.values) =>
      client.call(api.prompts.upload, {
        body: {
          name,
          kind,
          source: way === "record" ? "recorded" : "uploaded",
          ...(language ? { language } : {}),
        },
        ...(file ? { file } : {}),
      }),
    onSuccess: async (saved) => {
      await told(t("office.created"), { id: saved.id, revision: saved.revision });
      onClose();
    },
    onError: (error) => form.setErrors(fieldProblems(error, i18n)),
    meta: { handlesErrors: true },
  });
  const tooLarge = file !== null && file.size > MAX_BYTES;
  return (
    <Modal opened onClose={onClose} title={t("prompts.create")} size="lg">
      <form onSubmit={form.onSubmit((values) => upload.mutate(values))}>
        <Stack>
          {upload.isError && (
            <Alert color="red" role="alert">
              {problemText(upload.error, i18n)}
            </Alert>
          )}
          <TextInput label={t("fields.name")} required {...form.getInputProps("name")} />
          <Group grow align="flex-start">
            <Select
              label={t("prompts.kind")}
              data={[
                { value: "announcement", label: t("prompts.announcement") },
                { value: "music", label: t("prompts.music") },
              ]}
              {...form.getInputProps("kind")}
            />
            <Select
              label={t("fields.language")}
              clearable
              placeholder={t("prompts.any_language")}
              data={LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] }))}
              {...form.getInputProps("language")}
            />
          </Group>
          <SegmentedControl
            aria-label={t("prompts.way")}
            value={way}
            onChange={(value) => {
              setWay(value as "upload" | "record");
              setFile(null);
            }}
            data={[
              { value: "upload", label: t("prompts.upload") },
              { value: "record", label: t("prompts.record") },
            ]}
          />
          {way === "upload" ? (
            <FileInput
              label={t("prompts.file")}
              description={t("prompts.file_hint")}
              accept="audio/wav,audio/x-wav,.wav"
              leftSection={<IconUpload size={16} />}
              placeholder={t("prompts.choose_file")}
              value={file as File | null}
              onChange={(chosen) => {
                setFile(chosen);
                if (chosen && form.getValues().name === "")
                  form.setFieldValue("name", chosen.name.replace(/\.wav$/i, ""));
              }}
              error={tooLarge ? t("prompts.too_large") : form.errors.file}
            />
          ) : (
            <Recorder onRecorded={setFile} />
          )}
          {file && <Listen file={file} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("common.cancel")}
            </Button>
            <Button type="submit" disabled={file === null || tooLarge} loading={upload.isPending}>
              {t("common.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Recorder({ onRecorded }: { readonly onRecorded: (file: Blob | null) => void }) {
  const { t } = useTranslation();
  const { serverClock } = useServices();
  const now = useNow();
  const { state, start, stop } = useRecorder(() => serverClock.now());
  const file = state.kind === "done" ? state.file : null;
  useEffect(() => onRecorded(file), [file, onRecorded]);
  return (
    <Stack gap="xs">
      <Group>
        {state.kind === "recording" ? (
          <Button color="red" leftSection={<IconPlayerStopFilled size={16} />} onClick={stop}>
            {t("prompts.stop")} <span className="sv-num"> {formatClock(now - state.startedAt)}</span>
          </Button>
        ) : (
          <Button
            variant="light"
            leftSection={<IconMicrophone size={16} />}
            loading={state.kind === "working"}
            onClick={start}
          >
            {state.kind === "done" ? t("prompts.record_again") : t("prompts.start")}
          </Button>
        )}
        {state.kind === "done" && (
          <Text size="sm" c="dimmed" className="sv-num">
            {formatClock(state.durationMs)}
          </Text>
        )}
      </Group>
      <Text
        size="xs"
        c={state.kind === "failed" ? "red" : "dimmed"}
        role={state.kind === "failed" ? "alert" : undefined}
      >
        {state.kind === "failed" ? t("prompts.record_failed") : t("prompts.record_hint")}
      </Text>
    </Stack>
  );
}

function Listen({ file }: { readonly file: Blob }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  // biome-ignore lint/a11y/useMediaCaption: one's own prompt before it is saved
  return <audio controls src={url} style={{ width: "100%", height: 40 }} />;
}
