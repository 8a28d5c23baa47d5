import type { ContactId } from "@svara/kernel";
import type { ItemId } from "@svara/routing";

/** The item of a contact: the same id under the router's name. */
export function itemOf(contactId: ContactId): ItemId {
  return contactId as string as ItemId;
}

/** The contact that gave an item its id. */
export function contactOf(itemId: ItemId): ContactId {
  return itemId as string as ContactId;
}
