import { type ApiClient, api, type RosterChangeDraft, type TodayProposal } from "@svara/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { notifyDone, notifyProblem } from "../../../api/notify.tsx";
import { problemText } from "../../../api/problem-text.ts";
import { useServices } from "../../../services.ts";

/** What was done, and the way back; `word` of `plan.today.did`. */
interface Deed {
  readonly word: "moved" | "moved_draft" | "offered" | "sent_home" | "skilled";
  readonly undo: () => Promise<unknown>;
}

/** Does a proposal, says so, and takes it back when asked to. */
export function useProposal(): {
  readonly run: (proposal: TodayProposal) => void;
  readonly isRunning: boolean;
} {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const look = () => queries.invalidateQueries({ queryKey: ["plan", "today"] });
  const mutation = useMutation({
    mutationFn: async (proposal: TodayProposal) => ({
      name: proposal.agentName,
      ...(await deedOf(client, proposal, t("plan.today.reason"))),
    }),
    onSuccess: ({ word, undo, name }) => {
      void look();
      notifyDone(t(`plan.today.did.${word}`, { name }), {
        label: t("common.undo"),
        run: () => {
          undo()
            .then(() => notifyDone(t("plan.today.undone")))
            .catch((error: unknown) => notifyProblem(problemText(error, i18n)))
            .finally(() => void look());
        },
      });
    },
    onError: (error) => notifyProblem(problemText(error, i18n)),
    meta: { handlesErrors: true },
  });
  return { run: (proposal) => mutation.mutate(proposal), isRunning: mutation.isPending };
}

function deedOf(client: ApiClient, proposal: TodayProposal, reason: string): Promise<Deed> {
  switch (proposal.kind) {
    case "move_break":
      return moveBreak(client, proposal, reason);
    case "overtime":
      return offerOvertime(client, proposal, reason);
    case "leave_early":
      return sendHome(client, proposal, reason);
    case "move_skill":
      return takeSkills(client, proposal);
  }
}

/** In the draft; agents are told at once unless the draft holds other changes that nobody has published. */
async function moveBreak(
  client: ApiClient,
  { rosterId, agentId, from, to }: TodayProposal,
  note: string,
): Promise<Deed> {
  const id = rosterId ?? "";
  const move = async (part: number, target: number): Promise<boolean> => {
    const { draftRevision, unpublished } = await client.call(api.planRosters.get, { params: { id } });
    const change: RosterChangeDraft = { type: "move_part", agentId, part, to: target };
    const { roster } = await client.call(api.planRosters.change, {
      params: { id },
      body: { draftRevision, change },
    });
    if (unpublished || !roster.may.publish) return false;
    await client.call(api.planRosters.publish, {
      params: { id },
      body: { draftRevision: roster.draftRevision, note },
    });
    return true;
  };
  const isTold = await move(from, to);
  return { word: isTold ? "moved" : "moved_draft", undo: () => move(to, from) };
}

async function offerOvertime(
  client: ApiClient,
  { teamId, from, to }: TodayProposal,
  note: string,
): Promise<Deed> {
  const { id } = await client.call(api.planRequests.offer, {
    body: { teamId, siteId: null, from, to, seats: 1, note },
  });
  return { word: "offered", undo: () => client.call(api.planRequests.closeOffer, { params: { id } }) };
}

async function sendHome(
  client: ApiClient,
  { agentId, from, to }: TodayProposal,
  reason: string,
): Promise<Deed> {
  const { id } = await client.call(api.planRequests.enterLeave, {
    body: { agentId, from, to, leaveKind: "unpaid", reason },
  });
  return {
    word: "sent_home",
    // taken back it is a request again, which nobody made: it must not wait for a decision
    undo: async () => {
      await client.call(api.planRequests.undo, { params: { id } });
      await client.call(api.planRequests.decide, { params: { id }, body: { grant: false, note: reason } });
    },
  };
}

/** Takes the skills of the one queue away, through the office, so that the change stands among its revisions. */
async function takeSkills(client: ApiClient, { agentId, skills }: TodayProposal): Promise<Deed> {
  const params = { id: agentId };
  type Skills = { skillId: string; level: number }[];
  const change = async (of: (had: Skills) => Skills): Promise<void> => {
    const { id: _id, revision, archived: _archived, ...user } = await client.call(api.users.get, { params });
    if (!user.agent) return;
    const body = { ...user, agent: { ...user.agent, skills: of(user.agent.skills) } };
    await client.call(api.users.replace, { params, body, ifMatch: revision });
  };
  const ids = new Set(skills.map(({ skillId }) => skillId));
  let taken: Skills = [];
  await change((had) => {
    taken = had.filter(({ skillId }) => ids.has(skillId));
    return had.filter(({ skillId }) => !ids.has(skillId));
  });
  return { word: "skilled", undo: () => change((had) => [...had, ...taken]) };
}
