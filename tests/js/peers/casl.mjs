// CASL: the rules of one signed-in user, as a page gets them from its server.
import { permissionsOf } from "./world.mjs";

export const packages = ["@casl/ability"];

export const one = {
  name: "CASL",
  open(world, user, { "@casl/ability": { createMongoAbility } }) {
    const rules = [...permissionsOf(world, user)].map((permission) => ({ action: permission, subject: "org" }));
    const ability = createMongoAbility(rules);
    return (permission) => ability.can(permission, "org");
  },
};
