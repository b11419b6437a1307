-- The roles that servers act as, whatever login they connect with: bursar_server sees the organization that its transaction
-- names, bursar_authenticator whoever presents a token or an address, before an organization is known, bursar_operator all, for
-- the instance's operator. None can log in, owns anything, or gets around row-level security. Whoever may become the operator
-- may become the others. Roles belong to the whole cluster: another database's migration may make them at the same time.
do $$
declare
  -- since PostgreSQL 16 who makes a role may grant it, yet not become it
  become constant text := case when current_setting('server_version_num')::integer >= 160000 then 'SET' else 'MEMBER' end;
  made text;
begin
  begin
    foreach made in array array['create role bursar_server nologin', 'create role bursar_authenticator nologin',
      'create role bursar_operator nologin', 'grant bursar_server to bursar_operator',
      'grant bursar_authenticator to bursar_operator'] loop
      begin
        if made like 'create%' and not exists (select from pg_roles where rolname = split_part(made, ' ', 3))
          or made like 'grant%' and not pg_has_role('bursar_operator', split_part(made, ' ', 2), 'MEMBER') then
          execute made;
        end if;
      exception
        when duplicate_object or unique_violation then null;
      end;
    end loop;
  exception
    when insufficient_privilege then
      raise exception 'the roles of servers do not exist and % may not make them: have an administrator run "create role '
        'bursar_server nologin; create role bursar_authenticator nologin; create role bursar_operator nologin in role '
        'bursar_server, bursar_authenticator; grant bursar_operator to %"',
        current_user, quote_ident(current_user) using errcode = 'insufficient_privilege';
  end;
  select string_agg(rolname, ', ') into made from pg_roles
  where rolname in ('bursar_server', 'bursar_authenticator', 'bursar_operator')
    and (rolsuper or rolbypassrls or rolcreaterole or pg_has_role(oid, current_user, 'MEMBER'));
  if made is not null then
    raise exception '% could get around row-level security: have an administrator make them nosuperuser, nobypassrls and '
      'nocreaterole, and no members of %', made, quote_ident(current_user) using errcode = 'invalid_role_specification';
  end if;
  -- the functions that run as the owner take what stands in the schema for ours, in clusters of before PostgreSQL 15 anybody's
  if has_schema_privilege('bursar_server', current_schema(), 'CREATE') then
    raise exception 'servers could put a function of their own beside ours: have the schema''s owner run "revoke create on schema % '
      'from public, bursar_server, bursar_authenticator, bursar_operator"', quote_ident(current_schema())
      using errcode = 'invalid_role_specification';
  end if;
  if not pg_has_role(current_user, 'bursar_operator', become) then
    begin
      execute format('grant bursar_operator to %I', current_user);
    exception
      when unique_violation then null;
      -- who migrates need not be who serves; a server whose login may not become the roles says so when it starts
      when insufficient_privilege then null;
    end;
  end if;
end
$$;
