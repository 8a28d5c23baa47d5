import { Avatar } from "@mantine/core";
import { initials } from "../format/figures.ts";

/** A person's initials on a quiet ground. */
export function PersonAvatar({ name, size = 34 }: { readonly name: string; readonly size?: number }) {
  return (
    <Avatar
      size={size}
      radius="xl"
      aria-hidden="true"
      styles={{
        placeholder: {
          background: "var(--sv-accent-soft)",
          color: "var(--sv-state-talking)",
          fontWeight: 600,
          fontSize: size * 0.38,
        },
      }}
    >
      {initials(name) || "?"}
    </Avatar>
  );
}
