export function ContactPage(_: { readonly id: string }) {
  return null;
}
