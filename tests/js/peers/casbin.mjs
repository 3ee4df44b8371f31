// casbin: roles with inheritance for groups and for scopes, a policy line for each permission of each grant.
export const name = "casbin";
export const packages = ["casbin"];

const MODEL = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act, eft
[role_definition]
g = _, _
g2 = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.act == p.act && g(r.sub, p.sub) && g2(r.obj, p.obj)
`;

export async function open(world, { casbin }) {
  const lines = [];
  const add = (...words) => lines.push(words.join(", "));
  world.groups.forEach((group, number) => {
    for (const [role, scope, denies] of group.grants) {
      const [who, effect] = denies ? [`denied ${number}`, "deny"] : [`group ${number}`, "allow"];
      for (const permission of world.roles[role]) add("p", who, scope, permission, effect);
    }
    for (const parent of group.parents) {
      if (group.enabled && world.groups[parent].enabled) add("g", `group ${number}`, `group ${parent}`);
      add("g", `denied ${number}`, `denied ${parent}`);
    }
  });
  for (const [user, [direct, byRule]] of Object.entries(world.users)) {
    for (const group of [...direct, ...byRule]) if (world.groups[group].enabled) add("g", user, `group ${group}`);
    for (const group of direct) add("g", user, `denied ${group}`);
  }
  for (const [scope, parents] of Object.entries(world.scopes)) {
    for (const parent of [...parents, "org"]) add("g2", scope, parent);
  }
  const enforcer = await casbin.newEnforcer(casbin.newModelFromString(MODEL), new casbin.StringAdapter(lines.join("\n")));
  return { may: (user, permission, scope) => enforcer.enforceSync(user, scope === "" ? "org" : scope, permission) };
}
