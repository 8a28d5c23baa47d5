/** The mark: one line that goes out and comes back, a call and its answer. */
export function LogoMark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" fill="#0b6275" />
      <path
        d="M22.2 10.4a6.3 5.1 0 0 0-6.2-3.9c-3.5 0-6.3 2-6.3 4.8 0 6.3 12.6 3.1 12.6 9.4 0 2.8-2.8 4.8-6.3 4.8a6.3 5.1 0 0 1-6.2-3.9"
        fill="none"
        stroke="#fff"
        strokeWidth="3.2"
        strokeLinecap="round"
      />
    </svg>
  );
}

/** Mark and name together. */
export function Wordmark({ size = 28 }: { readonly size?: number }) {
  return (
    <span style={{ display: "inline-flex", alignItems: "center", gap: size * 0.36 }}>
      <LogoMark size={size} />
      <span style={{ fontSize: size * 0.7, fontWeight: 660, letterSpacing: "-0.025em", lineHeight: 1 }}>
        Svara
      </span>
    </span>
  );
}
