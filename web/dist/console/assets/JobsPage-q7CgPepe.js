import{V as e,i as t,tt as n,z as r}from"./urql.es-COUOrkb-.js";import{z as i}from"./console-C8u3Y2rL.js";import{t as a}from"./DataTable-CSMLG6Bx.js";import{a as o,n as s,r as c,t as l}from"./Empty-qsr1XmzY.js";import{i as u,r as d,t as f}from"./Format-DH0rlt1J.js";import{t as p}from"./Status-DeDv7c6X.js";var m=s(`
  query JobsPage {
    jobs {
      name
      queue
      schedule
      nextRunAt
      lastSucceededAt
      runs
      failures
      lastRun {
        state
        startedAt
        finishedAt
        error
      }
    }
  }
`),h={name:`_name_aeowy_1`,schedule:`_schedule_aeowy_5`,error:`_error_aeowy_10`,run:`_run_aeowy_17`,when:`_when_aeowy_22`},g=n(),_={RUNNING:{name:`Running`,tone:`neutral`},SUCCEEDED:{name:`Succeeded`,tone:`good`},FAILED:{name:`Failed`,tone:`danger`},INTERRUPTED:{name:`Interrupted`,tone:`warning`}},v=[{id:`name`,header:`Job`,grow:!0,sortValue:({name:e})=>e,cell:({name:e,schedule:t,lastRun:n})=>(0,g.jsxs)(g.Fragment,{children:[(0,g.jsx)(`code`,{className:h.name,children:e}),(0,g.jsx)(`span`,{className:h.schedule,children:t}),n?.error&&(0,g.jsx)(`span`,{className:h.error,children:n.error})]})},{id:`state`,header:`Last run`,sortValue:({lastRun:e})=>e?.state??``,cell:({lastRun:e})=>(0,g.jsx)(y,{run:e})},{id:`success`,header:`Last success`,sortValue:({lastSucceededAt:e})=>e??``,cell:({lastSucceededAt:e})=>e?(0,g.jsx)(u,{at:e}):(0,g.jsx)(d,{label:`never`})},{id:`next`,header:`Next run`,sortValue:({nextRunAt:e})=>e,cell:({nextRunAt:e})=>(0,g.jsx)(u,{at:e})},{id:`runs`,header:`Runs`,align:`right`,sortValue:({runs:e})=>e,cell:({runs:e})=>(0,g.jsx)(f,{value:e})},{id:`failures`,header:`Failures`,align:`right`,sortValue:({failures:e})=>e,cell:({failures:e})=>(0,g.jsx)(f,{value:e})},{id:`queue`,header:`Queue`,wideOnly:!0,cell:({queue:e})=>e}];function y({run:e}){if(!e)return(0,g.jsx)(d,{label:`none yet`});let{name:t,tone:n}=_[e.state];return(0,g.jsxs)(`span`,{className:h.run,children:[(0,g.jsx)(p,{tone:n,children:t}),(0,g.jsx)(`span`,{className:h.when,children:(0,g.jsx)(u,{at:e.startedAt})})]})}function b(){let{can:n}=i(),[{data:s,error:u,stale:d},f]=t({query:m,pause:!n.operate});return n.operate?(0,g.jsxs)(o,{title:`Jobs`,lead:(0,g.jsxs)(g.Fragment,{children:[`The periodic jobs of the workers. `,(0,g.jsx)(`a`,{href:`/jobs`,children:`River UI`}),` shows each run; it asks for the root token as its password.`]}),children:[(0,g.jsx)(e,{children:(0,g.jsx)(`p`,{children:`Decisions and resets wait for no job: with every worker stopped, mail and history wait, and catch up.`})}),(0,g.jsx)(r,{title:`The jobs could not be read.`,error:u,onRetry:()=>f({requestPolicy:`network-only`})}),(0,g.jsx)(c,{flush:!0,children:(0,g.jsx)(a,{label:`Jobs`,columns:v,rows:s?.jobs??void 0,rowKey:({name:e})=>e,stale:d,empty:(0,g.jsxs)(l,{title:`No job has run`,children:[`Start a worker: `,(0,g.jsx)(`code`,{children:`bursar work`}),`.`]})})})]}):(0,g.jsx)(o,{title:`Jobs`,children:(0,g.jsx)(l,{title:`Jobs are the operator’s`,children:`They belong to the instance, not to an organization.`})})}export{b as JobsPage};