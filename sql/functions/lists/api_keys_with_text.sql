-- api_keys_with_text returns the API keys of an organization that may have a text (as fold_case makes it) in the name, the description or the
-- prefix: those that have all its grams. Null when they are more than p_most, when the text has no gram, or when there is no organization or
-- no text. The settings leave the planner the index of grams: it takes the grams for independent of each other, which they are not.
create or replace function api_keys_with_text(p_organization_id uuid, p_text text, p_most integer) returns uuid[]
language plpgsql stable
set enable_seqscan = off set enable_indexscan = off set enable_indexonlyscan = off
as $$
declare
  grams text[] := grams_to_find(p_text);
  ids uuid[];
begin
  if p_organization_id is null or coalesce(cardinality(grams), 0) = 0 then
    return null;
  end if;
  execute 'select array(select k.id from api_keys k where k.organization_id = $1
      and text_grams(fold_case(k.name || e''\x01'' || coalesce(k.description, '''') || e''\x01'' || k.prefix)) collate "C" @> $2 limit $3)'
    into ids using p_organization_id, grams, p_most + 1;
  return case when cardinality(ids) <= p_most then ids end;
end
$$;
