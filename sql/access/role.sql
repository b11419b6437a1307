-- The role that servers act as, whatever login they connect with. It cannot log in, owns nothing and is subject to row-level
-- security. Roles belong to the whole cluster: another database's migration may make it at the same time.
do $$
declare
  -- since PostgreSQL 16 who makes a role may grant it, yet not become it
  become constant text := case when current_setting('server_version_num')::integer >= 160000 then 'SET' else 'MEMBER' end;
begin
  if not exists (select from pg_roles where rolname = 'bursar_server') then
    begin
      create role bursar_server nologin;
    exception
      when duplicate_object or unique_violation then null;
      when insufficient_privilege then
        raise exception 'the role bursar_server does not exist and % may not create roles: have an administrator run '
          '"create role bursar_server nologin; grant bursar_server to %"', current_user, quote_ident(current_user)
          using errcode = 'insufficient_privilege';
    end;
  end if;
  if exists (select from pg_roles where rolname = 'bursar_server' and (rolsuper or rolbypassrls or rolcreaterole))
    or pg_has_role('bursar_server', current_user, 'MEMBER') then
    raise exception 'the role bursar_server could get around row-level security: have an administrator run '
      '"alter role bursar_server nosuperuser nobypassrls nocreaterole; revoke % from bursar_server"', quote_ident(current_user)
      using errcode = 'invalid_role_specification';
  end if;
  if not pg_has_role(current_user, 'bursar_server', become) then
    begin
      execute format('grant bursar_server to %I', current_user);
    exception
      when unique_violation then null;
      -- who migrates need not be who serves; a server whose login may not become the role says so when it starts
      when insufficient_privilege then null;
    end;
  end if;
end
$$;
