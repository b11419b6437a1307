import{n as e}from"./useNavigate-DMREyCCy.js";import{J as t,U as n,W as r,t as i,z as a}from"./console-C8u3Y2rL.js";import{G as o,H as s,V as c,_t as l,i as u,r as d,tt as f,yt as p,z as m}from"./urql.es-COUOrkb-.js";import{t as h}from"./DataTable-CSMLG6Bx.js";import{a as g,n as _,r as v,t as y}from"./Empty-qsr1XmzY.js";import{i as b,r as x}from"./Format-DH0rlt1J.js";import{n as S,t as C}from"./Pager-Dg8gmJMM.js";import{t as w}from"./Status-DeDv7c6X.js";import{l as T,n as E}from"./roles-CeGaepuw.js";import{t as D}from"./CopyButton-BwV6f6Kc.js";import{t as O}from"./requestId-DMbUeAel.js";import{c as k,o as A,r as j,s as M,t as N}from"./Inputs-DVYG2Mnz.js";var P=p(l(),1);_(`
  fragment TokenFields on AccessToken {
    id
    name
    role
    prefix
    acceptsKeyIds
    member {
      id
      email
      name
      role
      removedAt
    }
    createdBy {
      id
      email
      name
      removedAt
    }
    createdAt
    expiresAt
    revokedAt
  }
`);var F=_(`
  query TokensPage($organization: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    node(id: $organization) {
      __typename
      ... on Organization {
        id
        accessTokens(first: $first, after: $after, last: $last, before: $before) {
          totalCount
          nodes {
            ...TokenFields
          }
          pageInfo {
            hasNextPage
            hasPreviousPage
            startCursor
            endCursor
          }
        }
      }
    }
  }
`),I=_(`
  mutation CreateAccessToken($input: CreateAccessTokenInput!) {
    createAccessToken(input: $input) {
      secret
      replayed
      message
      accessToken {
        ...TokenFields
      }
    }
  }
`),L=_(`
  mutation RevokeAccessToken($input: RevokeAccessTokenInput!) {
    revokeAccessToken(input: $input) {
      accessToken {
        ...TokenFields
      }
    }
  }
`),R=[`30`,`90`,`365`,`never`,`date`],z={30:`30 days`,90:`90 days`,365:`A year`,never:`Until it is revoked`,date:`Until a day…`},B=864e5;function V(e,t,n){if(e===`never`)return null;if(e!==`date`)return new Date(n.getTime()+Number(e)*B).toISOString();let r=/^\d{4}-\d{2}-\d{2}$/.test(t)?Date.parse(`${t}T00:00:00Z`):NaN;return Number.isNaN(r)?void 0:new Date(r+B).toISOString()}function H(e,t){return e.revokedAt==null?e.expiresAt!=null&&Date.parse(e.expiresAt)<=t.getTime()?`EXPIRED`:`ACTIVE`:`REVOKED`}var U=f(),W=[`GATEWAY`,`VIEWER`,`ADMIN`,`OWNER`];function G({draft:e,onChange:t,wrong:n,error:r}){let{can:i}=a(),o={...s(r),...n},c=n=>t({...e,...n});return(0,U.jsxs)(U.Fragment,{children:[(0,U.jsx)(M,{label:`Name`,required:!0,hint:`What uses it, such as production gateway.`,error:o.name,children:(0,U.jsx)(A,{value:e.name,autoFocus:!0,autoComplete:`off`,onChange:e=>c({name:e.target.value})})}),(0,U.jsxs)(k,{children:[(0,U.jsx)(M,{label:`Role`,hint:E[e.role].may,error:o.role,children:(0,U.jsx)(j,{value:e.role,onChange:e=>c({role:e,acceptsKeyIds:e!==`GATEWAY`}),options:W.filter(e=>e!==`OWNER`||i.manageOwners).map(e=>({value:e,label:E[e].name}))})}),(0,U.jsx)(K,{draft:e,onChange:c,error:o.memberId})]}),(0,U.jsxs)(k,{children:[(0,U.jsx)(M,{label:`Accepted for`,error:e.lifetime===`date`?void 0:o.expiresAt,children:(0,U.jsx)(j,{value:e.lifetime,onChange:e=>c({lifetime:e}),options:R.map(e=>({value:e,label:z[e]}))})}),e.lifetime===`date`&&(0,U.jsx)(M,{label:`Last day, UTC`,required:!0,error:o.expiresAt,children:(0,U.jsx)(A,{type:`date`,value:e.date,onChange:e=>c({date:e.target.value})})})]}),(0,U.jsx)(N,{label:`Takes ids of API keys in place of their secrets`,hint:`For checking and recording. An id is no secret: leave it off for gateways that pass on what their clients send.`,checked:e.acceptsKeyIds,onChange:e=>c({acceptsKeyIds:e})}),(0,U.jsx)(m,{title:`The token could not be created.`,error:r,shownFields:[`name`,`role`,`memberId`,`expiresAt`]})]})}function K({draft:e,onChange:t,error:n}){let{organization:r}=a(),[{data:i}]=u({query:T,variables:{organization:r.id}}),o=i?.node?.__typename===`Organization`?i.node.members.nodes:[];return(0,U.jsx)(M,{label:`Bound to`,required:e.role===`OWNER`,hint:`Never more than this member may, and revoked when they are removed.`,error:n,children:(0,U.jsx)(j,{value:e.memberId,onChange:e=>t({memberId:e}),options:[{value:``,label:e.role===`OWNER`?`Choose a member`:`Nobody`},...o.map(({id:e,name:t,email:n})=>({value:e,label:t??n}))]})})}var q={name:`_name_1y0er_1`,note:`_note_1y0er_7`,removed:`_removed_1y0er_8`,secret:`_secret_1y0er_13`,copy:`_copy_1y0er_23`};function J(e,t){let n={};return e.name.trim()===``&&(n.name=`Give it a name.`),e.role===`OWNER`&&e.memberId===``&&(n.memberId=`Choose the member whom it is for.`),V(e.lifetime,e.date,t)===void 0&&(n.expiresAt=`Choose a day.`),n}function Y({onClose:e,onCreated:t}){let{organization:n}=a(),[i,s]=(0,P.useState)({name:``,role:`GATEWAY`,memberId:``,lifetime:`never`,date:``,acceptsKeyIds:!1}),[l,u]=(0,P.useState)({}),[{requestId:f,opened:p}]=(0,P.useState)(()=>({requestId:O(),opened:new Date})),[{data:m,error:h,fetching:g},_]=d(I),v=m?.createAccessToken,y=async()=>{let e=J(i,p);if(u(e),Object.keys(e).length>0)return;let{name:r,role:a,memberId:o,lifetime:s,date:c,acceptsKeyIds:l}=i,d={organizationId:n.id,name:r.trim(),role:a,memberId:o===``?null:o,expiresAt:V(s,c,p),acceptsKeyIds:l,requestId:f};(await _({input:d})).data?.createAccessToken&&t()};return v?(0,U.jsx)(r,{title:`${v.accessToken.name} is created`,onClose:e,actions:(0,U.jsx)(o,{variant:`primary`,onClick:e,children:`Done`}),children:v.secret?(0,U.jsxs)(U.Fragment,{children:[(0,U.jsx)(`p`,{children:`This is the token. It is shown this once: keep it where whoever uses it reads its secrets.`}),(0,U.jsx)(`code`,{className:q.secret,children:v.secret}),(0,U.jsx)(`div`,{className:q.copy,children:(0,U.jsx)(D,{text:v.secret,label:`Copy token`})})]}):(0,U.jsx)(c,{tone:`warning`,title:`The token cannot be shown again`,children:(0,U.jsx)(`p`,{children:v.message})})}):(0,U.jsx)(r,{wide:!0,title:`New access token`,onClose:e,onSubmit:()=>void y(),actions:(0,U.jsxs)(U.Fragment,{children:[(0,U.jsx)(o,{onClick:e,children:`Cancel`}),(0,U.jsx)(o,{type:`submit`,variant:`primary`,pending:g,children:`Create token`})]}),children:(0,U.jsx)(G,{draft:i,onChange:s,wrong:l,error:h})})}function X({token:e,onClose:t}){let r=i(),[{error:a,fetching:o},s]=d(L),c=async()=>{let{data:n}=await s({input:{id:e.id}});n?.revokeAccessToken&&(r(`${e.name} is revoked.`),t())};return(0,U.jsx)(n,{title:`Revoke ${e.name}?`,description:`Whatever presents ${e.prefix}… is refused from its next request on. A revoked token cannot be used again.`,confirm:`Revoke token`,danger:!0,pending:o,onConfirm:()=>void c(),onClose:t,children:(0,U.jsx)(m,{title:`The token could not be revoked.`,error:a})})}function Z(){let{organization:n,can:r}=a(),i=t({from:`/shell/access-tokens`}),s=e(),[c,l]=(0,P.useState)(),[{data:d,error:f,stale:p},_]=u({query:F,variables:{organization:n.id,...S(i,50)}}),b=d?.node?.__typename===`Organization`?d.node.accessTokens:void 0,x=(0,P.useMemo)(()=>Q(r.administer,r.manageOwners,l),[r]),w=()=>_({requestPolicy:`network-only`}),T=r.administer&&(0,U.jsx)(o,{variant:`primary`,icon:`plus`,onClick:()=>l({what:`create`}),children:`New token`});return(0,U.jsxs)(g,{title:`Access tokens`,lead:`What portals and gateways present to Bursar. A token belongs to this organization, and its secret is shown once.`,actions:T,children:[(0,U.jsx)(m,{title:`The access tokens could not be read.`,error:f,onRetry:w}),(0,U.jsxs)(v,{flush:!0,children:[(0,U.jsx)(h,{label:`Access tokens`,columns:x,rows:b?.nodes,rowKey:({id:e})=>e,stale:p,empty:(0,U.jsx)(y,{title:`No access token yet`,action:T,children:`A gateway needs one to check and record usage, a portal one to manage keys.`})}),(0,U.jsx)(C,{pageInfo:b?.pageInfo,total:b?.totalCount,noun:b?.totalCount===1?`token`:`tokens`,onPage:e=>void s({to:`/access-tokens`,search:e})})]}),c?.what===`create`&&(0,U.jsx)(Y,{onClose:()=>l(void 0),onCreated:w}),c?.what===`revoke`&&(0,U.jsx)(X,{token:c.token,onClose:()=>l(void 0)})]})}function Q(e,t,n){let r=[{id:`name`,header:`Name`,grow:!0,cell:({name:e,prefix:t,acceptsKeyIds:n})=>(0,U.jsxs)(U.Fragment,{children:[(0,U.jsx)(`span`,{className:q.name,children:e}),(0,U.jsxs)(`span`,{className:q.note,children:[(0,U.jsxs)(`code`,{children:[t,`…`]}),n&&` takes ids of keys`]})]})},{id:`role`,header:`Role`,cell:({role:e})=>E[e].name},{id:`status`,header:`Status`,cell:e=>(0,U.jsx)($,{token:e})},{id:`member`,header:`Bound to`,wideOnly:!0,cell:({member:e})=>e?e.name??e.email:(0,U.jsx)(x,{label:`nobody`})},{id:`createdBy`,header:`Created by`,wideOnly:!0,cell:({createdBy:e})=>(0,U.jsx)(ee,{member:e})},{id:`created`,header:`Created`,wideOnly:!0,cell:({createdAt:e})=>(0,U.jsx)(b,{at:e})},{id:`expires`,header:`Expires`,wideOnly:!0,cell:({expiresAt:e})=>e?(0,U.jsx)(b,{at:e}):(0,U.jsx)(x,{label:`never`})}];if(!e)return r;let i=e=>H(e,new Date)!==`REVOKED`&&(e.role!==`OWNER`||t);return[...r,{id:`actions`,header:`Actions`,headerHidden:!0,align:`right`,cell:e=>i(e)&&(0,U.jsx)(o,{small:!0,variant:`quiet`,"aria-label":`Revoke ${e.name}`,onClick:()=>n({what:`revoke`,token:e}),children:`Revoke`})}]}function $({token:e}){switch(H(e,new Date)){case`ACTIVE`:return(0,U.jsx)(w,{tone:`good`,children:`Active`});case`EXPIRED`:return(0,U.jsx)(w,{tone:`neutral`,children:`Expired`});case`REVOKED`:return(0,U.jsx)(w,{tone:`neutral`,children:`Revoked`})}}function ee({member:e}){return e?(0,U.jsxs)(U.Fragment,{children:[e.name??e.email,e.removedAt&&(0,U.jsx)(`span`,{className:q.removed,children:` removed`})]}):(0,U.jsx)(x,{label:`the operator, or nobody who is known`})}export{Z as TokensPage};