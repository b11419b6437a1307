/** The header in which people of several organizations say which one they mean; the server ignores it for access tokens. */
export const organizationHeader = "Bursar-Organization";

/** Whether an error says that the organization of the header is not one of the person's, or not any more. */
export const isAboutOrganization = (extensions: Record<string, unknown> | undefined): boolean =>
  extensions?.code === "NOT_FOUND" && extensions.field === organizationHeader;
