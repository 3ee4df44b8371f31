// What a team writes by hand: maps and sets, and a walk up the groups for each question.
import { above, groupsOf, permissionsOf } from "./world.mjs";

export const name = "a walk over maps, written by hand";

export async function open(world) {
  const roles = world.roles.map((permissions) => new Set(permissions));
  const isGiven = (groups, deny, permission, scopes) => {
    for (const group of groups) {
      for (const [role, scope, denies] of world.groups[group].grants) {
        if (denies === deny && scopes.has(scope) && roles[role].has(permission)) return true;
      }
    }
    return false;
  };
  return {
    may(user, permission, scope) {
      const { gives, denies } = groupsOf(world, user);
      const scopes = above(world, scope);
      return isGiven(gives, false, permission, scopes) && !isGiven(denies, true, permission, scopes);
    },
  };
}

export const one = {
  name: "Set.has, permissions worked out before",
  open(world, user) {
    const permissions = permissionsOf(world, user);
    return (permission) => permissions.has(permission);
  },
};
