import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { router } from "./app/routes";
import { SessionProvider } from "./app/SessionProvider";
import { applyTheme } from "./app/theme";
import { ToastProvider } from "./ui/Toast";
import "./tokens.css";
import "./base.css";

applyTheme();
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <SessionProvider>
      <ToastProvider>
        <RouterProvider router={router} />
      </ToastProvider>
    </SessionProvider>
  </StrictMode>,
);
