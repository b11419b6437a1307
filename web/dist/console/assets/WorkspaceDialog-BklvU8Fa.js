import{G as e,H as t,U as n,V as r,X as i,_t as a,r as o,tt as s,yt as c,z as l}from"./urql.es-COUOrkb-.js";import{n as u}from"./useNavigate-DMREyCCy.js";import{n as d}from"./Empty-qsr1XmzY.js";import{U as f,W as p,t as m,z as h}from"./console-C8u3Y2rL.js";import{o as g,s as _}from"./Inputs-DVYG2Mnz.js";import{t as v}from"./requestId-DMbUeAel.js";d(`
  fragment WorkspaceFields on Workspace {
    id
    name
    slug
    version
    createdAt
    updatedAt
    deletedAt
  }
`);var y=d(`
  query WorkspacesPage($organization: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    node(id: $organization) {
      __typename
      ... on Organization {
        id
        workspaces(first: $first, after: $after, last: $last, before: $before) {
          totalCount
          nodes {
            ...WorkspaceFields
            budgetLimits {
              id
              type
              amount
              used
              reserved
              remaining
              periodicReset
              periodEnd
              exhausted
            }
            rateLimits {
              id
            }
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
`),b=d(`
  query WorkspaceSpend($filter: UsageFilter!) {
    usage(filter: $filter, interval: MONTH, groupBy: [WORKSPACE], top: 100, orderBy: COST) {
      series {
        others
        dimensions {
          dimension
          value
        }
        total {
          requests
          tokens
          cost
        }
      }
    }
  }
`),x=d(`
  mutation CreateWorkspace($input: CreateWorkspaceInput!) {
    createWorkspace(input: $input) {
      replayed
      workspace {
        ...WorkspaceFields
      }
    }
  }
`),S=d(`
  mutation UpdateWorkspace($input: UpdateWorkspaceInput!) {
    updateWorkspace(input: $input) {
      workspace {
        ...WorkspaceFields
      }
    }
  }
`),C=d(`
  mutation DeleteWorkspace($input: DeleteWorkspaceInput!) {
    deleteWorkspace(input: $input) {
      deletedId
    }
  }
`),w=d(`
  query WorkspaceById($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Workspace {
        ...WorkspaceFields
        ...SubjectLimits
      }
    }
  }
`),T=s();function E({workspace:e,onClose:t,onDeleted:a}){let s=m(),[{error:c,fetching:u},d]=o(C),p=async()=>{let{data:n}=await d({input:{id:e.id}});n?.deleteWorkspace&&(s(`${e.name} is deleted.`),t(),a?.())};return(0,T.jsx)(f,{title:`Delete ${e.name}?`,description:`Its limits and recipients are deleted. Usage, alerts, the audit log and its revoked keys stay.`,confirm:`Delete workspace`,danger:!0,pending:u,onConfirm:()=>void p(),onClose:t,children:n(c,`CONFLICT`)?(0,T.jsx)(r,{tone:`warning`,title:`It still owns API keys`,children:(0,T.jsxs)(`p`,{children:[c?.graphQLErrors[0]?.message,` `,(0,T.jsx)(i,{to:`/keys`,search:{owner:e.id},children:`Show its keys`})]})}):(0,T.jsx)(l,{title:`The workspace could not be deleted.`,error:c})})}var D=c(a(),1);function O({workspace:i,onClose:a}){let{organization:s}=h(),c=u(),d=m(),[f,y]=(0,D.useState)(i?.name??``),[b,C]=(0,D.useState)(i?.slug??``),[w]=(0,D.useState)(()=>v()),[E,O]=o(x),[k,A]=o(S),{error:j,fetching:M}=i?k:E,N=t(j);return(0,T.jsxs)(p,{title:i?`Rename ${i.name}`:`New workspace`,description:i?void 0:`It begins without keys and limits.`,onClose:a,onSubmit:async()=>{if(i){let{data:e}=await A({input:{id:i.id,expectedVersion:i.version,name:f,slug:b}});if(!e?.updateWorkspace)return;d(`${f} is saved.`),a()}else{let{data:e}=await O({input:{organizationId:s.id,name:f,slug:b===``?null:b,requestId:w}});if(!e?.createWorkspace)return;d(`${f} is created.`),a(),await c({to:`/workspaces/$workspaceId`,params:{workspaceId:e.createWorkspace.workspace.id}})}},actions:(0,T.jsxs)(T.Fragment,{children:[(0,T.jsx)(e,{onClick:a,children:`Cancel`}),(0,T.jsx)(e,{type:`submit`,variant:`primary`,pending:M,children:i?`Save`:`Create workspace`})]}),children:[(0,T.jsx)(_,{label:`Name`,required:!0,error:N.name,children:(0,T.jsx)(g,{value:f,autoFocus:!0,autoComplete:`off`,onChange:e=>y(e.target.value)})}),(0,T.jsx)(_,{label:`Slug`,required:i!==void 0,error:N.slug,hint:`Lower-case letters, digits and hyphens.${i?``:` Made from the name when left empty.`}`,children:(0,T.jsx)(g,{value:b,autoComplete:`off`,spellCheck:!1,onChange:e=>C(e.target.value)})}),i&&n(j,`CONFLICT`)&&N.slug===void 0?(0,T.jsx)(r,{tone:`warning`,title:`Somebody else has changed this workspace`,children:(0,T.jsx)(`p`,{children:`Close this dialog to see what it is now, and change it again if you still want to.`})}):(0,T.jsx)(l,{title:`The workspace could not be saved.`,error:j,shownFields:[`name`,`slug`]})]})}export{y as a,b as i,E as n,w as r,O as t};