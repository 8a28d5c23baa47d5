/** What a step of a queue changes, in words; undefined where the reader may not know the queue's rules. */
export function useStepChanges(_queueId: string): (step: number) => string | undefined {
  return () => undefined;
}
