-- move_arrive makes an organization ARRIVING here, whatever it is here but HERE, and returns its residence_generation, which is higher than any that
-- it has had here or in the source. Whoever wants to say HERE presents that number (move_decide), so that of two attempts the later one alone can. p_row is
-- its row in the source. Returns null when this database decides for it already: it has moved.
--
-- Its caller has set session_replication_role to replica: that it arrives is no change of the organization, and has no entry in the audit log.
create or replace function move_arrive(p_row jsonb) returns integer
language plpgsql volatile
as $$
declare
  source organizations := jsonb_populate_record(null::organizations, p_row);
  stored organizations;
begin
  if not acts_as_owner() then
    raise exception '% may not move organizations', acting_role() using errcode = 'insufficient_privilege';
  end if;
  select * into stored from organizations o where o.id = source.id for update;
  if stored.residence = 'HERE' then
    return null;
  end if;
  source.residence := 'ARRIVING';
  source.residence_generation := greatest(source.residence_generation, stored.residence_generation) + 1;
  source.version_transaction_id := null;
  if stored.id is null then
    insert into organizations select source.*;
  else
    update organizations o set residence = source.residence, residence_generation = source.residence_generation where o.id = source.id;
  end if;
  return source.residence_generation;
end
$$;
