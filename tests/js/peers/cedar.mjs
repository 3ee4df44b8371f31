// Cedar as its documentation models roles: a policy for each grant, roles as groups of actions, and with each question
// the entities that it is about. The policies are parsed once.
import { above, groupsOf } from "./world.mjs";

export const name = "cedar-wasm, a policy for each grant";
export const packages = ["@cedar-policy/cedar-wasm/nodejs"];

const entity = (type, id) => ({ type, id: String(id) });

export async function open(world, { "@cedar-policy/cedar-wasm/nodejs": cedar }) {
  const policies = [];
  world.groups.forEach((group, number) => {
    for (const [role, scope, denies] of group.grants) {
      const [effect, type] = denies ? ["forbid", "Denied"] : ["permit", "Group"];
      policies.push(`${effect}(principal in ${type}::"${number}", action in Action::"role ${role}", resource in Scope::"${scope}");`);
    }
  });
  const parsed = cedar.preparsePolicySet("all", { staticPolicies: policies.join("\n") });
  if (parsed.type !== "success") throw new Error(`cedar refused the policies: ${JSON.stringify(parsed)}`);

  const rolesOf = new Map();
  world.roles.forEach((permissions, role) => {
    for (const permission of permissions) rolesOf.set(permission, [...(rolesOf.get(permission) ?? []), role]);
  });
  return {
    may(user, permission, scope) {
      const principal = entity("User", user);
      const action = entity("Action", permission);
      const resource = entity("Scope", scope === "" ? "org" : scope);
      const { gives, denies } = groupsOf(world, user);
      const groups = [...gives].map((group) => entity("Group", group));
      const denied = [...denies].map((group) => entity("Denied", group));
      const scopes = [...above(world, scope)].filter((one) => one !== resource.id).map((one) => entity("Scope", one));
      const roles = (rolesOf.get(permission) ?? []).map((role) => entity("Action", `role ${role}`));
      const answer = cedar.statefulIsAuthorized({
        principal, action, resource, context: {}, preparsedPolicySetId: "all",
        entities: [
          { uid: principal, attrs: {}, parents: [...groups, ...denied] },
          { uid: action, attrs: {}, parents: roles },
          { uid: resource, attrs: {}, parents: scopes },
        ],
      });
      if (answer.type !== "success") throw new Error(`cedar refused a question: ${JSON.stringify(answer)}`);
      return answer.response.decision === "allow";
    },
  };
}
