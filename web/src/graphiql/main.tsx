import "graphiql/setup-workers/vite";
// GraphiQL's styles piece by piece: its own bundle of them repeats Monaco's and brings half a megabyte of fonts.
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./graphiql.css";

import { createRoot } from "react-dom/client";
import { App } from "./App";

const root = document.getElementById("root");
if (root === null) throw new Error("graphiql/index.html lacks the element with the id root");
createRoot(root).render(<App />);
