-- audit_actor returns who makes the change, for an entry of an organization's audit log: the transaction's setting bursar.actor, or
-- without it the login. A server that acts for an organization may name that organization's tokens and members, removed
-- ones among them, and nobody else: any other actor is insufficient_privilege. The operator and the owner may name anybody.
create or replace function audit_actor(p_organization_id uuid) returns text
language plpgsql stable
as $$
declare
  actor constant text := nullif(current_setting('bursar.actor', true), '');
  actor_id uuid;
  known boolean;
begin
  if actor is null then
    return 'sql:' || session_user;
  end if;
  if acts_for_every_organization() then
    return actor;
  end if;
  if actor ~ '^(tok|mem)_[0-9a-f]{32}$' then
    actor_id := substr(actor, 5)::uuid;
    known := case left(actor, 3)
      when 'tok' then exists (
        select from access_tokens t where t.organization_id = p_organization_id and t.id = actor_id)
      else exists (
        select from members m where m.organization_id = p_organization_id and m.id = actor_id
        union all
        select from former_members f where f.organization_id = p_organization_id and f.id = actor_id)
    end;
    if known then
      return actor;
    end if;
  end if;
  raise exception 'a server that acts for an organization may not act as %', actor using errcode = 'insufficient_privilege';
end
$$;
