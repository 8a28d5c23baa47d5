/** The octets of a numeric address: 4 or 16. */
export function addressBytes(host: string): number[] {
  if (!host.includes(":")) return host.split(".").map(Number);
  const [head = "", tail] = host.split("%")[0]?.split("::") ?? [];
  const left = words(head);
  const right = tail === undefined ? [] : words(tail);
  const middle = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => 0);
  return [...left, ...middle, ...right].flatMap((word) => [word >> 8, word & 255]);
}

/** What is counted as one peer: an IPv4 address, or the /64 of an IPv6 address, which one subscriber has for himself. */
export function networkOf(host: string): string {
  if (!host.includes(":")) return host;
  const octets = addressBytes(host).slice(0, 8);
  const groups = [0, 2, 4, 6].map((i) => (((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0)).toString(16));
  return `${groups.join(":")}::/64`;
}

function words(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((word) => {
    if (!word.includes(".")) return [Number.parseInt(word, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = word.split(".").map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}
