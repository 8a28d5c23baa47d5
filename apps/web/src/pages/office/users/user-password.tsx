import { Button, Group, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { api, type User } from "@svara/contracts";
import { IconLockOpen } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../../api/notify.tsx";
import { useServices } from "../../../services.ts";

/** A new password for somebody, and lifting a lock. */
export function UserPassword({ user }: { readonly user: User }) {
  const { t } = useTranslation();
  const { client, serverClock } = useServices();
  const queries = useQueryClient();
  const [password, setPassword] = useState("");
  const set = useMutation({
    mutationFn: () =>
      client.call(api.users.setPassword, { params: { id: user.id }, body: { password, mustChange: true } }),
    onSuccess: () => {
      setPassword("");
      notifyDone(t("users.password_set"));
    },
  });
  const unlock = useMutation({
    mutationFn: () => client.call(api.users.unlock, { params: { id: user.id } }),
    onSuccess: async () => {
      notifyDone(t("users.unlocked"));
      await queries.invalidateQueries({ queryKey: ["config", "user"] });
    },
  });
  const locked = user.lockedUntil !== null && user.lockedUntil > serverClock.now();
  return (
    <Stack gap="sm">
      <Title order={3}>{t("users.new_password")}</Title>
      <Text size="xs" c="dimmed">
        {t("users.new_password_hint")}
      </Text>
      <Group align="flex-end" gap="xs">
        <PasswordInput
          style={{ flex: 1 }}
          label={t("password.next")}
          description={t("password.rule")}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={password.length < 10}
          loading={set.isPending}
          onClick={() => set.mutate()}
        >
          {t("users.set_password")}
        </Button>
      </Group>
      {locked && (
        <Button
          variant="default"
          leftSection={<IconLockOpen size={16} />}
          loading={unlock.isPending}
          onClick={() => unlock.mutate()}
        >
          {t("users.unlock")}
        </Button>
      )}
    </Stack>
  );
}
