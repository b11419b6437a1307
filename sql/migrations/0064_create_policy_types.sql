-- +goose Up

-- What the scopes of a batch resolve to, with the groups of policies that their requests fall under. In place of scope_batch, which the
-- functions of release 1 pass. All arrays from group_scopes on are null for a batch that falls under no policy.
create type grouped_scope_batch as (
  organization_ids uuid[],     -- null for an unknown key
  workspace_ids uuid[],        -- null for an unknown key, and for one without a workspace
  api_key_ids uuid[],          -- null for an unknown key
  errors text[],               -- UNAUTHENTICATED; null for a valid access token, and as a whole when all are valid
  denials denial_reason[],     -- why the key may not be used, or a policy has no group for it; null when it may, and so as a whole
  stale_last_used integer[],   -- indexes of the scopes whose keys were last used a minute ago or longer, or never; null: none
  all_usable boolean,          -- no scope has an error or a denial
  group_scopes integer[],      -- indexes of scopes, beside group_ids: a scope may have several
  group_ids uuid[],
  missing_scopes integer[],    -- the same for groups that do not exist, and are not made because the batch reads only
  missing_group_ids uuid[],
  missing_policy_ids uuid[],
  missing_values text[],       -- of each group an array of its values, as text
  exhausted_policy_ids uuid[]  -- one for each scope: the policy that may have no further group; null: none
);

-- The groups of policies that requests fall under: see match_policies.
create type policy_match_batch as (
  request_indexes integer[],   -- beside group_ids: a request may have several
  group_ids uuid[],
  missing_indexes integer[],   -- the same for groups that do not exist
  missing_group_ids uuid[],
  missing_organization_ids uuid[],
  missing_policy_ids uuid[],
  missing_values text[],       -- of each group an array of its values, as text
  exhausted_indexes integer[], -- beside exhausted_policy_ids: requests for which a policy may have no further group
  exhausted_policy_ids uuid[]
);
