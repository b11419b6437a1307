import type { MemberRole } from "../../gql/graphql";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Inputs";
import { useViewer } from "../../app/viewer";
import { memberRoles } from "./roles";

const roles: MemberRole[] = ["MEMBER", "ADMIN", "OWNER"];

interface Properties {
  role: MemberRole;
  onChange: (role: MemberRole) => void;
  error?: string;
}

/** What somebody may do. Only those who may make owners are offered that role. */
export function RoleField({ role, onChange, error }: Properties) {
  const { can } = useViewer();
  const offered = roles.filter((each) => each !== "OWNER" || can.manageOwners);
  return (
    <Field label="Role" hint={memberRoles[role].may} error={error}>
      <Select value={role} onChange={onChange} options={offered.map((value) => ({ value, label: memberRoles[value].name }))} />
    </Field>
  );
}
