/** Where the identity provider sends people back to. */
export const signInPath = "/sign-in";
