-- policy_group_id returns the id of a policy's group: the first half of a hash of the policy and of the values, so that whoever knows these
-- finds the group's counters at once. Two groups never have one id: nobody can find values whose hashes begin alike.
create or replace function policy_group_id(p_policy_id uuid, p_values text[]) returns uuid
language sql stable parallel safe
as $$
  select encode(substr(sha256(convert_to(p_policy_id::text || p_values::text, 'UTF8')), 1, 16), 'hex')::uuid
$$;
